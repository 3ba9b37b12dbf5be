package dev.writ.dsl.check;

import dev.writ.dsl.policy.Vocabulary;
import dev.writ.dsl.policy.Vocabulary.ProviderKind;
import dev.writ.dsl.source.Source;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One tree while it is checked: what its parts share.
record Unit(
        Vocabulary vocabulary,
        Declarations declarations,
        Map<Source, Scope> scopes,
        Labels labels,
        FactTable facts,
        CaseTable cases,
        Report report) {

    /// Returns what the file can name.
    Scope scope(Source file) {
        return Objects.requireNonNull(scopes.get(file));
    }

    /// Returns the kind of provider, or null where nobody brings it.
    @Nullable ProviderKind providerKind(String name) {
        for (ProviderKind kind : vocabulary.providerKinds()) {
            if (kind.name().equals(name)) {
                return kind;
            }
        }
        return null;
    }
}
