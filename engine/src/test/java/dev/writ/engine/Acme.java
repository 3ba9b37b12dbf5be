package dev.writ.engine;

import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.Condition;
import dev.writ.dsl.policy.Condition.NumberTerm;
import dev.writ.dsl.policy.Condition.TextTerm;
import dev.writ.dsl.policy.Condition.TextTest;
import dev.writ.dsl.policy.Fact;
import dev.writ.dsl.policy.LabelSet;
import dev.writ.dsl.policy.Phase;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.Policy.Effect;
import dev.writ.dsl.policy.ValueType;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.Span;
import dev.writ.dsl.syntax.Comparison;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A small policy for tests, as the checker would make it; tests add rules.
final class Acme {
    static final String TEXT =
            """
            policy "acme" language 1
            model gpt on openai "gpt-4.1"
            route chat as "gpt-4o" {
              long when prompt.tokens > 120k tokens -> route slow
              rest otherwise -> gpt
            }
            route slow {
              vip when request.header("x-tier") is "gold" -> gpt
              none otherwise -> deny 413 "Too long."
            }
            team support { key laptop sha256 "…" for alice }
              may use chat, slow
            team research { key notebook sha256 "…" }
              may use chat when request.stream
            rule one
            rule two
            rule three
            """;

    static final Source SOURCE = new Source("acme.writ", TEXT);

    static final LabelSet TEAMS = new LabelSet("team", List.of("support", "research"));
    static final Fact TEAM = new Fact(0, Attribute.TEAM, null, TEAMS);
    static final Fact USER =
            new Fact(1, Attribute.USER, null, new LabelSet("user", List.of("alice", "bob")));
    static final Fact PROMPT_TOKENS = new Fact(2, Attribute.PROMPT_TOKENS, null, null);
    static final Fact MAX_TOKENS = new Fact(3, Attribute.REQUEST_MAX_TOKENS, null, null);
    static final Fact STREAM = new Fact(4, Attribute.REQUEST_STREAM, null, null);
    static final Fact TIER = new Fact(5, Attribute.REQUEST_HEADER, "x-tier", null);
    static final Fact PROMPT = new Fact(6, Attribute.PROMPT_TEXT, null, null);
    static final Fact ROUTE =
            new Fact(7, Attribute.ROUTE_NAME, null, new LabelSet("route", List.of("chat", "slow")));
    static final Fact ARM =
            new Fact(
                    8,
                    Attribute.ARM,
                    null,
                    new LabelSet(
                            "arm", List.of("chat/long", "chat/rest", "slow/vip", "slow/none")));
    static final Fact STATUS = new Fact(9, Attribute.RESPONSE_STATUS, null, null);
    static final Fact REGION =
            new Fact(
                    10,
                    Attribute.TEAM_REGION,
                    null,
                    new LabelSet("region", List.of("anywhere", "several", "eu")));
    static final Fact MODEL = new Fact(11, Attribute.REQUEST_MODEL, null, null);

    private final List<Policy.Rule> rules = new ArrayList<>();

    /// Adds a rule; the first three have lines of their own.
    Acme rule(String name, Phase phase, Condition when, Effect... effects) {
        rules.add(
                new Policy.Rule(
                        rules.size(), name, span("rule " + name), phase, when, List.of(effects)));
        return this;
    }

    PolicySnapshot snapshot() {
        return PolicySnapshot.compile(policy());
    }

    Policy policy() {
        Policy.Provider provider =
                new Policy.Provider(
                        "openai",
                        span("openai"),
                        "openai",
                        null,
                        "us",
                        null,
                        null,
                        Policy.Timeouts.DEFAULT,
                        null);
        Policy.Model gpt =
                new Policy.Model(
                        0, "gpt", span("model gpt"), provider, "gpt-4.1", 0, null, Set.of());
        Policy.Target toGpt = new Policy.Target.ToModel(gpt);
        Policy.Route chat =
                new Policy.Route(
                        0,
                        "chat",
                        span("route chat"),
                        List.of("gpt-4o"),
                        List.of(
                                arm(
                                        0,
                                        "long",
                                        compare(PROMPT_TOKENS, Comparison.GREATER, 120_000),
                                        new Policy.ArmAction.Go(new Policy.Target.ToRoute("slow"))),
                                arm(1, "rest", always(), new Policy.ArmAction.Go(toGpt))));
        Policy.Route slow =
                new Policy.Route(
                        1,
                        "slow",
                        span("route slow {"),
                        List.of(),
                        List.of(
                                arm(
                                        2,
                                        "vip",
                                        text(TIER, "", new TextTest.In(Set.of("gold"))),
                                        new Policy.ArmAction.Go(toGpt)),
                                arm(
                                        3,
                                        "none",
                                        always(),
                                        new Policy.ArmAction.Refuse(
                                                new Policy.Denial(413, "Too long.")))));
        Policy.Team support =
                new Policy.Team(
                        0,
                        "support",
                        span("team support"),
                        List.of("alice", "bob"),
                        List.of(key(0, "support/laptop", 1, "alice")),
                        List.of(
                                new Policy.Grant(
                                        span("may use chat, slow"), Set.of(0, 1), always())),
                        Set.of("eu"));
        Policy.Team research =
                new Policy.Team(
                        1,
                        "research",
                        span("team research"),
                        List.of(),
                        List.of(key(1, "research/notebook", 2, null)),
                        List.of(
                                new Policy.Grant(
                                        span("may use chat when"),
                                        Set.of(0),
                                        new Condition.Flag(span("request.stream"), STREAM))),
                        Set.of());
        return new Policy(
                "acme",
                "0".repeat(64),
                List.of(provider),
                List.of(gpt),
                List.of(),
                List.of(chat, slow),
                List.of(support, research),
                List.of(),
                rules,
                List.of(),
                List.of(
                        TEAM,
                        USER,
                        PROMPT_TOKENS,
                        MAX_TOKENS,
                        STREAM,
                        TIER,
                        PROMPT,
                        ROUTE,
                        ARM,
                        STATUS,
                        REGION,
                        MODEL),
                List.of());
    }

    private static Policy.Arm arm(int label, String name, Condition when, Policy.ArmAction action) {
        return new Policy.Arm(label, name, span("  " + name + " "), when, action);
    }

    private static Policy.Key key(int label, String name, int digest, @Nullable String user) {
        return new Policy.Key(
                label, name, span("key"), HexFormat.of().formatHex(digest(digest)), user);
    }

    /// The digest of a key: 1 of support's, 2 of research's.
    static byte[] digest(int number) {
        byte[] digest = new byte[32];
        digest[0] = 7;
        digest[31] = (byte) number;
        return digest;
    }

    static Condition always() {
        return new Condition.Constant(span("otherwise"), true);
    }

    static Condition compare(Fact fact, Comparison comparison, long value) {
        ValueType type = fact.attribute().type();
        Long fallback = fact.attribute().optional() ? 0L : null;
        return new Condition.NumberCompare(
                span("prompt.tokens > 120k tokens"),
                new NumberTerm.FactNumber(fact, fallback),
                comparison,
                new NumberTerm.Constant(type, value));
    }

    static Condition text(Fact fact, @Nullable String fallback, TextTest test) {
        return new Condition.TextPasses(span("request.header"), new TextTerm(fact, fallback), test);
    }

    static Condition label(Fact fact, int... labels) {
        BitSet set = new BitSet();
        for (int label : labels) {
            set.set(label);
        }
        return new Condition.LabelIn(span("team"), fact, set);
    }

    static Condition not(Condition operand) {
        return new Condition.Not(operand.span(), operand);
    }

    static Condition all(Condition... operands) {
        return new Condition.All(span("rule"), List.of(operands));
    }

    static Effect deny(String text) {
        return new Effect.Deny(new Policy.Denial(403, text));
    }

    private static Span span(String text) {
        int start = Math.max(0, TEXT.indexOf(text));
        return new Span(SOURCE, start, start + 1);
    }
}
