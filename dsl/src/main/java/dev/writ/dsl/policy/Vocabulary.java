package dev.writ.dsl.policy;

import java.util.List;
import java.util.Set;

/// The words of the closed world that other modules bring: the checker knows them by name only.
///
/// The server fills it from what it can really do.
public record Vocabulary(List<ProviderKind> providerKinds) {
    public Vocabulary {
        providerKinds = List.copyOf(providerKinds);
    }

    /// A way to speak to a provider.
    ///
    /// @param name how policies write it
    /// @param needsUrl there is no address of its own
    /// @param needsKey it answers nobody without a key
    /// @param versioned it takes an `api-version`
    /// @param simulated it takes the properties of simulations
    /// @param causes the failures that it can report
    public record ProviderKind(
            String name,
            boolean needsUrl,
            boolean needsKey,
            boolean versioned,
            boolean simulated,
            Set<Cause> causes) {
        public ProviderKind {
            causes = Set.copyOf(causes);
        }
    }
}
