package dev.writ.cli.importing;

import java.util.Collection;

/// What all importers write of routes.
final class Routes {
    private Routes() {}

    /// Returns ` as "…", …`; empty without further names.
    static String as(Collection<String> aliases) {
        return aliases.isEmpty()
                ? ""
                : " as " + String.join(", ", aliases.stream().map(PolicyDraft::quoted).toList());
    }
}
