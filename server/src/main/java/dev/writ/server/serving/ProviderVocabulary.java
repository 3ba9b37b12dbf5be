package dev.writ.server.serving;

import dev.writ.dsl.policy.Cause;
import dev.writ.dsl.policy.Vocabulary;
import dev.writ.providers.kind.ProviderKind;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// The kinds of providers that this gateway can speak to, as the checker wants to know them.
public final class ProviderVocabulary {
    /// What policies are checked against, by the gateway and by every command.
    public static final Vocabulary VOCABULARY = new Vocabulary(kinds());

    private ProviderVocabulary() {}

    private static List<Vocabulary.ProviderKind> kinds() {
        return Arrays.stream(ProviderKind.values())
                .map(
                        kind ->
                                new Vocabulary.ProviderKind(
                                        kind.word(),
                                        kind.needsUrl(),
                                        kind.needsKey(),
                                        kind.versioned(),
                                        kind.simulated(),
                                        causes(kind)))
                .toList();
    }

    /// A simulated provider is always there and knows its key.
    private static Set<Cause> causes(ProviderKind kind) {
        return kind.simulated()
                ? EnumSet.complementOf(EnumSet.of(Cause.UNREACHABLE, Cause.UNAUTHORIZED))
                : EnumSet.allOf(Cause.class);
    }
}
