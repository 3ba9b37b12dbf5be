package dev.writ.cli.lsp;

import dev.writ.dsl.source.Source;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.lsp4j.TextDocumentContentChangeEvent;

/// The newest text and version of each document that the editor has open. Any thread.
final class OpenDocuments {
    /// Guarded by itself; by the address of the document.
    private final Map<String, Open> open = new LinkedHashMap<>();

    /// An open document; the path of its source is its address until a tree takes it.
    record Open(int version, Source source) {}

    void open(String uri, int version, String text) {
        synchronized (open) {
            open.put(uri, new Open(version, new Source(uri, text)));
        }
    }

    void change(String uri, int version, List<TextDocumentContentChangeEvent> changes) {
        synchronized (open) {
            Open before = open.get(uri);
            Source source = before == null ? new Source(uri, "") : before.source();
            for (TextDocumentContentChangeEvent change : changes) {
                source = new Source(uri, changed(source, change));
            }
            open.put(uri, new Open(version, source));
        }
    }

    private static String changed(Source source, TextDocumentContentChangeEvent change) {
        if (change.getRange() == null) {
            return change.getText();
        }
        int start = Places.offset(source, change.getRange().getStart());
        int end = Places.offset(source, change.getRange().getEnd());
        String text = source.text();
        return text.substring(0, start) + change.getText() + text.substring(Math.max(start, end));
    }

    void close(String uri) {
        synchronized (open) {
            open.remove(uri);
        }
    }

    /// Returns them as they are now, in the order in which they were opened.
    Map<String, Open> now() {
        synchronized (open) {
            return new LinkedHashMap<>(open);
        }
    }
}
