package dev.writ.dsl.check;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.diagnostic.Edit;
import dev.writ.dsl.source.Span;
import java.util.HashMap;
import java.util.Map;

/// The properties of one declaration that may stand once.
final class Once {
    private final Map<String, Span> seen = new HashMap<>();
    private final Report report;

    Once(Report report) {
        this.report = report;
    }

    /// Tells whether the property is the first of its name, and reports it if it is not.
    boolean first(String property, Span span) {
        Span before = seen.putIfAbsent(property, span);
        if (before == null) {
            return true;
        }
        report.add(
                Diagnostic.of(
                                DiagnosticCode.PROPERTY_TWICE,
                                span,
                                "`%s` stands twice".formatted(property))
                        .at("again here")
                        .because(before, "first here")
                        .hint("Keep one of them.")
                        .fix("Remove this one", Edit.remove(span)));
        return false;
    }
}
