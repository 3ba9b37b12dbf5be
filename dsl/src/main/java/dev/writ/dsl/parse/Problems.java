package dev.writ.dsl.parse;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.source.Span;

/// The diagnostics about limits, which more than one reader finds.
final class Problems {
    private Problems() {}

    static Diagnostic tooDeep(Span span) {
        return Diagnostic.of(
                        DiagnosticCode.TOO_LARGE,
                        span,
                        "this is nested more than %d deep".formatted(PolicyParser.DEPTH_MAX))
                .hint("Split it into several rules or arms.");
    }
}
