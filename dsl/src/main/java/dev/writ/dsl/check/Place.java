package dev.writ.dsl.check;

import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.Phase;

/// Where in a policy a condition stands, which decides what it can see.
enum Place {
    GRANT(Phase.REQUEST, "in `may use`"),
    ARM(Phase.REQUEST, "in the arms of a route"),
    REQUEST_RULE(Phase.REQUEST, "on `request`"),
    ROUTE_RULE(Phase.ROUTE, "on `route`"),
    STREAM_RULE(Phase.STREAM, "on `stream`"),
    RESPONSE_RULE(Phase.RESPONSE, "on `response`"),
    /// A test says what all phases see.
    TEST(Phase.RESPONSE, "in a test");

    private final Phase phase;
    private final String words;

    Place(Phase phase, String words) {
        this.phase = phase;
        this.words = words;
    }

    /// Tells whether an attribute is visible.
    boolean sees(Attribute attribute) {
        return this == TEST || attribute.isKnownIn(phase);
    }

    /// Returns the last phase whose attributes are visible.
    Phase phase() {
        return phase;
    }

    /// Returns how messages name the place.
    String words() {
        return words;
    }

    /// Returns the place of rules of a phase.
    static Place of(Phase phase) {
        return switch (phase) {
            case REQUEST -> REQUEST_RULE;
            case ROUTE -> ROUTE_RULE;
            case STREAM -> STREAM_RULE;
            case RESPONSE -> RESPONSE_RULE;
        };
    }
}
