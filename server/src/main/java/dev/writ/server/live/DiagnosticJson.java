package dev.writ.server.live;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.Edit;
import dev.writ.dsl.diagnostic.Fix;
import dev.writ.dsl.source.Span;
import java.io.IOException;
import java.util.List;

/// Diagnostics as JSON, the same in `writ check --format json` and in the status of a gateway.
public final class DiagnosticJson {
    private DiagnosticJson() {}

    /// Writes an array of objects.
    public static void write(JsonGenerator json, List<Diagnostic> diagnostics) throws IOException {
        json.writeStartArray();
        for (Diagnostic diagnostic : diagnostics) {
            json.writeStartObject();
            json.writeStringField("severity", diagnostic.code().severity().word());
            json.writeStringField("code", diagnostic.code().id());
            json.writeStringField("message", diagnostic.headline());
            label(json, diagnostic.primary());
            json.writeArrayFieldStart("because");
            for (Diagnostic.Label because : diagnostic.because()) {
                json.writeStartObject();
                label(json, because);
                json.writeEndObject();
            }
            json.writeEndArray();
            texts(json, "notes", diagnostic.notes());
            texts(json, "hints", diagnostic.hints());
            fixes(json, diagnostic.fixes());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /// Writes an array of texts as a field.
    static void texts(JsonGenerator json, String field, List<String> texts) throws IOException {
        json.writeArrayFieldStart(field);
        for (String text : texts) {
            json.writeString(text);
        }
        json.writeEndArray();
    }

    private static void fixes(JsonGenerator json, List<Fix> fixes) throws IOException {
        json.writeArrayFieldStart("fixes");
        for (Fix fix : fixes) {
            json.writeStartObject();
            json.writeStringField("title", fix.title());
            json.writeBooleanField("automatic", fix.automatic());
            json.writeArrayFieldStart("edits");
            for (Edit edit : fix.edits()) {
                json.writeStartObject();
                span(json, edit.span());
                json.writeStringField("text", edit.text());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void label(JsonGenerator json, Diagnostic.Label label) throws IOException {
        span(json, label.span());
        json.writeStringField("label", label.text());
    }

    private static void span(JsonGenerator json, Span span) throws IOException {
        json.writeStringField("path", span.source().path());
        json.writeNumberField("line", span.line());
        json.writeNumberField("column", span.column());
        json.writeNumberField("end_line", span.source().line(span.end()));
        json.writeNumberField("end_column", span.source().column(span.end()));
    }
}
