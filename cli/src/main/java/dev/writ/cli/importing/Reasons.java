package dev.writ.cli.importing;

import java.util.Map;

/// Why something of a file is not imported, by its key.
///
/// @param byKey the key itself, or the key with what leads to it
record Reasons(Map<String, String> byKey) {
    static final String OTHERWISE = "a policy has nothing that corresponds";
    static final String CACHE = "caching is not part of an import; decide it anew";
    static final String OBSERVE = "logs and metrics are the gateway's own";
    static final String STORE = "a policy needs no database";
    static final String BUDGET =
            "budgets are not imported; write them once it is clear whose they are";
    static final String LIMIT = "limits on requests and tokens are not imported";
    static final String GUARD = "guardrails are not imported";
    static final String CREDENTIAL = "credentials of this kind are not available";

    Reasons {
        byKey = Map.copyOf(byKey);
    }

    String of(Section.Left left) {
        String whole = byKey.get(left.path());
        return whole == null ? byKey.getOrDefault(left.key(), OTHERWISE) : whole;
    }
}
