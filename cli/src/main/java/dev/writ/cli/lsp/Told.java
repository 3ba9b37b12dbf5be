package dev.writ.cli.lsp;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.lsp4j.Diagnostic;
import org.eclipse.lsp4j.PublishDiagnosticsParams;
import org.eclipse.lsp4j.services.LanguageClient;
import org.jspecify.annotations.Nullable;

/// What the editor was told last of each document, so that it is told news only. One thread.
final class Told {
    private final Map<String, Published> published = new HashMap<>();

    /// @param version null for a document that is not open
    private record Published(@Nullable Integer version, List<Diagnostic> list) {}

    /// Tells what is wrong with a document, unless it was told the same of the same version.
    ///
    /// @param version null for a document that is not open
    void tell(
            @Nullable LanguageClient client,
            String uri,
            @Nullable Integer version,
            List<Diagnostic> list) {
        Published next = new Published(version, list);
        Published before = published.put(uri, next);
        boolean news = before == null ? version != null || !list.isEmpty() : !before.equals(next);
        if (news && client != null) {
            client.publishDiagnostics(new PublishDiagnosticsParams(uri, list, version));
        }
    }

    /// Takes back what was told of all documents but some.
    void forgetAllBut(Set<String> uris, @Nullable LanguageClient client) {
        for (String uri : List.copyOf(published.keySet())) {
            if (!uris.contains(uri)) {
                tell(client, uri, null, List.of());
                published.remove(uri);
            }
        }
    }
}
