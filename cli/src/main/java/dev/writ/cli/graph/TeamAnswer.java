package dev.writ.cli.graph;

import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.Condition;
import dev.writ.dsl.policy.LabelSet;
import dev.writ.dsl.policy.Policy;
import java.util.List;

/// What a condition is for the requests of a team, as far as the team decides it.
enum TeamAnswer {
    YES,
    NO,
    /// It depends on the request.
    MAYBE;

    static TeamAnswer of(Condition condition, Policy.Team team) {
        return switch (condition) {
            case Condition.Constant constant -> of(constant.value());
            case Condition.Not not ->
                    switch (of(not.operand(), team)) {
                        case YES -> NO;
                        case NO -> YES;
                        case MAYBE -> MAYBE;
                    };
            case Condition.All all -> joined(all.operands(), team, NO, YES);
            case Condition.Any any -> joined(any.operands(), team, YES, NO);
            case Condition.LabelIn in -> label(in, team);
            case Condition.Present _,
                    Condition.Flag _,
                    Condition.NumberCompare _,
                    Condition.TextPasses _ ->
                    MAYBE;
        };
    }

    private static TeamAnswer of(boolean value) {
        return value ? YES : NO;
    }

    private static TeamAnswer joined(
            List<Condition> operands, Policy.Team team, TeamAnswer decisive, TeamAnswer otherwise) {
        TeamAnswer all = otherwise;
        for (Condition operand : operands) {
            TeamAnswer here = of(operand, team);
            if (here == decisive) {
                return decisive;
            }
            all = here == MAYBE ? MAYBE : all;
        }
        return all;
    }

    private static TeamAnswer label(Condition.LabelIn in, Policy.Team team) {
        LabelSet labels = in.fact().labels();
        String known =
                switch (in.fact().attribute()) {
                    case TEAM -> team.name();
                    case TEAM_REGION -> region(team);
                    case Attribute _ -> "";
                };
        int place = labels == null || known.isEmpty() ? -1 : labels.indexOf(known);
        return place < 0 ? MAYBE : of(in.labels().get(place));
    }

    /// What `team.region` gives.
    private static String region(Policy.Team team) {
        return switch (team.regions().size()) {
            case 0 -> "anywhere";
            case 1 -> team.regions().iterator().next();
            default -> "several";
        };
    }
}
