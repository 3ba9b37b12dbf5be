package dev.writ.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `writ check` on real files.
final class CheckTest {
    private static final String GOOD =
            """
            policy "p" language 1
            provider p { kind simulated }
            model m on p "m" {}
            route chat { only otherwise -> m }
            team t {
              key k sha256 "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
              may use chat
            }
            """;

    @TempDir Path temp;

    @Test
    void saysInOneLineThatAPolicyIsFine() throws IOException {
        assertEquals(new Ran(Exit.FINE, "ok: 1 file\n", ""), check(GOOD));
    }

    @Test
    void showsEveryMistakeWithTheAuthorsText() throws IOException {
        Ran ran =
                check(
                        GOOD.replace("may use chat", "may use chatt")
                                .replace("kind simulated", "kind simulatd"));
        assertEquals(Exit.POLICY, ran.exitCode());
        assertTrue(ran.out().contains("error[E0102]: unknown route `chatt`"), ran.out());
        assertTrue(ran.out().contains("Did you mean `simulated`?"), ran.out());
        assertTrue(ran.out().contains(" 7 │   may use chatt\n"), ran.out());
        assertTrue(ran.out().endsWith("2 errors, 0 warnings in 1 file\n"), ran.out());
    }

    @Test
    void takesWarningsForErrorsWhenAsked() throws IOException {
        Path file = write(GOOD + "route spare { only otherwise -> m }\n");
        Ran ran = Ran.writ("check", file.toString());
        assertEquals(Exit.FINE, ran.exitCode());
        assertTrue(ran.out().contains("warning[W0110]"), ran.out());
        assertTrue(ran.out().endsWith("0 errors, 1 warning in 1 file\n"), ran.out());
        assertEquals(Exit.POLICY, Ran.writ("check", "--strict", file.toString()).exitCode());
    }

    @Test
    void writesJsonAndSarif() throws IOException {
        Path file = write(GOOD.replace("may use chat", "may use chatt"));
        String json = Ran.writ("check", "--format", "json", file.toString()).out();
        assertTrue(json.startsWith("{\"ok\":false,\"files\":1,\"errors\":1,\"warnings\":0,"), json);
        assertTrue(json.contains("\"code\":\"E0102\""), json);
        String sarif = Ran.writ("check", "--format", "sarif", temp.toString()).out();
        assertTrue(sarif.contains("\"ruleId\":\"E0102\""), sarif);
        assertTrue(sarif.contains("p.writ\"}"), sarif);
    }

    @Test
    void tellsWhatOneRequestCanCost() throws IOException {
        Path file =
                write(
                        """
                        policy "p" language 1
                        provider p { kind simulated  timeout 5s }
                        model small on p "s" { context 100k tokens  price $1 in, $2 out per 1M tokens }
                        model large on p "l" { context 1M tokens  price $2 in, $8 out per 1M tokens }
                        model free  on p "f" { context 1M tokens }
                        pool both { 50% small  50% large  then small  retry 1 }
                        route chat { only otherwise -> pool both }
                        route plain { only otherwise -> small }
                        route unpriced { some when request.stream -> small  rest otherwise -> free }
                        team t {
                          key k sha256 "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
                          may use chat, plain, unpriced
                        }
                        rule cap on request clamp request.max_tokens to 10k
                        """);
        String out = Ran.writ("check", "--cost", file.toString()).out();
        assertTrue(
                out.endsWith(
                        """
                        at most, for one request
                          route     one answer  all attempts  model
                          chat         $2.0600       $4.3400  large  output up to 10000 tokens
                          plain        $0.1100       $0.1100  small  output up to 10000 tokens
                          unpriced    no bound      no bound  free   has no price
                        """),
                out);
        String json = Ran.writ("check", "--cost", "--format", "json", file.toString()).out();
        assertTrue(
                json.contains(
                        "\"worst_case\":[{\"route\":\"chat\",\"answer_usd\":2.06,\"attempts_usd\":4.34,\"mirror_usd\":0,"),
                json);
        String without = Ran.writ("check", file.toString()).out();
        assertEquals(out.substring(0, out.indexOf("\nat most")), without);
    }

    @Test
    void thePageAboutCostsShowsWhatTheCommandSays() throws IOException {
        Path root = Path.of(System.getProperty("writ.root", ".."));
        String out = Ran.writ("check", "--cost", root.resolve("policies/thrift").toString()).out();
        String page = Files.readString(root.resolve("docs/how-to/know-the-cost.md"));
        assertTrue(page.contains(out.substring(out.indexOf("at most"))), out);
    }

    @Test
    void tellsWhatIsNotThere() {
        Ran none = Ran.writ("check", temp.resolve("none").toString());
        assertEquals(Exit.USAGE, none.exitCode());
        assertTrue(none.err().startsWith("writ: there is no "), none.err());
        Ran empty = Ran.writ("check", temp.toString());
        assertEquals(Exit.FAILED, empty.exitCode());
        assertEquals("writ: %s has no .writ file\n".formatted(temp), empty.err());
    }

    private Ran check(String text) throws IOException {
        return Ran.writ("check", write(text).toString());
    }

    private Path write(String text) throws IOException {
        return Files.writeString(temp.resolve("p.writ"), text);
    }
}
