package dev.writ.engine.testing;

import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.Fact;
import dev.writ.dsl.policy.Phase;
import dev.writ.dsl.policy.PolicyTest;
import dev.writ.dsl.policy.PolicyTest.Value;
import dev.writ.engine.Caller;
import dev.writ.engine.Claims;
import dev.writ.engine.Facts;
import dev.writ.engine.PolicySnapshot;
import dev.writ.engine.routing.Needs;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// The facts of a request as a test tells them: what it names, and for the rest that the request
/// is without, or the one value that says least.
final class RequestValues {
    private static final long MICROS = 1_000_000L;
    private static final long NOT_COUNTED = -1;

    private final Map<Attribute, Value> plain = new HashMap<>();
    private final Map<String, Value> named = new HashMap<>();
    private long counted = NOT_COUNTED;

    RequestValues(PolicyTest.Request request) {
        for (Value value : request.values()) {
            if (value.argument() == null) {
                plain.put(value.attribute(), value);
            } else {
                named.put(place(value.attribute(), value.argument()), value);
            }
        }
    }

    /// Returns what the token of a request says, as far as the test tells it.
    static Claims claims(PolicyTest.Request request) {
        Map<String, Claims.Value> said = new HashMap<>();
        for (Value value : request.values()) {
            if (value instanceof Value.Text(Attribute attribute, String name, String text)
                    && attribute == Attribute.CALLER_CLAIM
                    && name != null) {
                said.put(name, new Claims.Value.Text(text));
            }
        }
        return claim ->
                claim.path().size() == 1
                        ? said.getOrDefault(claim.name(), new Claims.Value.Absent())
                        : new Claims.Value.Absent();
    }

    private static String place(Attribute attribute, @Nullable String argument) {
        return attribute.path() + " " + argument;
    }

    /// Fills what is known before the request is decided.
    ///
    /// @param tokens counts the tokens of a prompt
    void fill(
            Facts facts,
            PolicySnapshot snapshot,
            Caller caller,
            String asked,
            Instant now,
            ToLongFunction<String> tokens) {
        facts.reset(caller);
        for (Attribute attribute : Attribute.values()) {
            if (attribute.from() == Phase.REQUEST && attribute.arguments() == 0) {
                Value value = plain.get(attribute);
                if (value != null) {
                    put(facts, value);
                } else {
                    neutral(facts, attribute, asked, now);
                }
            }
        }
        if (snapshot.reads(Attribute.PROMPT_TOKENS)
                && !plain.containsKey(Attribute.PROMPT_TOKENS)) {
            facts.putNumber(Attribute.PROMPT_TOKENS, promptTokens(tokens));
        }
        snapshot.fillCalendars(facts, now.toEpochMilli());
        List<Fact> all = snapshot.facts();
        for (Fact fact : all) {
            String argument = fact.argument();
            if (argument != null && isOfRequest(fact.attribute())) {
                String said =
                        named.get(place(fact.attribute(), argument))
                                        instanceof Value.Text(_, _, String text)
                                ? text
                                : null;
                if (said == null) {
                    facts.putAbsent(fact);
                } else {
                    facts.putText(fact, said);
                }
            }
        }
    }

    /// Tells whether an attribute with a name comes with the request, not with the clock or the
    /// caller.
    private static boolean isOfRequest(Attribute attribute) {
        return attribute != Attribute.CALENDAR && attribute != Attribute.CALLER_CLAIM;
    }

    /// Fills what a request has that says nothing of it.
    private static void neutral(Facts facts, Attribute attribute, String asked, Instant now) {
        ZonedDateTime time = now.atZone(ZoneOffset.UTC);
        switch (attribute) {
            case TEAM, TEAM_REGION, KEY, IDENTITY, USER, PROMPT_TOKENS -> {} // known from elsewhere
            case REQUEST_ENDPOINT -> facts.putLabel(attribute, "chat");
            case REQUEST_MODEL -> facts.putText(attribute, asked);
            case REQUEST_STREAM -> facts.putFlag(attribute, false);
            case REQUEST_MESSAGES_COUNT -> facts.putNumber(attribute, MICROS);
            case REQUEST_TOOLS_COUNT, REQUEST_IMAGES_COUNT, REQUEST_BYTES ->
                    facts.putNumber(attribute, 0);
            case PROMPT_TEXT -> facts.putText(attribute, "");
            case TIME_HOUR -> facts.putNumber(attribute, time.getHour() * MICROS);
            case TIME_WEEKDAY -> facts.putLabel(attribute, word(time.getDayOfWeek()));
            default -> facts.putAbsent(attribute);
        }
    }

    private static String word(DayOfWeek day) {
        return day.name().toLowerCase(Locale.ROOT);
    }

    /// Fills an attribute of the answer, unless the test says what it is.
    void answer(Facts facts, Attribute attribute, @Nullable Long number) {
        Value said = plain.get(attribute);
        if (said != null) {
            put(facts, said);
        } else if (number != null) {
            facts.putNumber(attribute, number);
        } else {
            facts.putAbsent(attribute);
        }
    }

    /// Returns the number that the test says, or null.
    @Nullable Long number(Attribute attribute) {
        return plain.get(attribute) instanceof Value.Amount(_, long number) ? number : null;
    }

    /// Returns the text that the test says, or null.
    @Nullable String text(Attribute attribute) {
        return plain.get(attribute) instanceof Value.Text(_, _, String text) ? text : null;
    }

    /// Returns what a model must be able to do for the request.
    ///
    /// @param tokens counts the tokens of a prompt
    Needs needs(ToLongFunction<String> tokens) {
        return new Needs(
                Needs.abilities(
                        plain.get(Attribute.REQUEST_TOOLS) instanceof Value.Present,
                        plain.get(Attribute.REQUEST_IMAGES) instanceof Value.Present,
                        text(Attribute.REQUEST_RESPONSE_FORMAT),
                        streams(),
                        plain.get(Attribute.REQUEST_ENDPOINT) instanceof Value.Label(_, String word)
                                && word.equals("embeddings")),
                promptTokens(tokens),
                _ -> true);
    }

    /// Returns the size of the prompt, which is counted once.
    private long promptTokens(ToLongFunction<String> tokens) {
        Long size = number(Attribute.PROMPT_TOKENS);
        if (size != null) {
            return size;
        }
        if (counted == NOT_COUNTED) {
            String prompt = text(Attribute.PROMPT_TEXT);
            counted = prompt == null ? 0 : tokens.applyAsLong(prompt);
        }
        return counted;
    }

    /// Tells whether the client asks for a stream.
    boolean streams() {
        return plain.get(Attribute.REQUEST_STREAM) instanceof Value.Flag(_, boolean yes) && yes;
    }

    private static void put(Facts facts, Value value) {
        switch (value) {
            case Value.Amount(Attribute attribute, long number) ->
                    facts.putNumber(attribute, number);
            case Value.Text(Attribute attribute, _, String text) -> facts.putText(attribute, text);
            case Value.Label(Attribute attribute, String word) -> facts.putLabel(attribute, word);
            case Value.Flag(Attribute attribute, boolean yes) -> facts.putFlag(attribute, yes);
            case Value.Present(Attribute attribute) -> facts.putCollection(attribute);
            case Value.Absent(Attribute attribute, _) -> facts.putAbsent(attribute);
        }
    }
}
