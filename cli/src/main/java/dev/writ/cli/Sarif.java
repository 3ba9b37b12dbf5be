package dev.writ.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.diagnostic.Edit;
import dev.writ.dsl.diagnostic.Fix;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.Span;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Diagnostics as SARIF 2.1.0, which code hosts show beside the lines of a change.
///
/// Source: OASIS, Static Analysis Results Interchange Format Version 2.1.0, 2020.
final class Sarif {
    private Sarif() {}

    /// Writes a log with one run.
    ///
    /// @param version of Writ
    /// @param prefix what stands before the paths of the diagnostics, to make them relative to
    /// the working folder; empty or with `/` at its end
    static void write(
            JsonGenerator json, String version, String prefix, List<Diagnostic> diagnostics)
            throws IOException {
        List<DiagnosticCode> rules =
                diagnostics.stream().map(Diagnostic::code).distinct().sorted().toList();
        json.writeStartObject();
        json.writeStringField("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
        json.writeStringField("version", "2.1.0");
        json.writeArrayFieldStart("runs");
        json.writeStartObject();
        json.writeObjectFieldStart("tool");
        json.writeObjectFieldStart("driver");
        json.writeStringField("name", "Writ");
        json.writeStringField("version", version);
        json.writeArrayFieldStart("rules");
        for (DiagnosticCode rule : rules) {
            json.writeStartObject();
            json.writeStringField("id", rule.id());
            json.writeObjectFieldStart("help");
            json.writeStringField(
                    "text", "See docs/reference/diagnostics/%s.md".formatted(rule.id()));
            json.writeEndObject();
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
        json.writeEndObject();
        json.writeStringField("columnKind", "unicodeCodePoints");
        json.writeArrayFieldStart("results");
        for (Diagnostic diagnostic : diagnostics) {
            result(json, prefix, rules.indexOf(diagnostic.code()), diagnostic);
        }
        json.writeEndArray();
        json.writeEndObject();
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void result(JsonGenerator json, String prefix, int rule, Diagnostic diagnostic)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("ruleId", diagnostic.code().id());
        json.writeNumberField("ruleIndex", rule);
        json.writeStringField(
                "level",
                switch (diagnostic.code().severity()) {
                    case ERROR -> "error";
                    case WARNING -> "warning";
                    case LINT -> "note";
                });
        message(json, text(diagnostic));
        json.writeArrayFieldStart("locations");
        json.writeStartObject();
        location(json, prefix, diagnostic.primary().span());
        json.writeEndObject();
        json.writeEndArray();
        json.writeArrayFieldStart("relatedLocations");
        for (Diagnostic.Label because : diagnostic.because()) {
            json.writeStartObject();
            location(json, prefix, because.span());
            message(json, because.text());
            json.writeEndObject();
        }
        json.writeEndArray();
        if (!diagnostic.fixes().isEmpty()) {
            json.writeArrayFieldStart("fixes");
            for (Fix fix : diagnostic.fixes()) {
                fix(json, prefix, fix);
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    private static void fix(JsonGenerator json, String prefix, Fix fix) throws IOException {
        Map<Source, List<Edit>> byFile = new LinkedHashMap<>();
        for (Edit edit : fix.edits()) {
            byFile.computeIfAbsent(edit.span().source(), _ -> new ArrayList<>()).add(edit);
        }
        json.writeStartObject();
        json.writeObjectFieldStart("description");
        json.writeStringField("text", fix.title());
        json.writeEndObject();
        json.writeArrayFieldStart("artifactChanges");
        for (Map.Entry<Source, List<Edit>> file : byFile.entrySet()) {
            json.writeStartObject();
            artifact(json, prefix, file.getKey());
            json.writeArrayFieldStart("replacements");
            for (Edit edit : file.getValue()) {
                json.writeStartObject();
                region(json, "deletedRegion", edit.span());
                json.writeObjectFieldStart("insertedContent");
                json.writeStringField("text", edit.text());
                json.writeEndObject();
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static String text(Diagnostic diagnostic) {
        StringBuilder text = new StringBuilder(diagnostic.headline());
        if (!diagnostic.primary().text().isEmpty()) {
            text.append(": ").append(diagnostic.primary().text());
        }
        diagnostic.notes().forEach(note -> text.append('\n').append(note));
        diagnostic.hints().forEach(hint -> text.append("\nhint: ").append(hint));
        return text.toString();
    }

    private static void message(JsonGenerator json, String text) throws IOException {
        json.writeObjectFieldStart("message");
        json.writeStringField("text", text);
        json.writeEndObject();
    }

    private static void location(JsonGenerator json, String prefix, Span span) throws IOException {
        json.writeObjectFieldStart("physicalLocation");
        artifact(json, prefix, span.source());
        region(json, "region", span);
        json.writeEndObject();
    }

    private static void artifact(JsonGenerator json, String prefix, Source source)
            throws IOException {
        json.writeObjectFieldStart("artifactLocation");
        json.writeStringField("uri", uri(prefix + source.path()));
        json.writeEndObject();
    }

    private static void region(JsonGenerator json, String field, Span span) throws IOException {
        json.writeObjectFieldStart(field);
        json.writeNumberField("startLine", span.line());
        json.writeNumberField("startColumn", span.column());
        json.writeNumberField("endLine", span.source().line(span.end()));
        json.writeNumberField("endColumn", span.source().column(span.end()));
        json.writeEndObject();
    }

    private static String uri(String path) throws IOException {
        try {
            return new URI(null, null, path, null).toASCIIString();
        } catch (URISyntaxException e) {
            throw new IOException("%s is not a path".formatted(path), e);
        }
    }
}
