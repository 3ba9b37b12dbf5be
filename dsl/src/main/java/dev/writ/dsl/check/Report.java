package dev.writ.dsl.check;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.diagnostic.DiagnosticCode.Severity;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.Span;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Everything that one check has found so far, and what of it nobody may see.
final class Report {
    private final Map<Source, Integer> order = new HashMap<>();
    private final List<Diagnostic> found = new ArrayList<>();
    private final List<Span> secrets = new ArrayList<>();
    private final Set<DiagnosticCode> codes = EnumSet.noneOf(DiagnosticCode.class);
    private int errors;

    /// @param files in the order in which their diagnostics are to stand
    Report(List<Source> files) {
        for (Source file : files) {
            order.put(file, order.size());
        }
    }

    void add(Diagnostic diagnostic) {
        found.add(diagnostic);
        codes.add(diagnostic.code());
        if (diagnostic.code().severity() == Severity.ERROR) {
            errors++;
        }
    }

    void addAll(Collection<Diagnostic> diagnostics) {
        diagnostics.forEach(this::add);
    }

    /// Keeps the text of a span out of every message of this check.
    void hide(Span secret) {
        secrets.add(withoutQuotes(secret));
    }

    /// Tells whether a part of the span is hidden already.
    boolean hides(Span span) {
        return secrets.stream()
                .anyMatch(
                        secret ->
                                secret.source() == span.source()
                                        && secret.start() < span.end()
                                        && span.start() < secret.end());
    }

    /// Tells whether something was found inside the span.
    boolean hasAnyIn(Span span) {
        return found.stream()
                .map(diagnostic -> diagnostic.primary().span())
                .anyMatch(
                        inner ->
                                inner.source() == span.source()
                                        && inner.start() >= span.start()
                                        && inner.end() <= span.end());
    }

    boolean hasErrors() {
        return errors > 0;
    }

    /// Tells whether something was found that has one of the codes.
    boolean hasAny(Set<DiagnosticCode> any) {
        return codes.stream().anyMatch(any::contains);
    }

    /// Returns what was found, by file and position, secrets hidden; at most
    /// [Limits#DIAGNOSTICS_MAX], errors before warnings where that cuts.
    List<Diagnostic> diagnostics() {
        List<Diagnostic> kept = found;
        int left = found.size() - Limits.DIAGNOSTICS_MAX;
        if (left > 0) {
            kept = new ArrayList<>(found);
            kept.sort(
                    Comparator.comparing((Diagnostic d) -> d.code().severity())
                            .thenComparing(byPosition()));
            kept = new ArrayList<>(kept.subList(0, Limits.DIAGNOSTICS_MAX));
        }
        List<Diagnostic> shown = new ArrayList<>();
        kept.stream().sorted(byPosition()).map(d -> d.masking(secrets)).forEach(shown::add);
        if (left > 0) {
            shown.add(
                    shown.removeLast()
                            .note(String.format(Locale.ROOT, "%d more are not shown", left)));
        }
        return shown;
    }

    private Comparator<Diagnostic> byPosition() {
        return Comparator.comparingInt(
                        (Diagnostic d) -> order.getOrDefault(d.primary().span().source(), 0))
                .thenComparingInt(d -> d.primary().span().start());
    }

    private static Span withoutQuotes(Span span) {
        String text = span.text();
        boolean quoted = text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"");
        return quoted ? new Span(span.source(), span.start() + 1, span.end() - 1) : span;
    }
}
