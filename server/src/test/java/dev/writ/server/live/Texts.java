package dev.writ.server.live;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.Span;
import java.util.List;
import java.util.stream.Collectors;

/// A compiler whose policies are their own text; a text with `broken` in it is wrong.
final class Texts implements PolicyCompiler<String> {
    @Override
    public Compiled<String> compile(PolicySources sources) {
        for (Source file : sources.tree().files()) {
            int wrong = file.text().indexOf("broken");
            if (wrong >= 0) {
                Span span = new Span(file, wrong, wrong + "broken".length());
                return new Compiled.Rejected<>(
                        List.of(Diagnostic.of(DiagnosticCode.UNEXPECTED_TOKEN, span, "broken")),
                        List.of());
            }
        }
        String text =
                sources.tree().files().stream()
                        .map(f -> f.path() + "=" + f.text())
                        .collect(Collectors.joining(","));
        return new Compiled.Ready<>(text, Digests.hex(text), List.of());
    }
}
