package dev.writ.dsl.check;

import dev.writ.dsl.policy.Condition;
import java.util.BitSet;
import java.util.List;

/// Which facts a request surely has, from what is known of a condition.
final class Presence {
    private Presence() {}

    /// Returns the slots of facts that are present wherever the condition is not false.
    static BitSet ifTrue(Condition condition) {
        return switch (condition) {
            case Condition.Present present -> one(present.fact().slot());
            case Condition.LabelIn labelIn -> one(labelIn.fact().slot());
            case Condition.Flag flag -> one(flag.fact().slot());
            case Condition.Not not -> ifFalse(not.operand());
            case Condition.All all -> inAny(all.operands(), true);
            case Condition.Any any -> inEach(any.operands(), true);
            case Condition.Constant _, Condition.NumberCompare _, Condition.TextPasses _ ->
                    new BitSet();
        };
    }

    /// Returns the slots of facts that are present wherever the condition is not true.
    static BitSet ifFalse(Condition condition) {
        return switch (condition) {
            case Condition.Not not -> ifTrue(not.operand());
            case Condition.All all -> inEach(all.operands(), false);
            case Condition.Any any -> inAny(any.operands(), false);
            case Condition.Present _,
                    Condition.LabelIn _,
                    Condition.Flag _,
                    Condition.Constant _,
                    Condition.NumberCompare _,
                    Condition.TextPasses _ ->
                    new BitSet();
        };
    }

    private static BitSet inAny(List<Condition> conditions, boolean value) {
        BitSet slots = new BitSet();
        for (Condition condition : conditions) {
            slots.or(value ? ifTrue(condition) : ifFalse(condition));
        }
        return slots;
    }

    private static BitSet inEach(List<Condition> conditions, boolean value) {
        BitSet slots = null;
        for (Condition condition : conditions) {
            BitSet here = value ? ifTrue(condition) : ifFalse(condition);
            if (slots == null) {
                slots = here;
            } else {
                slots.and(here);
            }
        }
        return slots == null ? new BitSet() : slots;
    }

    private static BitSet one(int slot) {
        BitSet slots = new BitSet();
        slots.set(slot);
        return slots;
    }
}
