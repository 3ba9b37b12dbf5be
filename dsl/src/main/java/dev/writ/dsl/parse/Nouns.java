package dev.writ.dsl.parse;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;

/// What people call what the grammar expects.
final class Nouns {
    /// How many things a message lists.
    private static final int LISTED_MAX = 4;

    /// What can go on with nearly everything, and is rarely what is missing.
    private static final Set<String> CONTINUATIONS =
            Set.of("`.`", "`(`", "`,`", "`+`", "`-`", "`*`", "`/`");

    private Nouns() {}

    /// Returns what can begin with one of the tokens or rules, most likely first, at most
    /// [#LISTED_MAX]; ways that are never right, such as a secret in clear, are left out.
    static List<String> of(Failure failure) {
        List<String> nouns = new ArrayList<>();
        BitSet rules = failure.expectedRules();
        rules.stream().forEach(rule -> add(nouns, rule(rule, failure.form())));
        failure.expectedTokens().stream()
                .filter(type -> !isNeverRight(failure, type))
                .forEach(type -> add(nouns, token(type)));
        List<String> likely = new ArrayList<>(nouns);
        likely.removeAll(CONTINUATIONS);
        List<String> listed = likely.isEmpty() ? nouns : likely;
        return listed.subList(0, Math.min(LISTED_MAX, listed.size()));
    }

    private static void add(List<String> nouns, String noun) {
        if (!nouns.contains(noun)) {
            nouns.add(noun);
        }
    }

    private static boolean isNeverRight(Failure failure, int type) {
        return switch (failure.form()) {
            case SECRET -> type == WritParser.ASSIGN;
            case TEAM_PROPERTY ->
                    (type == WritParser.ASSIGN || type == WritParser.STRING)
                            && failure.expects(WritParser.SHA256);
            default -> false;
        };
    }

    /// Returns what a rule is called, with an example where the word alone does not say it.
    static String rule(int rule, Form form) {
        return switch (rule) {
            case WritParser.RULE_name, WritParser.RULE_qname, WritParser.RULE_word -> "a name";
            case WritParser.RULE_path, WritParser.RULE_root ->
                    "an attribute such as `prompt.tokens`";
            case WritParser.RULE_expr -> form == Form.EFFECT ? "a value" : "a condition";
            case WritParser.RULE_conjunction,
                    WritParser.RULE_negation,
                    WritParser.RULE_comparison ->
                    "a condition";
            case WritParser.RULE_sum,
                    WritParser.RULE_term,
                    WritParser.RULE_atom,
                    WritParser.RULE_primary ->
                    "a value";
            case WritParser.RULE_literal -> "a value such as `4k`, `30s` or `\"text\"`";
            case WritParser.RULE_test -> "a comparison such as `> 5` or `is x`";
            case WritParser.RULE_call -> "`(`";
            case WritParser.RULE_list -> "a list such as `[\"a\", \"b\"]`";
            case WritParser.RULE_range -> "a range such as `8..18`";
            case WritParser.RULE_quantity -> "an amount such as `200k tokens`";
            case WritParser.RULE_unit -> "a unit such as `tokens`";
            case WritParser.RULE_timeoutPart -> "a time such as `30s`";
            case WritParser.RULE_rate, WritParser.RULE_allowance ->
                    "a rate such as `200k tokens per minute`";
            case WritParser.RULE_target -> "a model, `pool NAME` or `route NAME`";
            case WritParser.RULE_denial -> "`deny`";
            case WritParser.RULE_origin -> "`env`, `file` or `vault`";
            case WritParser.RULE_effect -> "an effect such as `deny` or `tag`";
            case WritParser.RULE_facts, WritParser.RULE_fact -> "a fact such as `team NAME`";
            case WritParser.RULE_outcomes, WritParser.RULE_outcome ->
                    "an outcome such as `allow` or `deny`";
            case WritParser.RULE_behaviour -> "`up`, `down`, `slow`, `answers` or `breaks`";
            case WritParser.RULE_whenPart -> "`when`";
            case WritParser.RULE_claim -> "`claim`";
            case WritParser.RULE_days -> "a day of the week";
            case WritParser.RULE_dates -> "a day such as `\"2026-12-24\"`";
            case WritParser.RULE_spending -> "an amount such as `$2_000 per month`";
            case WritParser.RULE_scope -> "a scope such as `team` or `user`";
            case WritParser.RULE_guardAct -> "`mask`, `deny` or `tag`";
            case WritParser.RULE_streamMode -> "`window`, `inline`, `buffer` or `audit`";
            case WritParser.RULE_budgetProp -> Form.BUDGET_PROPERTY.aNoun();
            case WritParser.RULE_say -> "`say`";
            case WritParser.RULE_toolVerb -> "`allow`, `approve` or `deny`";
            case WritParser.RULE_toolRef -> "a tool such as `github.get_issue`";
            case WritParser.RULE_toolExtra -> "`limit`, `by`, `guard` or `say`";
            default -> "something else";
        };
    }

    /// Returns what a token is called.
    static String token(int type) {
        return switch (type) {
            case WritParser.STRING -> "a text in double quotes";
            case WritParser.NUMBER -> "a number";
            case WritParser.PERCENT -> "a share such as `5%`";
            case WritParser.DURATION -> "a time such as `30s`";
            case WritParser.MONEY -> "an amount of money such as `$2.00`";
            case WritParser.IDENT, WritParser.QUOTED -> "a name";
            default -> "`%s`".formatted(spelling(type));
        };
    }

    /// Returns how a keyword or sign is written.
    static String spelling(int type) {
        String quoted = WritParser.VOCABULARY.getLiteralName(type);
        return quoted == null ? "…" : quoted.substring(1, quoted.length() - 1);
    }

    /// Returns `a`, `a or b`, `a, b or c`.
    static String or(List<String> nouns) {
        if (nouns.size() == 1) {
            return nouns.getFirst();
        }
        return String.join(", ", nouns.subList(0, nouns.size() - 1)) + " or " + nouns.getLast();
    }
}
