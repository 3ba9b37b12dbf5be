package dev.writ.dsl.assist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.dsl.check.Analysis;
import dev.writ.dsl.check.Checker;
import dev.writ.dsl.diagnostic.Edit;
import dev.writ.dsl.diagnostic.Fix;
import dev.writ.dsl.parse.PolicyParser;
import dev.writ.dsl.policy.Cause;
import dev.writ.dsl.policy.Vocabulary;
import dev.writ.dsl.policy.Vocabulary.ProviderKind;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.SourceTree;
import dev.writ.dsl.source.Span;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What is proposed at a place, in files that are whole and in files that are not. A `|` is where
/// the cursor is.
final class CompletionsTest {
    static final Vocabulary VOCABULARY =
            new Vocabulary(
                    List.of(
                            new ProviderKind(
                                    "simulated",
                                    false,
                                    false,
                                    false,
                                    true,
                                    EnumSet.allOf(Cause.class)),
                            new ProviderKind(
                                    "openai",
                                    false,
                                    true,
                                    false,
                                    false,
                                    EnumSet.allOf(Cause.class))));

    private static final String BEFORE =
            """
            policy "p" language 1
            use "used.writ" as used

            secret OPENAI from env
            provider here { kind simulated  region eu }
            provider there { kind simulated  region us }
            model small on here "small" { }
            model large on there "large" { }
            pool both {
              50% small
              50% large
            }
            route chat {
              long when prompt.tokens > 5k tokens -> large
              rest otherwise -> pool both
            }
            team support {
              user alice, bob
              may use chat
            }
            """;

    private static final String USED =
            """
            policy "used" language 1
            model far on away "far" { }
            provider away { kind simulated  region us }
            route talk { rest otherwise -> far }
            """;

    private static List<Completion> at(String textWithCursor) {
        int offset = textWithCursor.indexOf('|');
        Source source = new Source("p.writ", textWithCursor.replace("|", ""));
        Analysis analysis =
                Checker.analyze(
                        new SourceTree("p.writ", List.of(source, new Source("used.writ", USED))),
                        VOCABULARY,
                        PolicyParser::parse);
        return Completions.at(analysis, source, offset);
    }

    private static List<String> labels(String textWithCursor) {
        return at(textWithCursor).stream().map(Completion::label).toList();
    }

    private static void proposes(String textWithCursor, String... labels) {
        List<String> found = labels(BEFORE + textWithCursor);
        assertTrue(found.containsAll(List.of(labels)), () -> textWithCursor + ": " + found);
    }

    private static void proposesOnly(String textWithCursor, String... labels) {
        assertEquals(List.of(labels), labels(BEFORE + textWithCursor), textWithCursor);
    }

    private static void spares(String textWithCursor, String... labels) {
        List<String> found = labels(BEFORE + textWithCursor);
        for (String label : labels) {
            assertFalse(found.contains(label), () -> textWithCursor + ": " + found);
        }
    }

    @Test
    void declarations() {
        proposes("\n|", "provider", "model", "pool", "route", "team", "rule", "secret", "use");
        proposes("\nte|", "team", "test");
        spares("\n|", "kind", "support", "may use");
        assertTrue(labels("|").contains("policy"));
    }

    @Test
    void propertiesOfEachBlock() {
        proposes("provider p {\n  |\n}", "kind", "url", "region", "key", "timeout");
        proposes("model m on here \"m\" {\n  |\n}", "context", "price", "can");
        proposes("pool p {\n  |\n}", "first", "choose", "then", "retry", "70% gpt");
        proposes("team t {\n  |\n}", "user", "key", "may use", "stay in");
        proposes("rule r on request {\n  |\n}", "deny", "require", "tag", "set", "audit");
        proposes("rule r on request |", "when", "deny", "tag");
        proposes("identity i {\n  |\n}", "issuer", "audience", "team", "user", "tag", "leeway");
        spares("team t {\n  |\n}", "kind", "deny", "team", "context");
    }

    @Test
    void propertiesBehindBrokenOnes() {
        proposes("team t {\n  usr alice\n  may chat\n  |\n}", "user", "key", "may use");
        proposes("team t {\n  usr alice\n  may use |\n}", "chat");
        proposes("team t {\n  |", "user", "key", "may use");
        proposes("pool p {\n  first small first\n  then |\n\nteam x { may use chat }", "large");
    }

    @Test
    void namesOfTheRightKind() {
        proposesOnly("model m on |", "here", "there", "away", "used");
        proposesOnly("provider p { key |", "OPENAI");
        proposesOnly("team t {\n  may use |\n}", "chat", "talk", "used");
        proposesOnly("team t {\n  may use chat, |\n}", "chat", "talk", "used");
        proposesOnly("team t {\n  may use used.|\n}", "talk");
        proposesOnly("pool p {\n  then used.|\n}", "far");
        proposes("pool p { first |", "small", "large", "far");
        proposesOnly("route r { rest otherwise -> pool |", "both", "used");
        proposes("route r { rest otherwise -> |", "small", "large", "pool", "route", "deny");
        proposesOnly("team t {\n  user carol\n  key k sha256 \"\" for |\n}", "carol");
    }

    @Test
    void wordsOfClosedSets() {
        proposesOnly("identity i { team |", "support", "used");
        proposes("identity i { team support |", "when", "otherwise");
        proposesOnly("identity i { user from |", "claim");
        proposesOnly("provider p { kind |", "simulated", "openai");
        proposesOnly("provider p { region |", "eu", "us");
        proposesOnly("team t { stay in |", "eu", "us");
        proposes("model m on here \"m\" { can |", "tools", "vision", "json");
        proposes("pool p { choose |", "fastest", "cheapest");
        proposes("pool p { first small canary 5% to |", "small", "large", "far");
        proposes("pool p { first small canary 5% to large by |", "request", "user", "team");
        proposes("pool p { then small on |", "timeout", "overloaded", "rate-limited");
        proposes("rule r on |", "request", "route", "stream", "response");
        proposes("provider p { timeout |", "connect", "first-byte", "idle", "total");
        proposes("provider p { pace 5 tokens per |", "second", "minute");
        proposes("rule r on request audit |", "full", "metadata");
        proposes("rule r on request prepend |", "system");
        proposes("calendar c { open |", "monday", "friday");
        proposes("test \"t\" for team |", "support");
        proposes("identity acme {}\ntest \"t\" for identity |", "acme", "used");
        proposes("test \"t\" for team support { case prompt 5k tokens => route |", "chat");
    }

    @Test
    void attributesThatThePhaseCanSee() {
        proposes("rule r on request when |", "prompt.tokens", "team", "request.header", "not");
        spares("rule r on request when |", "response.cost", "arm", "route");
        proposes("rule r on response when |", "response.cost", "arm", "provider");
        spares("rule r on response when |", "stream.text", "stream.tokens");
        proposes("rule r on stream when |", "stream.text", "stream.tokens", "model", "team");
        spares("rule r on stream when |", "response.cost");
        proposes("test \"t\" { case |", "response.text", "request.max_tokens", "response.cost");
        spares("test \"t\" { case |", "stream.text", "model", "response.attempts");
        proposes("route r { a when request.|", "request.stream", "request.model");
        spares("route r { a when |", "response.cost");
        proposes("team t { may use chat when |", "time.hour");
        proposes("rule r on request when team is support and |", "prompt.tokens");
        proposes("calendar office { zone \"UTC\" }\nrule r on request when |", "calendar.office");
        proposes("rule r on request set |", "request.max_tokens");
        spares("rule r on request set |", "prompt.tokens");
    }

    @Test
    void labelsBehindIsAndIn() {
        proposes("rule r on request when team is |", "support");
        proposes("identity acme {}\nrule r on request when identity is |", "acme", "none");
        proposes("rule r on request when caller.|", "caller.claim");
        proposes("rule r on request when team is not |", "support");
        proposes("rule r on request when team in [|", "support");
        proposes("rule r on request when team in [support, |", "support");
        proposes("rule r on request when time.weekday is |", "monday", "sunday");
        proposes("rule r on response when provider.region else \"eu\" is |", "eu", "us");
        proposes("rule r on route when arm is |", "chat/long", "chat/rest");
        proposes("rule r on request when team is \"|\" tag \"x\"", "support");
        spares("rule r on request when team is |", "prompt.tokens", "monday");
    }

    @Test
    void unitsBehindNumbers() {
        proposes("rule r on request when prompt.tokens > 50k |", "tokens");
        spares("rule r on request when prompt.tokens > 50k |", "bytes", "calls");
        proposes("rule r on request when request.bytes > 50k |", "bytes");
        proposes("provider p { timeout 30| }", "30s", "30ms", "30min");
        proposes("pool p { 70| small }", "70%");
        proposes("model m on here \"m\" { context 128k |", "tokens");
    }

    @Test
    void filesToUse() {
        assertEquals(List.of("used.writ"), labels("policy \"p\" language 1\nuse \"|\""));
        assertEquals(List.of("used.writ"), labels("policy \"p\" language 1\nuse |"));
    }

    @Test
    void nothingInCommentsAndOtherTexts() {
        proposesOnly("// team |");
        proposesOnly("/* team | */");
        proposesOnly("rule r on request tag \"te|\"");
        proposesOnly("team |");
    }

    @Test
    void whatIsWrittenCanBeRead() {
        for (String place :
                List.of(
                        "\n|",
                        "provider p {\n  |\n}",
                        "model m on here \"m\" {\n  |\n}",
                        "pool p {\n  |\n}",
                        "team t {\n  |\n}",
                        "rule r on request {\n  |\n}",
                        "route r {\n  |\n}")) {
            String text = BEFORE + place;
            Source source = new Source("p.writ", text.replace("|", ""));
            for (Completion completion : at(text)) {
                if (completion.sort() == Completion.Sort.PIECE) {
                    Source written =
                            new Source(
                                    "p.writ",
                                    Fix.apply(
                                            source,
                                            List.of(
                                                    new Edit(
                                                            new Span(
                                                                    source,
                                                                    completion.span().start(),
                                                                    completion.span().end()),
                                                            completion.text()))));
                    assertEquals(
                            List.of(),
                            PolicyParser.parse(written).diagnostics().stream()
                                    .map(diagnostic -> diagnostic.headline())
                                    .toList(),
                            completion.text());
                }
            }
        }
    }

    @Test
    void namesThatNeedBackQuotesGetThem() {
        List<Completion> found =
                at(
                        """
                        policy "p" language 1
                        pool `my pool` { first small }
                        route r { rest otherwise -> pool |""");
        assertEquals("`my pool`", found.getFirst().text());
        assertEquals("my pool", found.getFirst().label());
    }
}
