package dev.writ.engine;

import dev.writ.dsl.check.CheckResult;
import dev.writ.dsl.check.Checker;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.Vocabulary;
import dev.writ.dsl.policy.Vocabulary.ProviderKind;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.SourceTree;
import java.util.List;
import java.util.Set;

/// Policies for tests as people write them.
final class WrittenPolicy {
    private static final Vocabulary VOCABULARY =
            new Vocabulary(
                    List.of(new ProviderKind("simulated", false, false, false, true, Set.of())));

    private WrittenPolicy() {}

    /// Returns the policy of a text, or fails with what is wrong with it.
    static Policy of(String text) {
        Source source = new Source("test.writ", text);
        return switch (Checker.check(new SourceTree("test.writ", List.of(source)), VOCABULARY)) {
            case CheckResult.Usable usable -> usable.policy();
            case CheckResult.Unusable unusable ->
                    throw new AssertionError(
                            unusable.diagnostics().stream()
                                    .map(d -> d.primary().span().line() + ": " + d.headline())
                                    .toList());
        };
    }
}
