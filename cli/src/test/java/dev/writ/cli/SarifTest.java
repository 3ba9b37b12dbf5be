package dev.writ.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.Span;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The exact SARIF that code hosts read.
final class SarifTest {
    private static final Source SOURCE = new Source("team ä.writ", "ä😀 one\ntwo\n");

    @Test
    void writesRulesResultsAndPlaces() throws IOException {
        Diagnostic error =
                Diagnostic.of(DiagnosticCode.UNKNOWN_NAME, new Span(SOURCE, 4, 7), "no `one`")
                        .at("not declared")
                        .because(new Span(SOURCE, 8, 11), "looked for here")
                        .note("a note")
                        .hint("Declare it.");
        Diagnostic warning =
                Diagnostic.of(DiagnosticCode.UNUSED_DECLARATION, new Span(SOURCE, 4, 11), "unused");
        assertEquals(
                """
                {"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0",\
                "runs":[{"tool":{"driver":{"name":"Writ","version":"1","rules":[\
                {"id":"E0102","help":{"text":"See docs/reference/diagnostics/E0102.md"}},\
                {"id":"W0110","help":{"text":"See docs/reference/diagnostics/W0110.md"}}]}},\
                "columnKind":"unicodeCodePoints","results":[\
                {"ruleId":"W0110","ruleIndex":1,"level":"warning","message":{"text":"unused"},\
                "locations":[{"physicalLocation":{\
                "artifactLocation":{"uri":"policies/team%20%C3%A4.writ"},\
                "region":{"startLine":1,"startColumn":4,"endLine":2,"endColumn":4}}}],\
                "relatedLocations":[]},\
                {"ruleId":"E0102","ruleIndex":0,"level":"error",\
                "message":{"text":"no `one`: not declared\\na note\\nhint: Declare it."},\
                "locations":[{"physicalLocation":{\
                "artifactLocation":{"uri":"policies/team%20%C3%A4.writ"},\
                "region":{"startLine":1,"startColumn":4,"endLine":1,"endColumn":7}}}],\
                "relatedLocations":[{"physicalLocation":{\
                "artifactLocation":{"uri":"policies/team%20%C3%A4.writ"},\
                "region":{"startLine":2,"startColumn":1,"endLine":2,"endColumn":4}},\
                "message":{"text":"looked for here"}}]}]}]}""",
                sarif("policies/", List.of(warning, error)));
    }

    @Test
    void writesARunWithoutResults() throws IOException {
        assertEquals(
                """
                {"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0",\
                "runs":[{"tool":{"driver":{"name":"Writ","version":"1","rules":[]}},\
                "columnKind":"unicodeCodePoints","results":[]}]}""",
                sarif("", List.of()));
    }

    private static String sarif(String prefix, List<Diagnostic> diagnostics) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            Sarif.write(json, "1", prefix, diagnostics);
        }
        return text.toString();
    }
}
