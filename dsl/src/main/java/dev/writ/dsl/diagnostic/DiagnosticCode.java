package dev.writ.dsl.diagnostic;

import static dev.writ.dsl.diagnostic.DiagnosticCode.Severity.ERROR;
import static dev.writ.dsl.diagnostic.DiagnosticCode.Severity.LINT;
import static dev.writ.dsl.diagnostic.DiagnosticCode.Severity.WARNING;

import java.util.Locale;

/// The stable number of each kind of diagnostic. A number that was released is never used again.
public enum DiagnosticCode {
    UNEXPECTED_TOKEN(ERROR, 1),
    BAD_TEXT(ERROR, 2),
    MISSING_HEADER(ERROR, 3),
    UNKNOWN_KEYWORD(ERROR, 4),
    TOO_LARGE(ERROR, 5),
    NOT_AVAILABLE_YET(ERROR, 10),

    DUPLICATE_NAME(ERROR, 101),
    UNKNOWN_NAME(ERROR, 102),
    UNKNOWN_PROVIDER_OR_SECRET(ERROR, 103),
    UNKNOWN_MODEL(ERROR, 104),
    UNKNOWN_ATTRIBUTE(ERROR, 105),
    ATTRIBUTE_NOT_IN_PHASE(ERROR, 106),
    IMPORT_CYCLE(ERROR, 107),
    TARGET_CYCLE(ERROR, 108),
    OTHERWISE_MISSING_OR_NOT_LAST(ERROR, 109),
    UNUSED_DECLARATION(WARNING, 110),
    TEAM_WITHOUT_KEY(WARNING, 111),
    SAME_KEY_TWICE(ERROR, 112),
    CONFUSABLE_NAME(ERROR, 113),
    UNKNOWN_FILE(ERROR, 114),
    SAME_ISSUER_TWICE(ERROR, 115),

    TYPE_MISMATCH(ERROR, 201),
    OPTIONAL_NOT_RESOLVED(ERROR, 202),
    NOT_A_CONDITION(ERROR, 203),
    UNKNOWN_LABEL(ERROR, 204),
    VALUE_NOT_ALLOWED(ERROR, 205),
    PROPERTY_MISSING(ERROR, 206),
    PROPERTY_TWICE(ERROR, 207),
    DOES_NOT_FIT(ERROR, 208),
    SHARES_DO_NOT_SUM(ERROR, 220),
    CAUSE_NEVER_RETURNED(ERROR, 221),
    HEDGE_WITHOUT_ANOTHER(ERROR, 222),
    CANARY_IS_ORDINARY(ERROR, 223),
    SHADOWED_ARM(WARNING, 230),
    NEVER_TRUE(WARNING, 231),
    ALWAYS_TRUE(WARNING, 232),
    DENIED_ALREADY(WARNING, 233),
    SAME_CONDITION_TWICE(WARNING, 234),
    NO_TEAM_REACHES_ARM(WARNING, 236),
    BAD_TEMPLATE(ERROR, 240),

    SECRET_VALUE(ERROR, 301),
    LOOKS_LIKE_CREDENTIAL(ERROR, 302),
    PLAIN_KEY(ERROR, 303),
    NOT_HTTPS(ERROR, 304),
    DENY_AFTER_STREAM(ERROR, 321),
    EFFECT_NOT_IN_PHASE(ERROR, 322),
    KNOWN_AT_THE_END(ERROR, 323),
    MATCH_LONGER_THAN_HELD(WARNING, 324),
    PROVIDER_WITHOUT_TIMEOUT(WARNING, 330),

    CONFLICTING_SETS(ERROR, 420),

    LEAVES_REGION(ERROR, 501),
    NO_MODEL_LEFT(ERROR, 502),
    MODEL_CANNOT(ERROR, 503),
    PROMPT_TOO_LARGE(ERROR, 504),
    SAME_PROVIDER_FALLBACKS(WARNING, 505),

    REGEX_NOT_LINEAR(ERROR, 602),
    LANGUAGE_VERSION(ERROR, 612),

    TEST_FAILED(ERROR, 701),
    TESTS_TAKE_TOO_LONG(ERROR, 702),

    ALLOWED_WITHOUT_REASON(LINT, 801),
    ALLOWS_NOTHING(LINT, 802),
    DENIAL_WITHOUT_TEXT(LINT, 803),
    DENIAL_AS_FAILURE(LINT, 804),
    NAME_NOT_KEBAB(LINT, 805),
    RETRY_WITHOUT_WITHIN(LINT, 806),
    ARMS_TO_ONE_TARGET(LINT, 807),
    NOT_BEFORE_TEST(LINT, 808),
    DOUBLE_NEGATION(LINT, 809),
    PATTERN_WITHOUT_NEED(LINT, 810),
    LIST_OF_ONE(LINT, 811),
    REPEATED_ELEMENT(LINT, 812);

    /// How bad it is. An error keeps the policy from being used, a warning does not. A lint is only
    /// about how the policy is written.
    public enum Severity {
        ERROR("error", 'E'),
        WARNING("warning", 'W'),
        LINT("lint", 'L');

        private final String word;
        private final char letter;

        Severity(String word, char letter) {
            this.word = word;
            this.letter = letter;
        }

        public String word() {
            return word;
        }
    }

    private final Severity severity;
    private final int number;

    DiagnosticCode(Severity severity, int number) {
        this.severity = severity;
        this.number = number;
    }

    public Severity severity() {
        return severity;
    }

    /// Returns how people write it: `E0102`.
    public String id() {
        return String.format(Locale.ROOT, "%c%04d", severity.letter, number);
    }
}
