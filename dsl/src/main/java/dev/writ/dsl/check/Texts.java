package dev.writ.dsl.check;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.syntax.Literal;
import java.util.Locale;

/// How long the texts of a policy may be.
final class Texts {
    private Texts() {}

    /// Returns the text, and reports one that is longer than [Limits#TEXT_LENGTH_MAX].
    static String text(Literal.Text literal, Report report) {
        return atMost(literal, Limits.TEXT_LENGTH_MAX, report);
    }

    /// Returns the text, and reports one that is longer than [Limits#WORD_LENGTH_MAX]: what stands
    /// in headers and metrics.
    static String word(Literal.Text literal, Report report) {
        return atMost(literal, Limits.WORD_LENGTH_MAX, report);
    }

    private static String atMost(Literal.Text literal, int max, Report report) {
        int length = literal.value().length();
        if (length > max) {
            report.add(
                    Diagnostic.of(DiagnosticCode.TOO_LARGE, literal.span(), "this text is too long")
                            .at(
                                    String.format(
                                            Locale.ROOT,
                                            "%,d characters; it may have %,d",
                                            length,
                                            max)));
        }
        return literal.value();
    }
}
