package dev.writ.dsl.check;

import java.time.Duration;

/// How much a policy may hold; beyond each of these it does not compile.
final class Limits {
    private Limits() {}

    static final int PROVIDERS_MAX = 500;
    static final int MODELS_MAX = 2_000;
    static final int POOLS_MAX = 2_000;
    static final int POOL_MODELS_MAX = 100;
    static final int ROUTES_MAX = 2_000;
    static final int ROUTE_ALIASES_MAX = 100;
    static final int ROUTE_ARMS_MAX = 500;
    static final int TEAMS_MAX = 1_000;
    static final int KEYS_MAX = 100_000;
    static final int USERS_MAX = 100_000;
    static final int GRANTS_PER_TEAM_MAX = 500;
    static final int RULES_MAX = 10_000;
    static final int EFFECTS_PER_RULE_MAX = 50;
    static final int SECRETS_MAX = 1_000;
    static final int CALENDARS_MAX = 100;

    static final int SIGNALS_MAX = 100;

    static final int CACHES_MAX = 100;

    static final int GUARDS_MAX = 100;

    static final int BUDGETS_MAX = 1_000;

    static final int LIMITS_MAX = 1_000;

    static final int SERVERS_MAX = 100;
    static final int IDENTITIES_MAX = 50;

    /// Lines `team` of one identity.
    static final int MEMBERSHIPS_MAX = 1_000;

    /// Audiences of one identity, and claims that become tags.
    static final int IDENTITY_WORDS_MAX = 20;

    /// Names of a claim in a claim.
    static final int CLAIM_DEPTH_MAX = 5;

    /// How far clocks may differ.
    static final Duration LEEWAY_MAX = Duration.ofMinutes(5);

    static final int TESTS_MAX = 5_000;

    /// Requests of one test, repetitions included.
    static final int TEST_REQUESTS_MAX = 1_000;

    /// Requests of all tests of a policy.
    static final int ALL_TEST_REQUESTS_MAX = 50_000;

    /// The longest time that passes at once in a test.
    static final Duration TEST_TIME_MAX = Duration.ofDays(400);

    /// Seconds since 1970 at the end of the year 9999.
    static final long TEST_SECOND_MAX = 253_402_300_800L;

    /// Different attributes, headers and metadata keys that conditions read.
    static final int FACTS_MAX = 1_000;

    /// Files of one policy.
    static final int FILES_MAX = 1_000;

    /// A declared name, in UTF-16 units: it stands in headers, logs and metrics.
    static final int NAME_LENGTH_MAX = 100;

    /// Elements of a list in a condition.
    static final int LIST_ELEMENTS_MAX = 10_000;

    /// A text that stands in a policy, in UTF-16 units.
    static final int TEXT_LENGTH_MAX = 10_000;

    /// A tag, and what clients may call a route, in UTF-16 units.
    static final int WORD_LENGTH_MAX = 200;

    /// A pattern of `matches`, in UTF-16 units.
    static final int PATTERN_LENGTH_MAX = 1_000;

    /// Instructions that a pattern of `matches` compiles to.
    static final int PATTERN_INSTRUCTIONS_MAX = 10_000;

    /// Characters, places and branches of all patterns of rules on `stream`, with repetitions
    /// written out: each stream keeps its place in all of them.
    static final int STREAM_PATTERNS_SIZE_MAX = 50_000;

    static final int RETRIES_MAX = 10;

    /// Of how many requests of a pool are hedged where `hedge` does not say.
    static final int HEDGES_BASIS_POINTS_DEFAULT = 1_000;

    /// Of how many requests a canary's failures are counted.
    static final int CANARY_REQUESTS_MAX = 10_000;

    /// The same where `stop` does not say.
    static final int CANARY_REQUESTS_DEFAULT = 1_000;

    /// Tokens of a stream that are held back until it is passed on.
    static final int COMMIT_TOKENS_MAX = 1_000;

    /// How long a call goes on retrying where `retry` does not say.
    static final Duration RETRY_WITHIN_DEFAULT = Duration.ofSeconds(2);

    /// The longest of any time that a policy sets.
    static final Duration TIME_MAX = Duration.ofHours(1);

    /// Diagnostics of one check; what is beyond is counted only.
    static final int DIAGNOSTICS_MAX = 1_000;

    /// Alternatives of a condition that are compared one by one; beyond, nothing is claimed.
    static final int CASES_MAX = 64;
}
