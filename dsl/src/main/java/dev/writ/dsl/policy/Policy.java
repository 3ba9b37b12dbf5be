package dev.writ.dsl.policy;

import dev.writ.dsl.source.Span;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A whole policy, checked: nothing in it can be wrong any more.
///
/// Names are unique over the whole tree, each kind for itself, so they stand as declared, without
/// the alias of a `use`.
///
/// @param id SHA-256 over the sources and the compiler's version, 64 hex digits
/// @param facts every fact that a condition or a `set` reads, in slot order
/// @param tests in the order of files and declarations
public record Policy(
        String name,
        String id,
        List<Provider> providers,
        List<Model> models,
        List<Pool> pools,
        List<Route> routes,
        List<Team> teams,
        List<Identity> identities,
        List<Rule> rules,
        List<Calendar> calendars,
        List<Fact> facts,
        List<PolicyTest> tests) {
    public Policy {
        providers = List.copyOf(providers);
        models = List.copyOf(models);
        pools = List.copyOf(pools);
        routes = List.copyOf(routes);
        teams = List.copyOf(teams);
        identities = List.copyOf(identities);
        rules = List.copyOf(rules);
        calendars = List.copyOf(calendars);
        facts = List.copyOf(facts);
        tests = List.copyOf(tests);
    }

    /// Where a secret's value is to be read when it is needed; never the value.
    public sealed interface Secret {
        String name();

        record FromEnv(String name, String variable) implements Secret {}

        record FromFile(String name, String path) implements Secret {}

        /// A field of a secret in a vault.
        ///
        /// @param mount where the secrets engine is mounted
        /// @param path of the secret there
        record FromVault(String name, String mount, String path, String field) implements Secret {}
    }

    /// An endpoint that serves models.
    ///
    /// @param kind one of the vocabulary's
    /// @param url null where the kind has its own
    /// @param region where it computes; `unknown` where the policy does not say
    public record Provider(
            String name,
            Span span,
            String kind,
            @Nullable String url,
            String region,
            @Nullable Secret key,
            @Nullable String apiVersion,
            Timeouts timeouts,
            @Nullable Simulation simulation) {}

    /// How long to wait for a provider.
    ///
    /// @param connect for a connection, TLS included
    /// @param firstByte from the end of the request to the first byte of the answer
    /// @param idle between two pieces of an answer
    /// @param total for the whole call
    public record Timeouts(Duration connect, Duration firstByte, Duration idle, Duration total) {
        public static final Timeouts DEFAULT =
                new Timeouts(
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(60),
                        Duration.ofMinutes(10));
    }

    /// How a simulated provider behaves; which requests fail follows from the request id.
    ///
    /// @param tokensPerSecond 0 for as fast as can be
    /// @param failBasisPoints share of the requests that get `failStatus`
    /// @param breakBasisPoints share of the answers that are cut after `breakAfterTokens`
    /// @param reply null for an answer made from the request
    public record Simulation(
            Duration latency,
            long tokensPerSecond,
            int failBasisPoints,
            int failStatus,
            int breakBasisPoints,
            long breakAfterTokens,
            @Nullable String reply) {}

    /// A model of a provider.
    ///
    /// @param index its place in [Policy#models]
    /// @param upstreamName what the provider calls it
    /// @param contextTokens 0 where the policy does not say
    /// @param price null where the policy does not say
    public record Model(
            int index,
            String name,
            Span span,
            Provider provider,
            String upstreamName,
            long contextTokens,
            @Nullable Price price,
            Set<Capability> capabilities) {
        public Model {
            capabilities = Set.copyOf(capabilities);
        }
    }

    /// What tokens cost.
    ///
    /// @param inNanosPerMillion nano-dollars for 1,000,000 input tokens
    /// @param outNanosPerMillion nano-dollars for 1,000,000 output tokens
    public record Price(long inNanosPerMillion, long outNanosPerMillion) {
        private static final long MILLION = 1_000_000L;

        /// Returns the nano-dollars of tokens, rounded up; at the end of the range of `long` where
        /// they would leave it.
        public long nanos(long inputTokens, long outputTokens) {
            long in = nanosOf(inputTokens, inNanosPerMillion);
            long out = nanosOf(outputTokens, outNanosPerMillion);
            return in > Long.MAX_VALUE - out ? Long.MAX_VALUE : in + out;
        }

        private static long nanosOf(long tokens, long nanosPerMillion) {
            if (Math.multiplyHigh(tokens, nanosPerMillion) != 0 || tokens * nanosPerMillion < 0) {
                return Long.MAX_VALUE;
            }
            return Math.ceilDiv(tokens * nanosPerMillion, MILLION);
        }
    }

    /// Where an arm sends a request.
    public sealed interface Target {
        record ToModel(Model model) implements Target {}

        record ToPool(Pool pool) implements Target {}

        /// The request goes on at the arms of another route.
        record ToRoute(String route) implements Target {}
    }

    /// Several models for one purpose.
    ///
    /// @param members at least one; which is tried first is the choice's affair
    /// @param fallbacks tried in this order when the chosen member fails
    /// @param commitTokens after how many tokens a stream is passed on, and is final;
    ///     [#FIRST_BYTE] for with its first byte
    /// @param hedge when a second attempt begins beside a silent one; null for never
    /// @param canary which model a share of the requests tries before all others; null for none
    /// @param mirror which model gets copies of requests, too; null for none
    public record Pool(
            String name,
            Span span,
            Choice choice,
            List<Member> members,
            List<Fallback> fallbacks,
            Retry retry,
            int commitTokens,
            @Nullable Hedge hedge,
            @Nullable Canary canary,
            @Nullable Mirror mirror) {
        /// A stream is passed on as soon as it begins.
        public static final int FIRST_BYTE = 0;

        /// A pool that passes streams on with their first byte, and has neither hedge, canary nor
        /// mirror.
        public Pool(
                String name,
                Span span,
                Choice choice,
                List<Member> members,
                List<Fallback> fallbacks,
                Retry retry) {
            this(name, span, choice, members, fallbacks, retry, FIRST_BYTE, null, null, null);
        }

        public Pool {
            members = List.copyOf(members);
            fallbacks = List.copyOf(fallbacks);
        }

        /// Returns the models to which any request of the pool may come: members, then fallbacks,
        /// as written.
        public List<Model> ordinary() {
            return Stream.concat(
                            members.stream().map(Member::model),
                            fallbacks.stream().map(Fallback::model))
                    .toList();
        }

        /// Returns every model to which a request may be sent: the ordinary ones, and canary and
        /// mirror.
        public List<Model> models() {
            if (canary == null && mirror == null) {
                return ordinary();
            }
            List<Model> models = new ArrayList<>(ordinary());
            if (canary != null) {
                models.add(canary.model());
            }
            if (mirror != null) {
                models.add(mirror.model());
            }
            return models;
        }

        /// How the first member is chosen.
        public enum Choice {
            /// By share, from a hash of the request id.
            WEIGHTED,
            /// The only member: `first`.
            FIRST,
            /// The member with the fewest calls under way.
            LEAST_IN_FLIGHT,
            /// The member with the lowest peak-sensitive average latency times calls under way.
            FASTEST,
            /// The member with the lowest price for this request.
            CHEAPEST
        }

        /// A model that may be chosen first.
        ///
        /// @param basisPoints its share; they sum to 10,000 in a weighted pool, else 0
        public record Member(Model model, int basisPoints) {}

        /// A model for when the attempts before it failed.
        ///
        /// @param causes on which failures of the attempts before it is tried; never empty
        public record Fallback(Model model, Set<Cause> causes) {
            public Fallback {
                causes = Set.copyOf(causes);
            }
        }

        /// When a request is sent to a second model although the first has not failed.
        ///
        /// @param after how long the first has been silent
        /// @param basisPointsMax of how many of the latest requests, as a share
        public record Hedge(Duration after, int basisPointsMax) {}

        /// A model on trial: a share of the requests tries it first, and goes on as if it were not
        /// there when it fails.
        ///
        /// @param basisPoints share of the requests
        /// @param stop when no more requests try it; null for never
        public record Canary(Model model, int basisPoints, By by, @Nullable Stop stop) {
            /// What stays on one side.
            public enum By {
                REQUEST("request"),
                /// The user of the key, or the key itself where it is nobody's.
                USER("user"),
                TEAM("team");

                private final String word;

                By(String word) {
                    this.word = word;
                }

                /// Returns how policies write it.
                public String word() {
                    return word;
                }
            }

            /// When no more requests try it: as soon as so many of the latest failed.
            ///
            /// @param basisPoints share of the latest requests that failed
            /// @param requests how many the latest are, at least 1
            public record Stop(int basisPoints, int requests) {
                private static final int ALL = 10_000;

                /// Returns how many failures among the latest requests stop it, at least 1.
                public int failures() {
                    return Math.ceilDiv(basisPoints * requests, ALL);
                }
            }
        }

        /// A model that gets copies of requests, whose answers nobody sees.
        ///
        /// @param basisPoints share of the requests, chosen by request id
        public record Mirror(Model model, int basisPoints) {}

        /// How often the same model is tried again.
        ///
        /// @param times how often the same model is tried again; 0 for never
        /// @param within only while the call is younger than this
        public record Retry(int times, Duration within) {
            public static final Retry NEVER = new Retry(0, Duration.ZERO);
        }
    }

    /// What clients call.
    ///
    /// @param index its place in [Policy#routes]
    /// @param aliases what clients may call it: its name first, then those that are written
    public record Route(int index, String name, Span span, List<String> aliases, List<Arm> arms) {
        public Route {
            aliases = List.copyOf(aliases);
            arms = List.copyOf(arms);
        }
    }

    /// A way that a route may take; the first whose condition is certainly true.
    ///
    /// @param label its place in the label set of [Attribute#ARM]
    public record Arm(int label, String name, Span span, Condition when, ArmAction action) {}

    /// What an arm does.
    public sealed interface ArmAction {
        record Go(Target target) implements ArmAction {}

        record Refuse(Denial denial) implements ArmAction {}
    }

    /// What a refused client is told.
    ///
    /// @param status 400 to 599; 403 where the policy does not say
    /// @param text empty where the policy does not say
    public record Denial(int status, String text) {}

    /// Who may use what.
    ///
    /// @param index its place in [Policy#teams]
    /// @param regions that every provider must be in; empty without such a promise
    public record Team(
            int index,
            String name,
            Span span,
            List<String> users,
            List<Key> keys,
            List<Grant> grants,
            Set<String> regions) {
        public Team {
            users = List.copyOf(users);
            keys = List.copyOf(keys);
            grants = List.copyOf(grants);
            regions = Set.copyOf(regions);
        }
    }

    /// A virtual key: only its digest is known.
    ///
    /// @param label its place in the label set of [Attribute#KEY]
    /// @param sha256 64 hex digits in lower case
    /// @param user null for a key of the whole team
    public record Key(int label, String name, Span span, String sha256, @Nullable String user) {
        /// Returns the 32 bytes of the digest.
        public byte[] digest() {
            return HexFormat.of().parseHex(sha256);
        }
    }

    /// Which routes a team may use, and when.
    ///
    /// @param routes places in [Policy#routes]
    public record Grant(Span span, Set<Integer> routes, Condition when) {
        public Grant {
            routes = Set.copyOf(routes);
        }
    }

    /// Whose word counts about callers that show a signed token, a JWT, in the place of a key.
    ///
    /// @param index its place in [Policy#identities]
    /// @param issuer as tokens name it, letter for letter; no two identities have the same
    /// @param audiences of which a token must name one
    /// @param jwks where the issuer's keys are; null where the issuer itself tells
    /// @param memberships at least one; the first that holds of a token tells the caller's team
    /// @param user what names the user, and every token must have; null where nothing does
    /// @param tags whose values become tags of the request
    /// @param leeway how far the issuer's clock and ours may differ
    public record Identity(
            int index,
            String name,
            Span span,
            String issuer,
            List<String> audiences,
            @Nullable String jwks,
            List<Membership> memberships,
            @Nullable Claim user,
            List<Claim> tags,
            Duration leeway) {
        /// What `identity` is for callers that show a key.
        public static final String NONE = "none";

        /// What differs between clocks where the policy does not say.
        public static final Duration LEEWAY_DEFAULT = Duration.ofSeconds(30);

        public Identity {
            audiences = List.copyOf(audiences);
            memberships = List.copyOf(memberships);
            tags = List.copyOf(tags);
        }

        /// Tells whether some token makes its caller one of the team.
        public boolean leadsTo(Team team) {
            return memberships.stream().anyMatch(each -> each.team() == team.index());
        }
    }

    /// Who is in a team.
    ///
    /// @param team its place in [Policy#teams]
    /// @param claim that must have one of the values; null for everybody
    /// @param values empty without a claim
    public record Membership(int team, @Nullable Claim claim, Set<String> values) {
        public Membership {
            values = Set.copyOf(values);
        }
    }

    /// What a token says under a name.
    ///
    /// @param path the name of the claim, then the names of what lies in it; at least one
    public record Claim(List<String> path) {
        public Claim {
            path = List.copyOf(path);
        }

        /// Returns the last name.
        public String name() {
            return path.getLast();
        }
    }

    /// What happens to requests of any team.
    ///
    /// @param index its place in [Policy#rules]
    public record Rule(
            int index, String name, Span span, Phase phase, Condition when, List<Effect> effects) {
        public Rule {
            effects = List.copyOf(effects);
        }
    }

    /// What a rule does when it fires.
    public sealed interface Effect {
        record Deny(Denial denial) implements Effect {}

        /// Denies unless the condition is certainly true.
        record Require(Condition condition, Denial denial) implements Effect {}

        record Tag(String tag) implements Effect {}

        record SetNumber(Settable field, Condition.NumberTerm value) implements Effect {}

        record SetText(Settable field, String value) implements Effect {}

        record SetFlag(Settable field, boolean value) implements Effect {}

        /// Keeps a number of the request within bounds, after whatever rules of the phase set. A
        /// request without it is taken as one with what providers take then.
        ///
        /// @param least in the unit of the field's type; `Long.MIN_VALUE` for no bound
        /// @param most likewise, at least `least`
        record Clamp(Settable field, long least, long most) implements Effect {}

        /// Adds a message to those of the client.
        record AddMessage(Message message) implements Effect {}

        /// Writes a decision record of the request.
        ///
        /// @param full with every fact that rules read, but texts
        /// @param basisPoints share of the requests, chosen by request id
        record Audit(boolean full, int basisPoints) implements Effect {}
    }

    /// A message that a policy adds to a chat.
    ///
    /// @param first whether it stands before the messages of the client, else behind them
    public record Message(boolean first, Role role, Template text) {
        /// Whose message it is.
        public enum Role {
            SYSTEM,
            DEVELOPER,
            USER;

            /// Returns how policies and providers write it.
            public String word() {
                return name().toLowerCase(Locale.ROOT);
            }
        }
    }

    /// A field of the request that a rule may set.
    public enum Settable {
        MAX_TOKENS("request.max_tokens", ValueType.TOKENS, Long.MAX_VALUE),
        TEMPERATURE("request.temperature", ValueType.NUMBER, 1_000_000),
        TOP_P("request.top_p", ValueType.NUMBER, 1_000_000),
        SEED("request.seed", ValueType.NUMBER),
        REASONING_EFFORT("request.reasoning_effort", ValueType.TEXT),
        SERVICE_TIER("request.service_tier", ValueType.TEXT),
        USER("request.user", ValueType.TEXT),
        PARALLEL_TOOL_CALLS("request.parallel_tool_calls", ValueType.BOOL),
        STORE("request.store", ValueType.BOOL);

        private final String path;
        private final ValueType type;
        private final @Nullable Long whenAbsent;

        Settable(String path, ValueType type) {
            this(path, type, null);
        }

        Settable(String path, ValueType type, long whenAbsent) {
            this(path, type, (Long) whenAbsent);
        }

        Settable(String path, ValueType type, @Nullable Long whenAbsent) {
            this.path = path;
            this.type = type;
            this.whenAbsent = whenAbsent;
        }

        /// Tells whether it is a number of which it is known what providers take without it.
        public boolean canBeClamped() {
            return whenAbsent != null;
        }

        /// Returns what providers take for a request without it, in the unit of the type.
        ///
        /// @throws IllegalStateException unless it can be clamped
        public long whenAbsent() {
            Long known = whenAbsent;
            if (known == null) {
                throw new IllegalStateException(path + " cannot be clamped");
            }
            return known;
        }

        /// Returns how policies write it.
        public String path() {
            return path;
        }

        public ValueType type() {
            return type;
        }
    }
}
