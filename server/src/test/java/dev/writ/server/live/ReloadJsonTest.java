package dev.writ.server.live;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.Span;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The exact JSON that scripts read.
final class ReloadJsonTest {
    @Test
    void showsWhatServesAndWhatWasRefused() throws IOException {
        Source source = new Source("a.writ", "one\ntwo three\n");
        Diagnostic diagnostic =
                Diagnostic.of(DiagnosticCode.UNKNOWN_NAME, new Span(source, 8, 13), "no `three`")
                        .at("not declared")
                        .because(new Span(source, 0, 3), "looked for here")
                        .note("a note")
                        .hint("Declare it.");
        ReloadStatus status =
                new ReloadStatus(
                        "/p/a.writ",
                        "id",
                        null,
                        Instant.EPOCH,
                        true,
                        new ReloadOutcome.Refused(
                                Instant.EPOCH.plusSeconds(1),
                                "c0ffee",
                                List.of(diagnostic),
                                List.of("no secret")),
                        1,
                        2,
                        null);
        assertEquals(
                """
                {"origin":"/p/a.writ",\
                "policy":{"id":"id","commit":null,"since":"1970-01-01T00:00:00Z",\
                "last_good":true,"up_to_date":false},\
                "swaps":1,"refusals":2,"not_kept":null,\
                "last_attempt":{"at":"1970-01-01T00:00:01Z","outcome":"refused","commit":"c0ffee",\
                "diagnostics":[{"severity":"error","code":"E0102","message":"no `three`",\
                "path":"a.writ","line":2,"column":5,"end_line":2,"end_column":10,\
                "label":"not declared",\
                "because":[{"path":"a.writ","line":1,"column":1,"end_line":1,"end_column":4,\
                "label":"looked for here"}],\
                "notes":["a note"],"hints":["Declare it."],"fixes":[]}],\
                "problems":["no secret"]}}""",
                json(status));
    }

    @Test
    void showsASwapWithItsCommit() throws IOException {
        ReloadStatus status =
                new ReloadStatus(
                        "https://git.example.org/p#main",
                        "id",
                        "c0ffee",
                        Instant.EPOCH,
                        false,
                        new ReloadOutcome.Swapped(Instant.EPOCH, "id", "c0ffee", List.of()),
                        3,
                        0,
                        "disk full");
        assertEquals(
                """
                {"origin":"https://git.example.org/p#main",\
                "policy":{"id":"id","commit":"c0ffee","since":"1970-01-01T00:00:00Z",\
                "last_good":false,"up_to_date":true},\
                "swaps":3,"refusals":0,"not_kept":"disk full",\
                "last_attempt":{"at":"1970-01-01T00:00:00Z","outcome":"swapped","policy_id":"id",\
                "commit":"c0ffee","diagnostics":[]}}""",
                json(status));
    }

    private static String json(ReloadStatus status) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.writeStartObject();
            ReloadJson.writeFields(json, status);
            json.writeEndObject();
        }
        return text.toString();
    }
}
