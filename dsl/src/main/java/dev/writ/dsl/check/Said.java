package dev.writ.dsl.check;

import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.PolicyTest.Behaviour;
import dev.writ.dsl.policy.PolicyTest.Value;
import dev.writ.dsl.source.Span;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a list of facts says of a request and the world around it. Null and empty where it says
/// nothing.
final class Said {
    @Nullable String team;

    /// The name of a key, or `team/key`.
    @Nullable String key;

    @Nullable String user;

    /// The identity that vouches for the caller.
    @Nullable String identity;

    /// Where it says who calls.
    @Nullable Span caller;

    @Nullable String asked;
    final Map<String, Value> values = new LinkedHashMap<>();
    @Nullable Instant at;
    @Nullable Duration after;
    @Nullable Integer times;
    @Nullable String requestId;
    boolean canary;
    boolean mirrored;
    final Map<String, Behaviour> providers = new LinkedHashMap<>();

    /// Whether a part of it is reported, so that what it seems not to say may have been meant.
    boolean broken;

    /// Returns what this and, where this says nothing, `before` say of a request.
    ///
    /// Who calls, and what is asked for, are one thing each: a team here makes an end of a key
    /// there. So is a prompt: a text here makes an end of a size there.
    Said over(Said before) {
        Said both = new Said();
        both.broken = broken || before.broken;
        both.team = team != null || names(key) ? team : before.team;
        boolean other = team != null || key != null || user != null;
        both.key = other || identity != null ? key : before.key;
        both.user = other ? user : before.user;
        both.identity = identity != null ? identity : key == null ? before.identity : null;
        both.caller = caller != null ? caller : before.caller;
        both.asked = asked != null ? asked : before.asked;
        both.values.putAll(before.values);
        if (values.containsKey(Attribute.PROMPT_TEXT.path())) {
            both.values.remove(Attribute.PROMPT_TOKENS.path());
        }
        both.values.putAll(values);
        both.at = at != null ? at : before.at;
        both.after = after != null ? after : before.after;
        both.times = times != null ? times : before.times;
        // A request id of its own decides anew on which side a request is.
        both.canary = canary || (before.canary && requestId == null);
        both.mirrored = mirrored || (before.mirrored && requestId == null);
        both.requestId = requestId != null ? requestId : before.requestId;
        both.providers.putAll(before.providers);
        both.providers.putAll(providers);
        return both;
    }

    private static boolean names(@Nullable String key) {
        return key != null && key.indexOf(Labels.HALVES) >= 0;
    }

    /// Returns how values are told apart: `request.header("x-tier")`.
    static String place(Attribute attribute, @Nullable String argument) {
        return argument == null
                ? attribute.path()
                : "%s(\"%s\")".formatted(attribute.path(), argument);
    }

    /// Tells whether it says something that only tokens say.
    boolean claims() {
        return values.values().stream()
                .anyMatch(
                        value ->
                                value.attribute() == Attribute.CALLER_CLAIM
                                        && value instanceof Value.Text);
    }

    void put(Value value) {
        values.put(place(value.attribute(), value.argument()), value);
    }
}
