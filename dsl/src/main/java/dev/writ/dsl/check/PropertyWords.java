package dev.writ.dsl.check;

import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.Capability;
import dev.writ.dsl.policy.Cause;
import dev.writ.dsl.policy.Phase;
import java.util.Arrays;
import java.util.List;

/// The closed sets of words that stand in properties: none of them is declared anywhere.
public final class PropertyWords {
    /// Behind `timeout`.
    public static final List<String> TIMEOUTS = Unknowns.TIMEOUT;

    /// Behind `choose`.
    public static final List<String> STRATEGIES = Unknowns.STRATEGY;

    /// Behind `canary … by`.
    public static final List<String> SPLITS = Unknowns.SPLIT;

    /// Behind `audit`.
    public static final List<String> AUDITS = Unknowns.AUDIT;

    /// Behind `prepend` and `append`.
    public static final List<String> ROLES = Unknowns.ROLE;

    /// Behind `per`.
    public static final List<String> PERIODS =
            List.of("second", "minute", "hour", "day", "week", "month");

    /// Behind `open` in calendars.
    public static final List<String> WEEKDAYS = Calendars.DAYS;

    /// Behind `rule … on`.
    public static final List<String> PHASES =
            Arrays.stream(Phase.values()).map(Phase::word).toList();

    /// Behind `can`.
    public static final List<String> CAPABILITIES =
            Arrays.stream(Capability.values()).map(Capability::word).toList();

    /// Behind `then … on`.
    public static final List<String> CAUSES =
            Arrays.stream(Cause.values()).map(Cause::word).toList();

    /// Before `=` in tests.
    public static final List<Attribute> FACTS =
            Arrays.stream(Attribute.values()).filter(TestFacts::isFact).toList();

    /// What tests call all that a model answers.
    public static final String ANSWER = TestFacts.ANSWER;

    private PropertyWords() {}
}
