package dev.writ.engine.testing;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.policy.PolicyTest;
import dev.writ.dsl.source.Span;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An expectation that was not met.
///
/// @param at the expectation
/// @param request which of the test's requests it was; empty where there is one only
/// @param headline what was expected and what came, in one line
/// @param because why it came so, line by line, with the conditions that decided it drawn
/// @param explanation everything that the request was asked, for people
public record TestFailure(
        PolicyTest test,
        Span at,
        String request,
        String headline,
        List<String> because,
        String explanation) {
    public TestFailure {
        because = List.copyOf(because);
    }

    /// Returns the failure as what keeps a policy from being served.
    public Diagnostic diagnostic() {
        Diagnostic diagnostic =
                Diagnostic.of(
                                DiagnosticCode.TEST_FAILED,
                                at,
                                "test `%s` fails: %s".formatted(test.name(), headline))
                        .at(request.isEmpty() ? "not so" : "not so, " + request);
        if (!because.isEmpty()) {
            diagnostic = diagnostic.note(String.join("\n", because));
        }
        return diagnostic.hint(
                "Run `writ test` and change the policy, or the test if it is the one that is"
                        + " wrong.");
    }

    /// Returns where it stands: `file:line`.
    public String place() {
        return place(at);
    }

    static String place(@Nullable Span span) {
        return span == null ? "" : span.source().path() + ":" + span.line();
    }
}
