package dev.writ.dsl.check;

import dev.writ.dsl.policy.Condition;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/// The alternatives of the conditions of a policy, for all who prove something of them: those of
/// each condition are found once.
final class CaseTable {
    private record Both(@Nullable Cases yes, @Nullable Cases no) {}

    private final IdentityHashMap<Condition, Both> found = new IdentityHashMap<>();

    /// Returns what [Cases#of] gives for a condition that is true or unknown.
    @Nullable Cases yes(Condition condition) {
        return both(condition).yes();
    }

    /// Returns what [Cases#of] gives for a condition that is false or unknown.
    @Nullable Cases no(Condition condition) {
        return both(condition).no();
    }

    private Both both(Condition condition) {
        return found.computeIfAbsent(
                condition, each -> new Both(Cases.of(each, true), Cases.of(each, false)));
    }
}
