package dev.writ.engine.testing;

import dev.writ.dsl.source.Span;
import java.util.List;

/// What a request of a test was asked, and what came of it.
///
/// @param at the line that sends it
/// @param request which of the test's requests it was; empty where there is one only
/// @param failures none if all is as expected
/// @param text everything that the request was asked, for people
public record TestExplanation(Span at, String request, List<TestFailure> failures, String text) {
    public TestExplanation {
        failures = List.copyOf(failures);
    }
}
