package dev.writ.dsl.lint;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.Span;
import java.util.ArrayList;
import java.util.List;

/// Findings that an author knows of: `// writ: allow L0801 because …`, on a line of its own
/// directly above the line of the finding. Several, and other comments, may stand there.
final class Acknowledgements {
    private static final String MARK = "// writ: allow ";
    private static final String BECAUSE = "because";

    private final List<Acknowledgement> all = new ArrayList<>();

    private Acknowledgements() {}

    /// @param line of what it speaks of
    private record Acknowledgement(Span span, String code, boolean reason, int line) {}

    static Acknowledgements of(Source source) {
        Acknowledgements acknowledgements = new Acknowledgements();
        for (int line = 1; line <= source.lineCount(); line++) {
            String text = source.lineText(line);
            String stripped = text.strip();
            if (stripped.startsWith(MARK)) {
                int start = source.lineStart(line) + text.indexOf(MARK);
                String rest = stripped.substring(MARK.length()).strip();
                int space = rest.indexOf(' ');
                String code = space < 0 ? rest : rest.substring(0, space);
                String why = space < 0 ? "" : rest.substring(space).strip();
                boolean reason =
                        why.startsWith(BECAUSE) && !why.substring(BECAUSE.length()).isBlank();
                acknowledgements.all.add(
                        new Acknowledgement(
                                new Span(source, start, start + stripped.length()),
                                code,
                                reason,
                                below(source, line)));
            }
        }
        return acknowledgements;
    }

    /// Returns the first line below that is no comment.
    private static int below(Source source, int line) {
        int below = line + 1;
        while (below <= source.lineCount() && source.lineText(below).strip().startsWith("//")) {
            below++;
        }
        return below;
    }

    /// Returns the findings that nobody acknowledged, and those about acknowledgements.
    List<Lint> apply(List<Lint> found) {
        List<Lint> told = new ArrayList<>(found);
        for (Acknowledgement each : all) {
            boolean hides = told.removeIf(lint -> covers(each, lint));
            if (!each.reason()) {
                told.add(
                        Lint.of(
                                Diagnostic.of(
                                                DiagnosticCode.ALLOWED_WITHOUT_REASON,
                                                each.span(),
                                                "this acknowledgement has no reason")
                                        .at("why is it right here?")
                                        .hint(
                                                "Write `%s%s because …`."
                                                        .formatted(MARK, each.code()))));
            } else if (!hides) {
                told.add(
                        Lint.of(
                                Diagnostic.of(
                                                DiagnosticCode.ALLOWS_NOTHING,
                                                each.span(),
                                                "this acknowledgement hides nothing")
                                        .at(
                                                "there is no %s in the line below"
                                                        .formatted(each.code()))
                                        .hint(
                                                "Remove it, or put it directly above what it speaks"
                                                        + " of.")));
            }
        }
        return told;
    }

    private static boolean covers(Acknowledgement acknowledgement, Lint lint) {
        Diagnostic diagnostic = lint.diagnostic();
        return diagnostic.code().id().equals(acknowledgement.code())
                && diagnostic.primary().span().line() == acknowledgement.line();
    }
}
