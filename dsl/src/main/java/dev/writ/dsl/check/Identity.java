package dev.writ.dsl.check;

import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.Condition;
import dev.writ.dsl.policy.Fact;
import dev.writ.dsl.policy.Policy;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who asks, and what follows from that for conditions before anything else of a request is known.
///
/// @param key null where every key of the team is meant
record Identity(Policy.Team team, Policy.@Nullable Key key) {
    /// What a condition is for someone.
    enum Answer {
        TRUE,
        FALSE,
        /// It depends on the request.
        EITHER;

        private Answer not() {
            return switch (this) {
                case TRUE -> FALSE;
                case FALSE -> TRUE;
                case EITHER -> EITHER;
            };
        }

        private static Answer of(boolean value) {
            return value ? TRUE : FALSE;
        }
    }

    /// Returns the region that `team.region` gives for the team.
    static String region(Policy.Team team) {
        return switch (team.regions().size()) {
            case 0 -> Labels.ANYWHERE;
            case 1 -> team.regions().iterator().next();
            default -> Labels.SEVERAL;
        };
    }

    /// Returns whether the condition holds for every, for no, or for some of the requests.
    Answer answer(Condition condition) {
        return switch (condition) {
            case Condition.Constant constant -> Answer.of(constant.value());
            case Condition.Not not -> answer(not.operand()).not();
            case Condition.All all -> joined(all.operands(), Answer.FALSE, Answer.TRUE);
            case Condition.Any any -> joined(any.operands(), Answer.TRUE, Answer.FALSE);
            case Condition.LabelIn in -> label(in.fact(), in.labels());
            case Condition.Present present -> present(present.fact());
            case Condition.Flag _, Condition.NumberCompare _, Condition.TextPasses _ ->
                    Answer.EITHER;
        };
    }

    private Answer joined(List<Condition> operands, Answer decisive, Answer otherwise) {
        Answer all = otherwise;
        for (Condition operand : operands) {
            Answer here = answer(operand);
            if (here == decisive) {
                return decisive;
            }
            all = here == Answer.EITHER ? Answer.EITHER : all;
        }
        return all;
    }

    private Answer label(Fact fact, BitSet labels) {
        if (fact.labels() == null) {
            return Answer.EITHER;
        }
        Attribute attribute = fact.attribute();
        if (attribute == Attribute.TEAM) {
            return Answer.of(labels.get(fact.labels().indexOf(team.name())));
        }
        if (attribute == Attribute.TEAM_REGION) {
            return Answer.of(labels.get(fact.labels().indexOf(region(team))));
        }
        if (key == null) {
            return Answer.EITHER;
        }
        if (attribute == Attribute.KEY) {
            return Answer.of(labels.get(key.label()));
        }
        if (attribute == Attribute.USER) {
            String user = key.user();
            return Answer.of(user != null && labels.get(fact.labels().indexOf(user)));
        }
        return Answer.EITHER;
    }

    private Answer present(Fact fact) {
        return fact.attribute() == Attribute.USER && key != null
                ? Answer.of(key.user() != null)
                : Answer.EITHER;
    }
}
