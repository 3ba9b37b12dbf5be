package dev.writ.dsl.syntax;

import dev.writ.dsl.source.Span;
import java.util.List;

/// What stands between the braces of a test, as written.
public sealed interface TestLine {
    Span span();

    /// `given fact, …`: holds for every request of the test.
    record Given(Span span, List<TestFact> facts) implements TestLine {
        public Given {
            facts = List.copyOf(facts);
        }
    }

    /// `expect outcome, …`: must come of every request of the test.
    record Expect(Span span, List<TestOutcome> outcomes) implements TestLine {
        public Expect {
            outcomes = List.copyOf(outcomes);
        }
    }

    /// `case fact, … => outcome, …`: a request that knows nothing of the others.
    record Case(Span span, List<TestFact> facts, List<TestOutcome> outcomes) implements TestLine {
        public Case {
            facts = List.copyOf(facts);
            outcomes = List.copyOf(outcomes);
        }
    }

    /// `step fact, … => outcome, …`: a request that comes after those of the steps before.
    record Step(Span span, List<TestFact> facts, List<TestOutcome> outcomes) implements TestLine {
        public Step {
            facts = List.copyOf(facts);
            outcomes = List.copyOf(outcomes);
        }
    }

    /// A line that cannot be read; the parser has said so.
    record Unknown(Span span, Name keyword) implements TestLine {}
}
