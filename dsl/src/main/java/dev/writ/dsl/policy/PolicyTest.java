package dev.writ.dsl.policy;

import dev.writ.dsl.source.Span;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A test of a policy, checked: requests, and what must come of each.
///
/// @param span of its head, for messages
/// @param inSteps whether each request comes after the one before, in the same world; otherwise
///     each has a world of its own
/// @param requests at least one
public record PolicyTest(String name, Span span, boolean inSteps, List<Request> requests) {
    /// What the clock of a test says that does not set it: noon of a Monday.
    public static final Instant NOON = Instant.parse("2026-01-05T12:00:00Z");

    /// The id of the requests of a test that does not give them one.
    public static final String REQUEST_ID = "test";

    public PolicyTest {
        requests = List.copyOf(requests);
    }

    /// Returns how many requests the test sends.
    public int sent() {
        return requests.stream().mapToInt(Request::times).sum();
    }

    /// A request, with everything that the test says of it.
    ///
    /// @param span of the line that sends it
    /// @param caller who sends it
    /// @param asked what the client calls the route: its name or an alias
    /// @param values what it has and is without, beside who calls and what is asked for
    /// @param times how often it is sent, one after the other
    /// @param after what passes before it is sent, the first time
    /// @param at what the clock says then; null where it goes on from the request before
    /// @param canary whether it is of those that try the canary of their pool
    /// @param mirror whether it is of those that their pool mirrors
    /// @param providers how providers behave from this request on; the others as before
    /// @param expected what must come of it, each time
    public record Request(
            Span span,
            Caller caller,
            String asked,
            List<Value> values,
            int times,
            Duration after,
            @Nullable Instant at,
            String requestId,
            Side canary,
            Side mirror,
            Map<String, Behaviour> providers,
            List<Expected> expected) {
        public Request {
            values = List.copyOf(values);
            providers = Map.copyOf(providers);
            expected = List.copyOf(expected);
        }
    }

    /// Who sends a request.
    public sealed interface Caller {
        /// Returns the name of the team.
        String team();

        /// Whoever has a key of a team.
        record ByKey(String team, String key) implements Caller {}

        /// Somebody whom an identity vouches for. What the token says beside is in the values of
        /// the request.
        ///
        /// @param user null for nobody in particular
        record ByToken(String team, String identity, @Nullable String user) implements Caller {}
    }

    /// What a request has of an attribute, or that it is without.
    public sealed interface Value {
        Attribute attribute();

        /// Returns the header or metadata key; null for attributes without one.
        default @Nullable String argument() {
            return null;
        }

        /// A number in the unit of the attribute's type.
        record Amount(Attribute attribute, long value) implements Value {}

        record Text(Attribute attribute, @Nullable String argument, String value)
                implements Value {}

        /// A word of the closed set of the attribute.
        record Label(Attribute attribute, String word) implements Value {}

        record Flag(Attribute attribute, boolean value) implements Value {}

        /// It has the collection.
        record Present(Attribute attribute) implements Value {}

        /// It is without.
        record Absent(Attribute attribute, @Nullable String argument) implements Value {}
    }

    /// How a provider answers.
    public sealed interface Behaviour {
        /// Well, and at once.
        record Up() implements Behaviour {}

        /// It cannot be reached.
        record Down() implements Behaviour {}

        /// Well, with this time before the first byte.
        record Slow(Duration time) implements Behaviour {}

        /// With a status of an error.
        record Answers(int status) implements Behaviour {}

        /// Its answers end before they should.
        ///
        /// @param tokens how many come before that
        record Breaks(long tokens) implements Behaviour {}
    }

    /// What must come of a request.
    public sealed interface Expected {
        Span span();

        /// The opposite.
        record Not(Span span, Expected of) implements Expected {}

        record Allow(Span span) implements Expected {}

        /// Refused by a grant, a rule or an arm.
        ///
        /// @param status null for any
        /// @param text null for any
        record Deny(Span span, @Nullable Integer status, @Nullable String text)
                implements Expected {}

        /// Takes one of these arms.
        ///
        /// @param name as written
        /// @param labels their places in the label set of [Attribute#ARM]
        record Arm(Span span, String name, List<Integer> labels) implements Expected {
            public Arm {
                labels = List.copyOf(labels);
            }
        }

        /// An arm of this route is taken.
        record Route(Span span, String route) implements Expected {}

        /// This model answers.
        record Model(Span span, String model) implements Expected {}

        /// The request tried this model as the canary of its pool.
        record Canary(Span span, String model) implements Expected {}

        /// A copy of the request went to this model.
        record Mirror(Span span, String model) implements Expected {}

        /// A model of this provider answers.
        record Provider(Span span, String provider) implements Expected {}

        /// A model in this region answers.
        record Region(Span span, String region) implements Expected {}

        /// The rule does something.
        record Fires(Span span, String rule) implements Expected {}

        record Tag(Span span, String tag) implements Expected {}

        /// Rules set the field to this number, in the unit of its type.
        record SetNumber(Span span, Policy.Settable field, long value) implements Expected {}

        record SetText(Span span, Policy.Settable field, String value) implements Expected {}

        record SetFlag(Span span, Policy.Settable field, boolean value) implements Expected {}

        /// So many calls of providers were made.
        record Attempts(Span span, int count) implements Expected {}

        /// The client gets this status.
        record Status(Span span, int status) implements Expected {}

        /// The answer breaks off behind its first byte.
        record Broken(Span span) implements Expected {}
    }
}
