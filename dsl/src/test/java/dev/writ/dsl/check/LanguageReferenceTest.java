package dev.writ.dsl.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.dsl.Fence;
import dev.writ.dsl.parse.PolicyParser;
import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.Capability;
import dev.writ.dsl.policy.Cause;
import dev.writ.dsl.policy.Policy.Settable;
import dev.writ.dsl.policy.ValueType;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.syntax.Item;
import dev.writ.dsl.syntax.TestFact;
import dev.writ.dsl.syntax.TestLine;
import dev.writ.dsl.syntax.TestOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The tables of the language's reference are what the compiler knows; `-Dgolden=update` rewrites
/// those that are made from it alone.
final class LanguageReferenceTest {
    private static final Path PAGE =
            Path.of(System.getProperty("writ.root", "..")).resolve("docs/reference/language.md");
    private static final String END = "<!-- end -->";

    @Test
    void attributesAreThoseThatConditionsRead() throws IOException {
        assertTable(
                "attributes",
                "| attribute | type | may be absent | phase | what it is |\n|---|---|---|---|---|\n"
                        + Arrays.stream(Attribute.values())
                                .map(
                                        a ->
                                                "| `%s` | %s | %s | `%s` | %s |\n"
                                                        .formatted(
                                                                a.written(),
                                                                type(a.type()),
                                                                a.optional() ? "yes" : "",
                                                                a.from().word(),
                                                                a.meaning()))
                                .collect(Collectors.joining()));
    }

    @Test
    void fieldsAreThoseThatRulesSet() throws IOException {
        assertTable(
                "fields",
                "| field | type |\n|---|---|\n"
                        + Arrays.stream(Settable.values())
                                .map(f -> "| `%s` | %s |\n".formatted(f.path(), type(f.type())))
                                .collect(Collectors.joining()));
    }

    /// Returns what to call a type without its article.
    private static String type(ValueType type) {
        return type.noun().replaceFirst("^an? ", "");
    }

    @Test
    void limitsAreThoseOfTheCompiler() throws IOException {
        Map<String, Number> limits = new LinkedHashMap<>();
        limits.put("files of a policy", Limits.FILES_MAX);
        limits.put("characters of a file", PolicyParser.FILE_LENGTH_MAX);
        limits.put("brackets and conditions inside one another", PolicyParser.DEPTH_MAX);
        limits.put("secrets", Limits.SECRETS_MAX);
        limits.put("providers", Limits.PROVIDERS_MAX);
        limits.put("models", Limits.MODELS_MAX);
        limits.put("pools", Limits.POOLS_MAX);
        limits.put("models of a pool, fallbacks included", Limits.POOL_MODELS_MAX);
        limits.put("retries of a pool", Limits.RETRIES_MAX);
        limits.put("tokens that a pool holds back", Limits.COMMIT_TOKENS_MAX);
        limits.put("requests that a canary's failures are counted in", Limits.CANARY_REQUESTS_MAX);
        limits.put("routes", Limits.ROUTES_MAX);
        limits.put("further names of a route", Limits.ROUTE_ALIASES_MAX);
        limits.put("arms of a route", Limits.ROUTE_ARMS_MAX);
        limits.put("teams", Limits.TEAMS_MAX);
        limits.put("users of all teams", Limits.USERS_MAX);
        limits.put("keys of all teams", Limits.KEYS_MAX);
        limits.put("`may use` of a team", Limits.GRANTS_PER_TEAM_MAX);
        limits.put("identities", Limits.IDENTITIES_MAX);
        limits.put("lines `team` of an identity", Limits.MEMBERSHIPS_MAX);
        limits.put(
                "audiences of an identity, and claims that become tags", Limits.IDENTITY_WORDS_MAX);
        limits.put("names of a claim inside of others", Limits.CLAIM_DEPTH_MAX);
        limits.put("calendars", Limits.CALENDARS_MAX);
        limits.put("tests", Limits.TESTS_MAX);
        limits.put("requests of a test", Limits.TEST_REQUESTS_MAX);
        limits.put("requests of all tests", Limits.ALL_TEST_REQUESTS_MAX);
        limits.put("rules", Limits.RULES_MAX);
        limits.put("effects of a rule", Limits.EFFECTS_PER_RULE_MAX);
        limits.put(
                "different attributes, headers, metadata keys and claims that are read",
                Limits.FACTS_MAX);
        limits.put("elements of a list", Limits.LIST_ELEMENTS_MAX);
        limits.put("characters of a name", Limits.NAME_LENGTH_MAX);
        limits.put("characters of a tag, and of a route's further name", Limits.WORD_LENGTH_MAX);
        limits.put("characters of any other text", Limits.TEXT_LENGTH_MAX);
        limits.put("characters of a pattern", Limits.PATTERN_LENGTH_MAX);
        limits.put(
                "characters and branches of all patterns of rules on `stream`, with repetitions written out",
                Limits.STREAM_PATTERNS_SIZE_MAX);
        limits.put("seconds of any time that is waited", Limits.TIME_MAX.toSeconds());
        limits.put("tokens per second of a simulated provider", Simulations.TOKENS_PER_SECOND_MAX);
        limits.put("messages of one check; the rest is counted", Limits.DIAGNOSTICS_MAX);
        assertTable(
                "limits",
                "| what | at most |\n|---|---|\n"
                        + limits.entrySet().stream()
                                .map(
                                        e ->
                                                String.format(
                                                        Locale.ROOT,
                                                        "| %s | %,d |\n",
                                                        e.getKey(),
                                                        e.getValue().longValue()))
                                .collect(Collectors.joining()));
    }

    private static void assertTable(String name, String table) throws IOException {
        String page = Files.readString(PAGE);
        String begin = "<!-- table: %s -->\n".formatted(name);
        int from = page.indexOf(begin) + begin.length();
        int to = page.indexOf(END, from);
        assertTrue(from >= begin.length() && to > 0, name);
        String whole = page.substring(0, from) + "\n" + table + "\n" + page.substring(to);
        if ("update".equals(System.getProperty("golden"))) {
            Files.writeString(PAGE, whole);
        }
        assertEquals(Files.readString(PAGE), whole);
    }

    @Test
    void closedSetsOfWordsAreExplainedWordByWord() throws IOException {
        assertEquals(
                Arrays.stream(Capability.values()).map(Capability::word).toList(),
                words("capabilities"));
        assertEquals(Arrays.stream(Cause.values()).map(Cause::word).toList(), words("causes"));
        assertEquals(Unknowns.STRATEGY, words("strategies"));
        assertEquals(Unknowns.SPLIT, words("splits"));
    }

    @Test
    void factsAndOutcomesOfTestsAreThoseThatCompile() throws IOException {
        Set<String> facts = new TreeSet<>();
        Set<String> outcomes = new TreeSet<>();
        for (String fact : words("facts")) {
            facts.addAll(kinds("case %s => allow".formatted(fact)));
        }
        for (String outcome : words("outcomes")) {
            outcomes.addAll(kinds("case stream => %s".formatted(outcome)));
        }
        facts.remove("Allow");
        outcomes.remove("Stream");
        assertEquals(kinds(TestFact.class), facts);
        assertEquals(kinds(TestOutcome.class), outcomes);
    }

    /// Returns the kinds of facts and outcomes in a line of a test that compiles.
    private static Set<String> kinds(String line) throws IOException {
        String policy =
                Fence.of(PAGE).stream()
                        .filter(fence -> fence.words().equals(List.of("writ")))
                        .map(Fence::text)
                        .filter(text -> text.contains("\ntest "))
                        .findFirst()
                        .orElseThrow();
        String text = policy + "test \"t\" for team clinic, route chat { %s }".formatted(line);
        assertEquals(List.of(), Checked.found(Checked.check(text)), line);
        Set<String> kinds = new TreeSet<>();
        for (Item item : PolicyParser.parse(new Source("p.writ", text)).items()) {
            if (item instanceof Item.Test test
                    && test.name().value().equals("t")
                    && test.lines().getFirst()
                            instanceof TestLine.Case(_, var facts, var outcomes)) {
                facts.forEach(fact -> kinds.add(fact.getClass().getSimpleName()));
                outcomes.forEach(outcome -> kinds.add(outcome.getClass().getSimpleName()));
            }
        }
        return kinds;
    }

    private static Set<String> kinds(Class<?> sealed) {
        return Arrays.stream(sealed.getPermittedSubclasses())
                .map(Class::getSimpleName)
                .filter(name -> !name.equals("NotYet"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static boolean isMark(String line, String name) {
        return line.equals("<!-- words: %s -->".formatted(name))
                || line.equals("<!-- %s -->".formatted(name));
    }

    /// Returns the words in the first column of the table behind a mark.
    private static List<String> words(String name) throws IOException {
        return Files.readString(PAGE)
                .lines()
                .dropWhile(line -> !isMark(line, name))
                .skip(4)
                .takeWhile(line -> line.startsWith("| `"))
                .map(line -> line.substring(3, line.indexOf('`', 3)))
                .toList();
    }
}
