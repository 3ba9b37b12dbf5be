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
/// @param shows null where every key and token is meant
/// @param facts what the conditions of the policy read
record Caller(Policy.Team team, @Nullable Shows shows, FactTable facts) {
    private static final List<Attribute> CALLER =
            List.of(
                    Attribute.TEAM,
                    Attribute.TEAM_REGION,
                    Attribute.KEY,
                    Attribute.IDENTITY,
                    Attribute.USER);

    /// By what callers are known.
    sealed interface Shows {
        record AKey(Policy.Key key) implements Shows {}

        /// A token that the identity vouches for.
        record AToken(Policy.Identity identity) implements Shows {}
    }

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
        int place = place(fact.attribute());
        return place < 0 ? Answer.EITHER : Answer.of(labels.get(place));
    }

    private Answer present(Fact fact) {
        return switch (fact.attribute()) {
            case USER ->
                    switch (shows) {
                        case null -> Answer.EITHER;
                        case Shows.AKey(Policy.Key key) -> Answer.of(key.user() != null);
                        case Shows.AToken(Policy.Identity identity) ->
                                Answer.of(identity.user() != null);
                    };
            case CALLER_CLAIM -> shows instanceof Shows.AKey ? Answer.FALSE : Answer.EITHER;
            case Attribute _ -> Answer.EITHER;
        };
    }

    /// Returns the place of what the attribute surely is, behind all labels where it is surely
    /// absent or none of them; -1 where it depends on the request.
    private int place(Attribute attribute) {
        return switch (attribute) {
            case TEAM -> facts.place(attribute, team.name());
            case TEAM_REGION -> facts.place(attribute, region(team));
            case KEY, IDENTITY, USER ->
                    switch (shows) {
                        case null -> -1;
                        case Shows.AKey(Policy.Key key) -> place(attribute, key);
                        case Shows.AToken(Policy.Identity identity) -> place(attribute, identity);
                    };
            case Attribute _ -> -1;
        };
    }

    private int place(Attribute attribute, Policy.Key key) {
        String user = key.user();
        return switch (attribute) {
            case KEY -> key.label();
            case USER -> user == null ? facts.count(attribute) : facts.place(attribute, user);
            case Attribute _ -> facts.place(attribute, Policy.Identity.NONE);
        };
    }

    private int place(Attribute attribute, Policy.Identity identity) {
        return switch (attribute) {
            case IDENTITY -> facts.place(attribute, identity.name());
            case USER -> identity.user() == null ? facts.count(attribute) : -1;
            case Attribute _ -> facts.count(attribute);
        };
    }

    /// Returns what is demanded of the facts of every request of the caller.
    Cases cases() {
        Case all = Case.ANY;
        for (Attribute attribute : CALLER) {
            Fact fact = facts.find(attribute);
            int place = place(attribute);
            if (fact != null && place >= 0) {
                BitSet places = new BitSet();
                places.set(place);
                Case joined = all.and(Case.labels(fact, places, false));
                all = joined == null ? all : joined;
            }
        }
        return new Cases(List.of(all));
    }
}
