package dev.writ.dsl.syntax;

import dev.writ.dsl.source.Span;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A declaration of a policy file, as written.
public sealed interface Item {
    Span span();

    /// `use "file.writ" as alias`.
    record Use(Span span, Literal.Text file, @Nullable Name alias) implements Item {}

    /// `secret NAME from …`.
    record Secret(Span span, Name name, Origin origin) implements Item {
        /// Where the value comes from.
        public sealed interface Origin {
            /// `from env`, or `from env "VARIABLE"`; without a variable it is the secret's name.
            record Env(Literal.@Nullable Text variable) implements Origin {}

            /// `from file "/run/secrets/x"`.
            record File(Literal.Text path) implements Origin {}

            /// `from vault "…"`.
            record Vault(Span span, Literal.Text path) implements Origin {}

            /// `= "sk-…"`: a value in a file, which is never right.
            record Value(Span span) implements Origin {}
        }
    }

    /// `provider name { … }`.
    record Provider(Span span, Name name, List<ProviderProperty> properties) implements Item {
        public Provider {
            properties = List.copyOf(properties);
        }
    }

    /// What stands between the braces of a provider.
    sealed interface ProviderProperty {
        Span span();

        record Kind(Span span, Name kind) implements ProviderProperty {}

        record Url(Span span, Literal.Text url) implements ProviderProperty {}

        record Region(Span span, Name region) implements ProviderProperty {}

        record Key(Span span, Name secret) implements ProviderProperty {}

        /// `api-version "2024-10-21"`, for kinds that version their paths.
        record ApiVersion(Span span, Literal.Text version) implements ProviderProperty {}

        /// `timeout 60s`, `timeout connect 5s, first-byte 60s, idle 30s, total 10min`.
        record Timeout(Span span, List<Part> parts) implements ProviderProperty {
            /// One of the times.
            ///
            /// @param which `connect`, `first-byte`, `idle`, `total`; null means `first-byte`
            public record Part(Span span, @Nullable Name which, Literal.Time time) {}

            public Timeout {
                parts = List.copyOf(parts);
            }
        }

        /// `latency 50ms`: of a simulated provider, before its first byte.
        record Latency(Span span, Literal.Time time) implements ProviderProperty {}

        /// `pace 100 tokens per second`: of a simulated provider.
        record Pace(Span span, Rate rate) implements ProviderProperty {}

        /// `fail 5% with 503`: the share of requests that a simulated provider refuses.
        record Fail(Span span, Literal.Percent share, Literal.Quantity status)
                implements ProviderProperty {}

        /// `break 2% after 10 tokens`: the share of answers that a simulated provider cuts.
        record Break(Span span, Literal.Percent share, Literal.Quantity after)
                implements ProviderProperty {}

        /// `reply "text"`: what a simulated provider answers.
        record Reply(Span span, Literal.Text text) implements ProviderProperty {}

        /// `limit 200k tokens per minute`: what the provider takes.
        record Limit(Span span, Allowance allowance) implements ProviderProperty {}

        /// A word that is no property of a provider.
        record Unknown(Span span, Name keyword) implements ProviderProperty {}
    }

    /// `200k tokens per minute`.
    ///
    /// @param period `second`, `minute`, `hour`, `day`, `week`, `month`
    record Rate(Span span, Literal.Quantity amount, Name period) {}

    /// `model name on provider "name at the provider" { … }`.
    record Model(
            Span span,
            Name name,
            QualifiedName provider,
            Literal.Text upstreamName,
            List<ModelProperty> properties)
            implements Item {
        public Model {
            properties = List.copyOf(properties);
        }
    }

    /// What stands between the braces of a model.
    sealed interface ModelProperty {
        Span span();

        /// `context 128k tokens`.
        record Context(Span span, Literal.Quantity tokens) implements ModelProperty {}

        /// `price $2.00 in, $8.00 out per 1M tokens`.
        record Price(Span span, Literal.Money in, Literal.Money out, Literal.Quantity per)
                implements ModelProperty {}

        /// `can tools, vision, json, streaming`.
        record Can(Span span, List<Name> capabilities) implements ModelProperty {
            public Can {
                capabilities = List.copyOf(capabilities);
            }
        }

        /// A word that is no property of a model.
        record Unknown(Span span, Name keyword) implements ModelProperty {}
    }

    /// `pool name { … }`.
    record Pool(Span span, Name name, List<PoolProperty> properties) implements Item {
        public Pool {
            properties = List.copyOf(properties);
        }
    }

    /// What stands between the braces of a pool.
    sealed interface PoolProperty {
        Span span();

        /// `70% gpt`.
        ///
        /// @param percentSign false for `70 gpt`, which the checker explains
        record Share(Span span, BigDecimal percent, boolean percentSign, Target target)
                implements PoolProperty {}

        /// `first gpt`: the head of a pool that is tried in order.
        record First(Span span, Target target) implements PoolProperty {}

        /// `choose least-in-flight of gpt, claude`; also `fastest`, `cheapest`.
        record Choose(Span span, Name strategy, List<Target> targets) implements PoolProperty {
            public Choose {
                targets = List.copyOf(targets);
            }
        }

        /// `then claude on timeout, overloaded`.
        ///
        /// @param causes empty where none are written, which means all
        record Then(Span span, Target target, List<Name> causes) implements PoolProperty {
            public Then {
                causes = List.copyOf(causes);
            }
        }

        /// `retry 1 within 2s`.
        record Retry(Span span, Literal.Quantity times, Literal.@Nullable Time within)
                implements PoolProperty {}

        /// `commit after 1 token`.
        record Commit(Span span, Literal.Quantity tokens) implements PoolProperty {}

        /// `hedge after 2s up to 10%`.
        record Hedge(Span span, Literal.Time after, Literal.@Nullable Percent most)
                implements PoolProperty {}

        /// `canary 5% to claude by user stop at 2% failures in 500 requests`.
        ///
        /// @param by null where it is not written
        record Canary(
                Span span,
                Literal.Percent share,
                Target target,
                @Nullable Name by,
                @Nullable Stop stop)
                implements PoolProperty {
            /// `stop at 2% failures in 500 requests`.
            public record Stop(
                    Span span, Literal.Percent failures, Literal.@Nullable Quantity requests) {}
        }

        /// `mirror 5% to claude`.
        record Mirror(Span span, Literal.Percent share, Target target) implements PoolProperty {}

        /// A word that is no property of a pool.
        record Unknown(Span span, Name keyword) implements PoolProperty {}
    }

    /// Where a request goes: `gpt`, `pool general`, `route fast`.
    record Target(Span span, Kind kind, QualifiedName name) {
        public enum Kind {
            MODEL,
            POOL,
            ROUTE
        }
    }

    /// `deny 429 "text"`.
    record Denial(Span span, Literal.@Nullable Quantity status, Literal.@Nullable Text text) {}

    /// `route name as "alias" { arms }`.
    record Route(Span span, Name name, List<Literal.Text> aliases, List<Arm> arms) implements Item {
        public Route {
            aliases = List.copyOf(aliases);
            arms = List.copyOf(arms);
        }
    }

    /// `name when condition -> target`, `name otherwise -> target`.
    ///
    /// @param when null for `otherwise`
    record Arm(Span span, Name name, @Nullable Expr when, ArmAction action) {}

    /// What an arm does.
    sealed interface ArmAction {
        record Go(Target target) implements ArmAction {}

        record Refuse(Denial denial) implements ArmAction {}

        /// A place where a target should stand; the parser has said so already.
        record Missing(Span span) implements ArmAction {}
    }

    /// `team name { … }`.
    record Team(Span span, Name name, List<TeamProperty> properties) implements Item {
        public Team {
            properties = List.copyOf(properties);
        }
    }

    /// What stands between the braces of a team.
    sealed interface TeamProperty {
        Span span();

        /// `user alice, bob`.
        record Users(Span span, List<Name> names) implements TeamProperty {
            public Users {
                names = List.copyOf(names);
            }
        }

        /// `key laptop sha256 "9f86…" for alice`.
        record Key(Span span, Name name, Literal.Text sha256, @Nullable Name user)
                implements TeamProperty {}

        /// `key laptop "plain text"`: a key in clear, which is never right.
        record PlainKey(Span span, Name name, Span value) implements TeamProperty {}

        /// `may use chat, fast when …`.
        record MayUse(Span span, List<QualifiedName> routes, @Nullable Expr when)
                implements TeamProperty {
            public MayUse {
                routes = List.copyOf(routes);
            }
        }

        /// `stay in eu, uk`.
        record StayIn(Span span, List<Name> regions) implements TeamProperty {
            public StayIn {
                regions = List.copyOf(regions);
            }
        }

        /// `budget month $2_000 per month for team { … }`: a budget of this team.
        ///
        /// @param name null where none is written
        record Budget(
                Span span, @Nullable Name name, Spending spending, List<BudgetProperty> properties)
                implements TeamProperty {
            public Budget {
                properties = List.copyOf(properties);
            }
        }

        /// `budget shared`: one that is declared outside.
        record SharedBudget(Span span, QualifiedName budget) implements TeamProperty {}

        /// `limit 60 requests per minute per user`.
        ///
        /// @param name null where none is written
        record Limit(Span span, @Nullable Name name, Allowance allowance) implements TeamProperty {}

        /// `limit shared`: one that is declared outside.
        record SharedLimit(Span span, QualifiedName limit) implements TeamProperty {}

        /// `cache answers`.
        record Cache(Span span, QualifiedName cache) implements TeamProperty {}

        /// `guard pii, no-injection`.
        record Guards(Span span, List<QualifiedName> guards) implements TeamProperty {
            public Guards {
                guards = List.copyOf(guards);
            }
        }

        /// A word that is no property of a team.
        record Unknown(Span span, Name keyword) implements TeamProperty {}
    }

    /// `identity name { … }`.
    record Identity(Span span, Name name, List<IdentityProperty> properties) implements Item {
        public Identity {
            properties = List.copyOf(properties);
        }
    }

    /// What stands between the braces of an identity.
    sealed interface IdentityProperty {
        Span span();

        /// `issuer "https://login.example/"`.
        record Issuer(Span span, Literal.Text issuer) implements IdentityProperty {}

        /// `audience "writ", "api://writ"`.
        record Audience(Span span, List<Literal.Text> audiences) implements IdentityProperty {
            public Audience {
                audiences = List.copyOf(audiences);
            }
        }

        /// `jwks "https://login.example/keys"`.
        record Jwks(Span span, Literal.Text url) implements IdentityProperty {}

        /// `team support when claim "groups" is "eng-support"`, `team staff otherwise`.
        ///
        /// @param when null for `otherwise`
        record Team(Span span, QualifiedName team, @Nullable ClaimTest when)
                implements IdentityProperty {}

        /// `user from claim "sub"`.
        record User(Span span, Claim claim) implements IdentityProperty {}

        /// `tag from claim "department"`.
        record Tag(Span span, Claim claim) implements IdentityProperty {}

        /// `leeway 30s`.
        record Leeway(Span span, Literal.Time time) implements IdentityProperty {}

        /// A word that is no property of an identity.
        record Unknown(Span span, Name keyword) implements IdentityProperty {}

        /// `claim "groups"`, `claim "realm_access"."roles"`.
        ///
        /// @param path the name of a claim, then of what lies in it
        record Claim(Span span, List<Literal.Text> path) {
            public Claim {
                path = List.copyOf(path);
            }
        }

        /// `claim "groups" is "eng"`, `claim "groups" in ["eng", "ops"]`.
        record ClaimTest(Span span, Claim claim, List<Literal.Text> values) {
            public ClaimTest {
                values = List.copyOf(values);
            }
        }
    }

    /// `rule name on phase when condition { effects }`.
    record Rule(Span span, Name name, Name phase, @Nullable Expr when, List<Effect> effects)
            implements Item {
        public Rule {
            effects = List.copyOf(effects);
        }
    }

    /// What a rule does when it fires.
    sealed interface Effect {
        Span span();

        record Deny(Span span, Denial denial) implements Effect {}

        /// `require condition else deny …`.
        record Require(Span span, Expr condition, Denial denial) implements Effect {}

        record Tag(Span span, Literal.Text tag) implements Effect {}

        /// `set request.max_tokens = 4k`.
        record Set(Span span, Expr.Path path, Expr value) implements Effect {}

        /// `clamp request.max_tokens to 4k`, `clamp request.temperature to 0..1`.
        ///
        /// @param least null where only the most is written
        record Clamp(Span span, Expr.Path path, @Nullable Literal least, Literal most)
                implements Effect {}

        /// `prepend system "text {team}"`, `append user "text"`.
        ///
        /// @param first whether it stands before the messages of the client
        record AddMessage(Span span, boolean first, Name role, Literal.Text text)
                implements Effect {}

        /// `audit full`, `audit metadata`, `audit 10%`.
        ///
        /// @param level null where a share is written
        record Audit(Span span, @Nullable Name level, Literal.@Nullable Percent share)
                implements Effect {}

        /// `guard pii`: a check of this request and its answer.
        record Guard(Span span, QualifiedName guard) implements Effect {}

        /// A word that is no effect.
        record Unknown(Span span, Name keyword) implements Effect {}
    }

    /// `calendar name { … }`.
    record Calendar(Span span, Name name, List<CalendarProperty> properties) implements Item {
        public Calendar {
            properties = List.copyOf(properties);
        }
    }

    /// What stands between the braces of a calendar.
    sealed interface CalendarProperty {
        Span span();

        /// `zone "Europe/Berlin"`.
        record Zone(Span span, Literal.Text zone) implements CalendarProperty {}

        /// `open monday..friday, sunday from "08:00" to "18:00"`.
        ///
        /// @param from null together with `to`
        record Open(
                Span span, List<Days> days, Literal.@Nullable Text from, Literal.@Nullable Text to)
                implements CalendarProperty {
            public Open {
                days = List.copyOf(days);
            }
        }

        /// `closed "2026-05-01", "2026-12-24" to "2026-12-31"`.
        record Closed(Span span, List<Dates> days) implements CalendarProperty {
            public Closed {
                days = List.copyOf(days);
            }
        }

        /// A word that is no property of a calendar.
        record Unknown(Span span, Name keyword) implements CalendarProperty {}

        /// `monday..friday`, or one day.
        record Days(Span span, Name first, @Nullable Name last) {}

        /// `"2026-12-24" to "2026-12-31"`, or one day.
        record Dates(Span span, Literal.Text first, Literal.@Nullable Text last) {}
    }

    /// `test "name" for facts { lines }`.
    record Test(Span span, Literal.Text name, List<TestFact> facts, List<TestLine> lines)
            implements Item {
        public Test {
            facts = List.copyOf(facts);
            lines = List.copyOf(lines);
        }
    }

    /// `signal name : score by local "model" { … }`.
    ///
    /// @param type `score`, `label` or `flag`
    /// @param engine what computes it
    /// @param reference which one, in the words of the engine
    record Signal(
            Span span,
            Name name,
            Name type,
            Name engine,
            Literal.Text reference,
            List<SignalProperty> properties)
            implements Item {
        public Signal {
            properties = List.copyOf(properties);
        }
    }

    /// `cache name { … }`.
    record Cache(Span span, Name name, List<CacheProperty> properties) implements Item {
        public Cache {
            properties = List.copyOf(properties);
        }
    }

    /// `guard name { … }`.
    record Guard(Span span, Name name, List<GuardProperty> properties) implements Item {
        public Guard {
            properties = List.copyOf(properties);
        }
    }

    /// `budget name $50_000 per month for global { … }`.
    record Budget(Span span, Name name, Spending spending, List<BudgetProperty> properties)
            implements Item {
        public Budget {
            properties = List.copyOf(properties);
        }
    }

    /// `limit name 1_000 requests per minute`.
    record Limit(Span span, Name name, Allowance allowance) implements Item {}

    /// `server name { … }`: tools that models may call.
    record Server(Span span, Name name, List<ServerProperty> properties) implements Item {
        public Server {
            properties = List.copyOf(properties);
        }
    }

    /// `tools for team { … }`.
    record Tools(Span span, QualifiedName team, List<ToolRule> rules) implements Item {
        public Tools {
            rules = List.copyOf(rules);
        }
    }

    /// `always "name" { if premise then conclusion }`.
    ///
    /// @param premise null where the conclusion must hold for every request
    record Always(Span span, Literal.Text name, @Nullable Expr premise, Expr conclusion)
            implements Item {}

    /// A declaration of which too little can be read; the parser has said so. Its name counts as
    /// declared.
    ///
    /// @param name null where not even that can be read
    record Broken(Span span, Name keyword, @Nullable Name name) implements Item {}

    /// A word at the place of a declaration that begins none.
    record Unknown(Span span, Name keyword) implements Item {}
}
