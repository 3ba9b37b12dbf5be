package dev.writ.dsl.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.dsl.diagnostic.Diagnostic;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Keys in policy files are found, and never shown again.
///
/// The keys are put together here, so that nobody who looks for keys finds this file.
final class CredentialsTest {
    private static final String SOLID = "a1".repeat(20);

    static Stream<String> keys() {
        return Stream.of(
                "sk-" + SOLID,
                "sk-proj-" + SOLID,
                "sk-ant-api03-" + SOLID + "_x-y",
                "AKIA" + "A1".repeat(8),
                "ASIA" + "A1".repeat(8),
                "ghp_" + SOLID,
                "gho_" + SOLID,
                "ghs_" + SOLID,
                "github_pat_" + SOLID,
                "glpat-" + SOLID,
                "gsk_" + SOLID,
                "hf_" + SOLID,
                "xoxb-" + "1".repeat(12) + "-" + SOLID,
                "xoxp-" + "1".repeat(12) + "-" + SOLID,
                "AIza" + SOLID,
                "Bearer " + SOLID,
                "bearer " + SOLID);
    }

    @ParameterizedTest
    @MethodSource("keys")
    void aKeyIsFoundInCommentsTextsAndNames(String key) {
        for (String place :
                List.of(
                        "// %s",
                        "/* old: %s. */",
                        "rule r on request when request.stream tag \"%s\"",
                        "rule r on request when request.stream deny \"Use %s instead.\"")) {
            Diagnostic found = Checked.only(Checked.BASE + place.formatted(key));
            assertEquals("E0302", found.code().id());
            assertEquals(key, found.primary().span().text());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sk-short1",
                "sk-a-long-name-of-words-with-dashes-2",
                "task-SOLID",
                "ask-SOLID",
                "AKIA-is-how-they-begin",
                "ghp_short1",
                "hf_transformers_model_name_v2_large_uncased",
                "Bearer token",
                "bearer of the 1st of many news",
                "xoxb",
                "AIzawa",
                "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                "sk-SAME",
            })
    void whatOnlyBeginsLikeAKeyIsNone(String text) {
        String line = text.replace("SOLID", SOLID).replace("SAME", "a".repeat(40));
        assertEquals(List.of(), Checked.toldOf("// " + line));
    }

    @Test
    void aPrivateKeyIsHiddenToItsEnd() {
        String pem =
                "-----BEGIN RSA PRIVATE KEY-----\nMIIEow1234\nIBAAKC5678\n-----END RSA PRIVATE KEY-----";
        Diagnostic found = Checked.only(Checked.BASE + "/*\n" + pem + "\n*/");
        assertEquals("E0302", found.code().id());
        assertEquals(pem, found.primary().span().text());
        assertEquals(
                List.of("E0302"),
                Checked.ids(
                        Checked.check(Checked.BASE + "/*\n-----BEGIN PRIVATE KEY-----\nMIIE\n*/")));
        assertEquals(
                List.of(),
                Checked.toldOf(
                        "// -----BEGIN PUBLIC KEY-----\n// -----BEGIN \n// PRIVATE KEY-----"));
    }

    @Test
    void everyKeyOfAFileIsFound() {
        String one = "sk-" + SOLID;
        String two = "sk-" + "b2".repeat(20);
        assertEquals(
                List.of("E0302 " + one, "E0302 " + two, "E0302 " + one),
                Checked.toldOf("// %1$s %2$s\n// %1$s".formatted(one, two)));
    }

    static Stream<String> policiesWithASecret() {
        String secret = "sk-" + SOLID;
        return Stream.of(
                        "// SECRET",
                        "secret KEY = \"SECRET\"",
                        "secret KEY = \"SECRET\" team t { stay in SECRET }",
                        "team t { key k \"SECRET\" }",
                        "team t { key k sha256 \"SECRET\" }",
                        "team t { key k sha256 \"SECRET\" for nobody }",
                        "team t { key `SECRET` \"SECRET\" }",
                        "provider p { kind openai  key `SECRET`  timeout 1s }",
                        "provider p { kind simulated  url \"https://SECRET@h\" }",
                        "provider p { kind simulated  url \"https://h?k=SECRET\" }",
                        "rule r on request when request.header(\"SECRET\") is \"SECRET\" tag \"SECRET\"",
                        "rule r on request when `SECRET` is \"SECRET\" deny 99 \"SECRET\"",
                        "rule r on request when team is \"SECRET\" deny",
                        "rule r on request when request.model matches \"(SECRET\" deny",
                        "route r as \"SECRET\", \"SECRET\" { a otherwise -> `SECRET` }",
                        "use \"SECRET\"")
                .map(text -> text.replace("SECRET", secret));
    }

    @ParameterizedTest
    @MethodSource("policiesWithASecret")
    void noMessageShowsASecret(String declaration) {
        CheckResult result =
                Checked.check(Checked.BASE.replaceFirst("\n", "\n" + declaration + "\n"));
        assertFalse(Checked.errors(result).isEmpty());
        for (Diagnostic diagnostic : result.diagnostics()) {
            String shown = shown(diagnostic);
            assertFalse(shown.contains(SOLID), shown);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "secret KEY = \"hush\"",
                "secret KEY = \"a\\\"hush\\\"b\"",
                "team t { key k \"hush\" }",
                "team t { key k sha256 \"hush\" for nobody }",
                "provider p { kind simulated  url \"https://u:hush@h\" }",
                "provider p { kind simulated  url \"u:hu sh hush@h\" }",
            })
    void aValueThatLooksLikeNothingIsHiddenTooWhereASecretStands(String declaration) {
        CheckResult result = Checked.check(Checked.BASE + declaration);
        assertFalse(Checked.errors(result).isEmpty());
        for (Diagnostic diagnostic : result.diagnostics()) {
            assertFalse(shown(diagnostic).contains("hush"), () -> shown(diagnostic));
        }
        assertTrue(result.diagnostics().stream().anyMatch(d -> shown(d).contains("•")));
    }

    /// Returns everything of a diagnostic that a rendering can show.
    private static String shown(Diagnostic diagnostic) {
        StringBuilder shown = new StringBuilder(diagnostic.headline());
        Stream.concat(Stream.of(diagnostic.primary()), diagnostic.because().stream())
                .forEach(
                        label -> {
                            shown.append('\n').append(label.text());
                            int last = label.span().source().lineCount();
                            for (int line = 1; line <= last; line++) {
                                shown.append('\n')
                                        .append(diagnostic.lineText(label.span().source(), line));
                            }
                        });
        diagnostic.notes().forEach(note -> shown.append('\n').append(note));
        diagnostic.hints().forEach(hint -> shown.append('\n').append(hint));
        return shown.toString();
    }
}
