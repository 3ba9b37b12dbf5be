package dev.writ.engine.testing;

import dev.writ.dsl.source.Span;

/// A meaning of a policy that a test can try.
///
/// @param number its place in the policy's points
/// @param missing what to say where no test tries it
public record CoveragePoint(int number, Kind kind, Span span, String missing) {
    /// What it is about.
    public enum Kind {
        RULE("rules"),
        ARM("arms"),
        GRANT("grants"),
        /// Fallbacks and canaries.
        POOL("pools"),
        ATOM("conditions");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        /// Returns the head of its column.
        public String word() {
            return word;
        }
    }

    /// Returns `file:line`.
    public String place() {
        return TestFailure.place(span);
    }
}
