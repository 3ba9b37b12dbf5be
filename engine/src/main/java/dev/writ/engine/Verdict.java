package dev.writ.engine;

import dev.writ.dsl.policy.Policy;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What was decided, as values: a [Decision] that can be kept and compared.
///
/// @param reason null unless denied
/// @param reasonName the route of a missing grant, the rule, or the arm as `route/arm`
/// @param denial what the client is told; null unless denied
/// @param route the route whose arm was taken, else the one that was asked for; null before that
/// @param arm null before the route phase
/// @param target null where no arm was taken, or one that refuses
/// @param tags in the order of declaration within each phase, each once
/// @param sets what rules set, within the bounds that rules set
/// @param messages that rules add, in the order of declaration within each phase
/// @param auditBasisPoints share of the requests that leave a record; 0 for none
/// @param fullAuditBasisPoints share of the requests whose record holds every fact
/// @param fired the rules that did something, in the order of declaration within each phase
public record Verdict(
        boolean denied,
        @Nullable Reason reason,
        @Nullable String reasonName,
        Policy.@Nullable Denial denial,
        Policy.@Nullable Route route,
        Policy.@Nullable Arm arm,
        Policy.@Nullable Target target,
        List<String> tags,
        Map<Policy.Settable, SetValue> sets,
        List<Policy.Message> messages,
        int auditBasisPoints,
        int fullAuditBasisPoints,
        List<Policy.Rule> fired) {
    public Verdict {
        tags = List.copyOf(tags);
        sets = Map.copyOf(sets);
        messages = List.copyOf(messages);
        fired = List.copyOf(fired);
    }
}
