package dev.writ.dsl.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.SourceTree;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What is as large as it may be is taken; one more is told.
final class LimitsTest {
    private static String repeat(int count, IntFunction<String> text) {
        return IntStream.range(0, count).mapToObj(text).collect(Collectors.joining("\n"));
    }

    private static void assertLimit(int max, IntFunction<String> declarations) {
        assertEquals(List.of(), tooLarge(declarations.apply(max)), "at the limit");
        assertEquals(1, tooLarge(declarations.apply(max + 1)).size(), "beyond the limit");
    }

    private static List<Diagnostic> tooLarge(String declarations) {
        return Checked.check(Checked.BASE + declarations).diagnostics().stream()
                .filter(d -> d.code().id().equals("E0005"))
                .toList();
    }

    @Test
    void declarations() {
        assertLimit(Limits.SECRETS_MAX, n -> repeat(n, i -> "secret S" + i + " from env"));
        assertLimit(
                Limits.PROVIDERS_MAX - 2,
                n -> repeat(n, i -> "provider p%d { kind simulated }".formatted(i)));
        assertLimit(
                Limits.MODELS_MAX - 2,
                n -> repeat(n, i -> "model m%d on here \"m\" { }".formatted(i)));
        assertLimit(Limits.POOLS_MAX, n -> repeat(n, i -> "pool p%d { first near }".formatted(i)));
        assertLimit(
                Limits.ROUTES_MAX - 1,
                n -> repeat(n, i -> "route r%d { o otherwise -> near }".formatted(i)));
        assertLimit(
                Limits.TEAMS_MAX - 1,
                n -> repeat(n, i -> "team t%d { key k sha256 \"%064d\" }".formatted(i, i)));
        assertLimit(
                Limits.IDENTITIES_MAX,
                n ->
                        repeat(
                                n,
                                i ->
                                        "identity i%d { issuer \"https://a%d.example/\" audience \"w\" team dev otherwise }"
                                                .formatted(i, i)));
        assertLimit(
                Limits.RULES_MAX,
                n -> repeat(n, i -> "rule r%d on request tag \"t\"".formatted(i)));
    }

    @Test
    void partsOfDeclarations() {
        assertLimit(
                Limits.POOL_MODELS_MAX - 1,
                n ->
                        repeat(n, i -> "model m%d on here \"m\" { }".formatted(i))
                                + "pool p { first near "
                                + repeat(n, i -> "then m" + i)
                                + "}");
        assertLimit(
                Limits.ROUTE_ARMS_MAX - 1,
                n ->
                        "route r { "
                                + repeat(
                                        n,
                                        i -> "a%d when prompt.tokens is %d -> near".formatted(i, i))
                                + " o otherwise -> near }");
        assertLimit(
                Limits.ROUTE_ALIASES_MAX,
                n ->
                        "route r as "
                                + repeat(n, i -> "\"a%d\"".formatted(i)).replace("\n", ", ")
                                + " { o otherwise -> near }");
        assertLimit(
                Limits.GRANTS_PER_TEAM_MAX,
                n -> "team t { " + repeat(n, i -> "may use chat") + " }");
        assertLimit(
                Limits.EFFECTS_PER_RULE_MAX,
                n -> "rule r on request { " + repeat(n, i -> "tag \"t\"") + " }");
    }

    @Test
    void partsOfIdentities() {
        String identity =
                "identity sso { issuer \"https://a.example/\" audience %s\n%s\nteam dev otherwise }";
        assertLimit(
                Limits.MEMBERSHIPS_MAX - 1,
                n ->
                        identity.formatted(
                                "\"w\"",
                                repeat(
                                        n,
                                        i -> "team dev when claim \"g\" is \"%d\"".formatted(i))));
        assertLimit(
                Limits.IDENTITY_WORDS_MAX,
                n ->
                        identity.formatted(
                                repeat(n, i -> "\"w%d\"".formatted(i)).replace("\n", ", "), ""));
        assertLimit(
                Limits.IDENTITY_WORDS_MAX,
                n ->
                        identity.formatted(
                                "\"w\"", repeat(n, i -> "tag from claim \"c%d\"".formatted(i))));
        assertLimit(
                Limits.CLAIM_DEPTH_MAX,
                n ->
                        identity.formatted(
                                "\"w\"",
                                "user from claim "
                                        + repeat(n, i -> "\"c%d\"".formatted(i))
                                                .replace("\n", ".")));
    }

    @Test
    void keysAndUsers() {
        int perFile = 10_000;
        assertEquals(0, tooLargeIn(keys(Limits.KEYS_MAX - 1, perFile)));
        assertEquals(1, tooLargeIn(keys(Limits.KEYS_MAX, perFile)));
        IntFunction<String> users =
                n -> "team t { user " + repeat(n, i -> "u" + i).replace("\n", ", ") + " }";
        assertLimit(Limits.USERS_MAX - 2, users);
    }

    /// Returns files of teams that have so many keys together, beside that of the base policy.
    private static List<Source> keys(int count, int perFile) {
        List<Source> files = new ArrayList<>(List.of(new Source("a.writ", Checked.BASE)));
        for (int from = 0; from < count; from += perFile) {
            int first = from;
            String keys =
                    repeat(
                            Math.min(perFile, count - from),
                            i ->
                                    "key k%d sha256 \"%064x\""
                                            .formatted(i, 0xABCDEF00000L + first + i));
            String team = "team t%d { %s }".formatted(from, keys);
            files.add(new Source("b" + from + ".writ", "policy \"b\" language 1\n" + team));
        }
        return files;
    }

    private static long tooLargeIn(List<Source> files) {
        return Checker.check(new SourceTree("a.writ", files), Checked.VOCABULARY)
                .diagnostics()
                .stream()
                .filter(d -> d.code().id().equals("E0005"))
                .count();
    }

    @Test
    void files() {
        assertEquals(0, tooLargeIn(files(Limits.FILES_MAX)));
        assertEquals(1, tooLargeIn(files(Limits.FILES_MAX + 1)));
    }

    /// Returns files that use each other in a chain.
    private static List<Source> files(int count) {
        List<Source> files = new ArrayList<>(List.of(new Source("a.writ", Checked.BASE)));
        for (int i = 1; i < count; i++) {
            String use = i + 1 < count ? "use \"f%d.writ\"".formatted(i + 1) : "";
            files.add(new Source("f%d.writ".formatted(i), "policy \"f\" language 1\n" + use));
        }
        return files;
    }

    @Test
    void namesAndTexts() {
        assertLimit(
                Limits.NAME_LENGTH_MAX,
                n -> "rule %s on request tag \"t\"".formatted("n".repeat(n)));
        assertLimit(
                Limits.WORD_LENGTH_MAX,
                n -> "rule r on request tag \"%s\"".formatted("t".repeat(n)));
        assertLimit(
                Limits.WORD_LENGTH_MAX,
                n -> "route r as \"%s\" { o otherwise -> near }".formatted("a".repeat(n)));
        for (String effect :
                List.of(
                        "deny \"%s\"",
                        "require request.stream else deny \"%s\"", "set request.user = \"%s\"")) {
            assertLimit(
                    Limits.TEXT_LENGTH_MAX,
                    n -> "rule r on request " + effect.formatted("t".repeat(n)));
        }
        for (String test :
                List.of(
                        "is \"%s\"",
                        "in [\"%s\"]", "starts with \"%s\"", "contains any [\"a\", \"%s\"]")) {
            assertLimit(
                    Limits.TEXT_LENGTH_MAX,
                    n ->
                            "rule r on request when prompt.text "
                                    + test.formatted("t".repeat(n))
                                    + " deny");
        }
        assertLimit(
                Limits.TEXT_LENGTH_MAX,
                n -> "provider p { kind simulated  reply \"%s\" }".formatted("t".repeat(n)));
    }

    @Test
    void conditions() {
        assertLimit(
                Limits.LIST_ELEMENTS_MAX,
                n ->
                        "rule r on request when request.model in ["
                                + repeat(n, i -> "\"m" + i + "\"").replace("\n", ", ")
                                + "] deny");
        assertLimit(
                Limits.FACTS_MAX - 1,
                n ->
                        repeat(
                                n,
                                i ->
                                        "rule r%d on request when request.header(\"h%d\") present deny"
                                                .formatted(i, i)));
        assertLimit(
                Limits.PATTERN_LENGTH_MAX,
                n ->
                        "rule r on request when prompt.text matches \"%s\" deny"
                                .formatted("a".repeat(n)));
        assertEquals(
                1,
                tooLarge("rule r on request when prompt.text matches \"(a{100}){101}\" deny")
                        .size());
        assertEquals(
                0,
                tooLarge("rule r on request when prompt.text matches \"(a{50}){100}\" deny")
                        .size());
    }

    @Test
    void diagnosticsAreCutAndCountedErrorsFirst() {
        String warnings = repeat(10, i -> "secret S" + i + " from env\n");
        CheckResult all =
                Checked.check(
                        Checked.BASE
                                + warnings
                                + repeat(
                                        Limits.DIAGNOSTICS_MAX,
                                        i -> "rule r%d on request tag \"\"".formatted(i)));
        assertEquals(Limits.DIAGNOSTICS_MAX, all.diagnostics().size());
        assertTrue(Checked.ids(all).stream().allMatch("E0205"::equals));
        assertEquals(List.of("10 more are not shown"), all.diagnostics().getLast().notes());
    }
}
