package dev.writ.benchmarks.decide;

import dev.writ.dsl.check.CheckResult;
import dev.writ.dsl.check.Checker;
import dev.writ.dsl.diagnostic.DiagnosticCode.Severity;
import dev.writ.dsl.policy.Vocabulary;
import dev.writ.dsl.policy.Vocabulary.ProviderKind;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.SourceTree;
import dev.writ.engine.PolicySnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Policies of any number of rules, written as text.
///
/// There are 50 teams, 8 routes of 4 arms, and rules of one of two kinds:
/// - **selective**: most rules name a team, an application, a model or a number of which a request
///   has another;
/// - **broad**: no rule names anybody; each compares five facts, each comparison holds for a good
///   part of all requests, and all five together for about one in a hundred.
public enum BenchRules {
    SELECTIVE,
    BROAD;

    static final int TEAMS = 50;
    static final int ROUTES = 8;

    private static final int RULES_PER_FILE = 1_000;

    /// Numbers that look scattered, the same in every run.
    private static final int SCATTER = 7_919;

    /// Checks and compiles a policy with so many rules.
    PolicySnapshot snapshot(int rules) {
        return switch (Checker.check(tree(rules), vocabulary())) {
            case CheckResult.Usable usable -> PolicySnapshot.compile(usable.policy());
            case CheckResult.Unusable unusable ->
                    throw new IllegalStateException(
                            "the policy must compile: "
                                    + unusable.diagnostics().stream()
                                            .filter(d -> d.code().severity() == Severity.ERROR)
                                            .toList());
        };
    }

    public SourceTree tree(int rules) {
        List<Source> files = new ArrayList<>();
        files.add(new Source("bench.writ", declarations()));
        for (int from = 0; from < rules; from += RULES_PER_FILE) {
            StringBuilder text = new StringBuilder("policy \"bench\" language 1\n");
            text.append("use \"bench.writ\"\n");
            for (int rule = from; rule < Math.min(rules, from + RULES_PER_FILE); rule++) {
                text.append(rule(rule)).append('\n');
            }
            files.add(
                    new Source(
                            "rules-%02d.writ".formatted(from / RULES_PER_FILE), text.toString()));
        }
        return new SourceTree("bench.writ", files);
    }

    public static Vocabulary vocabulary() {
        return new Vocabulary(
                List.of(new ProviderKind("simulated", false, false, false, true, Set.of())));
    }

    private static String declarations() {
        StringBuilder text = new StringBuilder("policy \"bench\" language 1\n");
        text.append("provider here { kind simulated  region eu }\n");
        text.append("model small on here \"small\" { context 1M tokens }\n");
        text.append("model large on here \"large\" { context 1M tokens }\n");
        text.append("pool both { 70% small  30% large }\n");
        for (int route = 0; route < ROUTES; route++) {
            text.append(
                    """
                    route route-%1$d as "model-%1$d" {
                      long  when prompt.tokens > %2$dk tokens -> large
                      tools when request.tools present and request.tools.count > %1$d -> pool both
                      night when time.hour <= %1$d -> small
                      rest  otherwise -> pool both
                    }
                    """
                            .formatted(route, 100 + 10 * route));
        }
        for (int team = 0; team < TEAMS; team++) {
            text.append(
                    """
                    team team-%1$d {
                      key key-%1$d sha256 "%2$064x"
                      may use route-0, route-1, route-2, route-3, route-4, route-5, route-6
                      may use route-7 when prompt.tokens < 150k tokens
                    }
                    """
                            .formatted(team, team + 1));
        }
        return text.toString();
    }

    private String rule(int rule) {
        String name = "rule r" + rule + " ";
        return switch (this) {
            case SELECTIVE -> name + selective(rule);
            case BROAD -> name + broad(rule);
        };
    }

    private static String selective(int rule) {
        int scattered = scattered(rule, 100_000);
        int team = scattered % TEAMS;
        return switch (rule % 10) {
            case 0 ->
                    "on request when team is team-%d and prompt.tokens > %dk tokens deny 413"
                            .formatted(team, 20 + scattered % 300);
            case 1 ->
                    "on request when team is team-%d and request.model is \"model-%d\" tag \"t%d\""
                            .formatted(team, scattered % ROUTES, rule);
            case 2 ->
                    "on request when request.header(\"x-app\") else \"\" is \"app-%d\" deny 403"
                            .formatted(rule);
            case 3 ->
                    "on request when key is key-%d and time.hour >= %d and time.weekday is sunday deny 403"
                            .formatted(team, scattered % 24);
            case 4 ->
                    "on request when request.model is \"model-%d\" and request.stream deny 404"
                            .formatted(10 + rule);
            case 5 ->
                    "on request when prompt.tokens > %dk tokens and request.tools present deny 413"
                            .formatted(300 + rule);
            case 6 ->
                    "on request when request.messages.count > %d and request.images present deny 413"
                            .formatted(200 + rule);
            case 7 ->
                    "on request when request.header(\"x-app\") else \"\" is \"app-%d\" and request.max_tokens else 0 > %d set request.max_tokens = 1000"
                            .formatted(scattered % 5_000, 1_000 + scattered % 3_000);
            case 8 ->
                    "on route when route is route-%d and team is team-%d and prompt.tokens > %dk tokens tag \"t%d\""
                            .formatted(scattered % ROUTES, team, scattered % 200, rule);
            default ->
                    "on route when arm is long and request.metadata(\"project\") else \"\" is \"p-%d\" deny 403"
                            .formatted(rule);
        };
    }

    private static String broad(int rule) {
        int from = scattered(rule, 180);
        return "on %s when prompt.tokens > %dk tokens and prompt.tokens < %dk tokens"
                        .formatted(rule % 4 == 0 ? "route" : "request", from, from + 15)
                + " and request.max_tokens else 1000 >= %d".formatted(scattered(rule + 1, 6_000))
                + " and time.hour in %d..%d".formatted(rule % 10, 10 + rule % 13)
                + (rule % 2 == 0 ? " and request.stream" : " and not request.stream")
                + " and request.temperature else 1.0 < 1.%d".formatted(scattered(rule, 10))
                + (rule % 3 == 0 ? " deny 429" : " tag \"t%d\"".formatted(rule));
    }

    private static int scattered(int rule, int below) {
        return (int) ((long) rule * SCATTER % below);
    }
}
