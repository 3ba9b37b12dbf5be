package dev.writ.dsl.check;

import dev.writ.dsl.diagnostic.DiagnosticCode;

/// What a declared name stands for; each kind is a space of names of its own.
public enum Kind {
    SECRET("secret", DiagnosticCode.UNKNOWN_PROVIDER_OR_SECRET, Limits.SECRETS_MAX),
    PROVIDER("provider", DiagnosticCode.UNKNOWN_PROVIDER_OR_SECRET, Limits.PROVIDERS_MAX),
    MODEL("model", DiagnosticCode.UNKNOWN_MODEL, Limits.MODELS_MAX),
    POOL("pool", DiagnosticCode.UNKNOWN_NAME, Limits.POOLS_MAX),
    ROUTE("route", DiagnosticCode.UNKNOWN_NAME, Limits.ROUTES_MAX),
    TEAM("team", DiagnosticCode.UNKNOWN_NAME, Limits.TEAMS_MAX),
    IDENTITY("identity", DiagnosticCode.UNKNOWN_NAME, Limits.IDENTITIES_MAX),
    CALENDAR("calendar", DiagnosticCode.UNKNOWN_NAME, Limits.CALENDARS_MAX),
    SIGNAL("signal", DiagnosticCode.UNKNOWN_NAME, Limits.SIGNALS_MAX),
    CACHE("cache", DiagnosticCode.UNKNOWN_NAME, Limits.CACHES_MAX),
    GUARD("guard", DiagnosticCode.UNKNOWN_NAME, Limits.GUARDS_MAX),
    BUDGET("budget", DiagnosticCode.UNKNOWN_NAME, Limits.BUDGETS_MAX),
    LIMIT("limit", DiagnosticCode.UNKNOWN_NAME, Limits.LIMITS_MAX),
    SERVER("server", DiagnosticCode.UNKNOWN_NAME, Limits.SERVERS_MAX),
    RULE("rule", DiagnosticCode.UNKNOWN_NAME, Limits.RULES_MAX);

    private final String noun;
    private final DiagnosticCode unknown;
    private final int max;

    Kind(String noun, DiagnosticCode unknown, int max) {
        this.noun = noun;
        this.unknown = unknown;
        this.max = max;
    }

    /// Returns the keyword, which is also what messages call it.
    public String noun() {
        return noun;
    }

    /// Returns what messages call it, with its article.
    public String aNoun() {
        return (this == IDENTITY ? "an " : "a ") + noun;
    }

    /// Returns what messages call several.
    String plural() {
        return this == IDENTITY ? "identities" : noun + "s";
    }

    /// Returns the code of a name of this kind that nobody declares.
    DiagnosticCode unknown() {
        return unknown;
    }

    /// Returns how many of them a policy may declare.
    int max() {
        return max;
    }
}
