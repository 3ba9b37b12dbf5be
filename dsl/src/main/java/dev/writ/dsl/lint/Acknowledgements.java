package dev.writ.dsl.lint;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Findings that an author knows of: `// writ: allow L0805 because …`, on a line of its own
/// directly above the line of the finding. Several, and other comments, may stand there.
final class Acknowledgements {
    private static final String MARK = "// writ: allow ";
    private static final String BECAUSE = "because";

    /// What stands where the author has yet to write the reason.
    private static final Set<String> NO_REASON = Set.of("", "…", "...");

    private final List<Acknowledgement> all = new ArrayList<>();

    private Acknowledgements() {}

    /// @param line of what it speaks of
    private record Acknowledgement(Span span, String code, boolean reason, int line) {}

    static Acknowledgements of(Source source) {
        Acknowledgements acknowledgements = new Acknowledgements();
        int at = source.text().indexOf(MARK);
        while (at >= 0) {
            int line = source.line(at);
            String text = source.lineText(line);
            int start = source.lineStart(line) + text.length() - text.stripLeading().length();
            if (at == start) {
                String stripped = text.strip();
                acknowledgements.all.add(
                        read(
                                new Span(source, at, at + stripped.length()),
                                stripped.substring(MARK.length()).strip(),
                                below(source, line)));
            }
            at = source.text().indexOf(MARK, at + 1);
        }
        return acknowledgements;
    }

    /// @param rest what stands behind the mark
    private static Acknowledgement read(Span span, String rest, int line) {
        int space = rest.indexOf(' ');
        String code = space < 0 ? rest : rest.substring(0, space);
        String why = space < 0 ? "" : rest.substring(space).strip();
        boolean reason =
                why.startsWith(BECAUSE)
                        && !NO_REASON.contains(why.substring(BECAUSE.length()).strip());
        return new Acknowledgement(span, code, reason, line);
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
    ///
    /// @param complete whether there could be no finding but these
    List<Diagnostic> apply(List<Diagnostic> found, boolean complete) {
        List<Diagnostic> told = new ArrayList<>(found);
        List<Diagnostic> more = new ArrayList<>();
        for (Acknowledgement each : all) {
            boolean hides = told.removeIf(finding -> covers(each, finding));
            if (!each.reason()) {
                more.add(withoutReason(each));
            } else if (!hides && complete) {
                more.add(hidesNothing(each));
            }
        }
        told.replaceAll(Acknowledgements::acknowledgeable);
        told.addAll(more);
        return told;
    }

    private static Diagnostic withoutReason(Acknowledgement acknowledgement) {
        return Diagnostic.of(
                        DiagnosticCode.ALLOWED_WITHOUT_REASON,
                        acknowledgement.span(),
                        "this acknowledgement has no reason")
                .at("why is it right here?")
                .hint("Write `%s`.".formatted(written(acknowledgement.code())));
    }

    private static Diagnostic hidesNothing(Acknowledgement acknowledgement) {
        return Diagnostic.of(
                        DiagnosticCode.ALLOWS_NOTHING,
                        acknowledgement.span(),
                        "this acknowledgement hides nothing")
                .at("there is no %s in the line below".formatted(acknowledgement.code()))
                .hint("Remove it, or put it directly above what it speaks of.")
                .fixByRemoving(acknowledgement.span());
    }

    /// Returns a finding with the fix that puts its acknowledgement above it. Until the author
    /// has written the reason, that is a finding itself.
    private static Diagnostic acknowledgeable(Diagnostic finding) {
        Span span = finding.primary().span();
        Source source = span.source();
        String line = source.lineText(span.line());
        String indentation = line.substring(0, line.length() - line.stripLeading().length());
        int start = source.lineStart(span.line());
        return finding.fix(
                "Acknowledge %s with a reason…".formatted(finding.code().id()),
                new Span(source, start, start),
                indentation + written(finding.code().id()) + "\n");
    }

    private static String written(String code) {
        return MARK + code + " " + BECAUSE + " …";
    }

    private static boolean covers(Acknowledgement acknowledgement, Diagnostic finding) {
        return finding.code().id().equals(acknowledgement.code())
                && finding.primary().span().line() == acknowledgement.line();
    }
}
