package dev.writ.dsl.check;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.policy.Condition;
import dev.writ.dsl.source.Span;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Parts of an `and` or an `or` that stand there twice.
final class Repeated {
    private final Report report;

    Repeated(Report report) {
        this.report = report;
    }

    /// Warns of each part that says what one before it says.
    void check(Condition condition) {
        switch (condition) {
            case Condition.Not not -> check(not.operand());
            case Condition.All all -> check(all.operands(), "and");
            case Condition.Any any -> check(any.operands(), "or");
            case Condition.Constant _,
                    Condition.LabelIn _,
                    Condition.Flag _,
                    Condition.Present _,
                    Condition.NumberCompare _,
                    Condition.TextPasses _ -> {}
        }
    }

    private void check(List<Condition> operands, String word) {
        Map<String, Span> seen = new HashMap<>();
        for (Condition operand : operands) {
            check(operand);
            Span first = seen.putIfAbsent(words(operand.span()), operand.span());
            // What the compiler adds, such as the two sides of a range, has the span of its author.
            if (first != null && !first.equals(operand.span())) {
                report.add(
                        Diagnostic.of(
                                        DiagnosticCode.SAME_CONDITION_TWICE,
                                        operand.span(),
                                        "this stands in the same `%s` already".formatted(word))
                                .at("again here")
                                .because(first, "first here")
                                .hint("Remove it, or write what was meant."));
            }
        }
    }

    /// Returns the text with one space wherever there is white space.
    private static String words(Span span) {
        String text = span.text();
        StringBuilder words = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean white = c == ' ' || c == '\n' || c == '\t' || c == '\r';
            if (!white) {
                words.append(c);
            } else if (!words.isEmpty() && words.charAt(words.length() - 1) != ' ') {
                words.append(' ');
            }
        }
        return words.toString();
    }
}
