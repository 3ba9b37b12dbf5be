package dev.writ.dsl.policy;

import static dev.writ.dsl.policy.Phase.REQUEST;
import static dev.writ.dsl.policy.Phase.RESPONSE;
import static dev.writ.dsl.policy.Phase.ROUTE;
import static dev.writ.dsl.policy.Phase.STREAM;
import static dev.writ.dsl.policy.ValueType.BOOL;
import static dev.writ.dsl.policy.ValueType.BYTES;
import static dev.writ.dsl.policy.ValueType.COLLECTION;
import static dev.writ.dsl.policy.ValueType.DURATION;
import static dev.writ.dsl.policy.ValueType.LABEL;
import static dev.writ.dsl.policy.ValueType.NUMBER;
import static dev.writ.dsl.policy.ValueType.TEXT;
import static dev.writ.dsl.policy.ValueType.TOKENS;
import static dev.writ.dsl.policy.ValueType.USD;

/// Everything that a condition can ask about a request: the closed world of the language.
///
/// A new attribute is an entry here; the compiler then names the places that must fill it.
public enum Attribute {
    TEAM("team", LABEL, false, REQUEST, "the team of the caller, by key or token"),
    TEAM_REGION(
            "team.region",
            LABEL,
            false,
            REQUEST,
            "the region that the team must stay in; `anywhere` without such a promise, `several` with more than one region"),
    KEY(
            "key",
            LABEL,
            false,
            REQUEST,
            "the name of the key that was used, as `team/key`; none of these where a token was"),
    IDENTITY(
            "identity",
            LABEL,
            false,
            REQUEST,
            "the identity that vouches for the caller's token; `none` where a key was used"),
    USER("user", LABEL, true, REQUEST, "the user to whom the key belongs, or whom the token names"),
    CALLER_CLAIM("caller.claim", TEXT, true, REQUEST, "a claim of the caller's token, by name", 1),

    REQUEST_ENDPOINT(
            "request.endpoint", LABEL, false, REQUEST, "`chat`, `completions` or `embeddings`"),
    REQUEST_MODEL("request.model", TEXT, false, REQUEST, "the model that the client asked for"),
    REQUEST_STREAM("request.stream", BOOL, false, REQUEST, "the client asked for a stream"),
    REQUEST_MAX_TOKENS(
            "request.max_tokens",
            TOKENS,
            true,
            REQUEST,
            "the most output that the client asked for, under either of its names"),
    REQUEST_TEMPERATURE("request.temperature", NUMBER, true, REQUEST, "sampling temperature"),
    REQUEST_TOP_P("request.top_p", NUMBER, true, REQUEST, "nucleus sampling share"),
    REQUEST_N("request.n", NUMBER, true, REQUEST, "how many answers were asked for"),
    REQUEST_SEED("request.seed", NUMBER, true, REQUEST, "the seed for sampling"),
    REQUEST_REASONING_EFFORT(
            "request.reasoning_effort", TEXT, true, REQUEST, "how long to reason, as asked for"),
    REQUEST_SERVICE_TIER("request.service_tier", TEXT, true, REQUEST, "the tier asked for"),
    REQUEST_USER("request.user", TEXT, true, REQUEST, "the body's `user` field, not verified"),
    REQUEST_MESSAGES_COUNT(
            "request.messages.count", NUMBER, false, REQUEST, "how many messages there are"),
    REQUEST_TOOLS("request.tools", COLLECTION, true, REQUEST, "the tools that are offered"),
    REQUEST_TOOLS_COUNT("request.tools.count", NUMBER, false, REQUEST, "how many tools; 0 if none"),
    REQUEST_IMAGES("request.images", COLLECTION, true, REQUEST, "the images in the messages"),
    REQUEST_IMAGES_COUNT(
            "request.images.count", NUMBER, false, REQUEST, "how many images; 0 if none"),
    REQUEST_RESPONSE_FORMAT(
            "request.response_format",
            TEXT,
            true,
            REQUEST,
            "the type of the answer's form: `json_object`, `json_schema` or `text`"),
    REQUEST_BYTES("request.bytes", BYTES, false, REQUEST, "the size of the body"),
    REQUEST_HEADER("request.header", TEXT, true, REQUEST, "a header of the request, by name", 1),
    REQUEST_METADATA(
            "request.metadata",
            TEXT,
            true,
            REQUEST,
            "an entry of the body's `metadata`, by key",
            1),

    PROMPT_TOKENS("prompt.tokens", TOKENS, false, REQUEST, "the size of the prompt in tokens"),
    PROMPT_TEXT("prompt.text", TEXT, false, REQUEST, "the text of all messages"),

    TIME_HOUR("time.hour", NUMBER, false, REQUEST, "the hour of the day in UTC, 0 to 23"),
    TIME_WEEKDAY("time.weekday", LABEL, false, REQUEST, "`monday` to `sunday`, in UTC"),

    CALENDAR("calendar", BOOL, false, REQUEST, "a calendar of the policy is open, by name", 1),

    ROUTE_NAME("route", LABEL, false, ROUTE, "the route that answers"),
    ARM("arm", LABEL, false, ROUTE, "the arm of the route that was taken, as `route/arm`"),

    PROVIDER("provider", LABEL, true, STREAM, "the provider that answered, if one did"),
    PROVIDER_REGION("provider.region", LABEL, true, STREAM, "its region"),
    MODEL("model", LABEL, true, STREAM, "the model that answered, if one did"),

    STREAM_TEXT(
            "stream.text",
            TEXT,
            false,
            STREAM,
            "a text of the answer, as far as it has come; on `stream` only"),
    STREAM_TOKENS(
            "stream.tokens",
            TOKENS,
            false,
            STREAM,
            "the size of all texts of the answer so far, estimated; on `stream` only"),

    RESPONSE_STATUS("response.status", NUMBER, false, RESPONSE, "the status that the client got"),
    RESPONSE_LATENCY(
            "response.latency",
            DURATION,
            false,
            RESPONSE,
            "from the request's first byte to the answer's last"),
    RESPONSE_FIRST_BYTE(
            "response.first_byte",
            DURATION,
            true,
            RESPONSE,
            "from the request's first byte to the answer's first"),
    RESPONSE_INPUT_TOKENS(
            "response.input_tokens", TOKENS, true, RESPONSE, "input that the provider reported"),
    RESPONSE_OUTPUT_TOKENS(
            "response.output_tokens", TOKENS, true, RESPONSE, "output that the provider reported"),
    RESPONSE_COST(
            "response.cost",
            USD,
            true,
            RESPONSE,
            "what the answer cost, where usage was reported and the model has a price"),
    RESPONSE_ATTEMPTS(
            "response.attempts", NUMBER, false, RESPONSE, "how many upstream calls were made");

    private final String path;
    private final ValueType type;
    private final boolean optional;
    private final Phase from;
    private final String meaning;
    private final int arguments;

    Attribute(String path, ValueType type, boolean optional, Phase from, String meaning) {
        this(path, type, optional, from, meaning, 0);
    }

    Attribute(
            String path,
            ValueType type,
            boolean optional,
            Phase from,
            String meaning,
            int arguments) {
        this.path = path;
        this.type = type;
        this.optional = optional;
        this.from = from;
        this.meaning = meaning;
        this.arguments = arguments;
    }

    /// Returns how policies write it, without the name that some have behind it.
    public String path() {
        return path;
    }

    /// Returns how policies write it, with `NAME` where a name of the author's stands.
    public String written() {
        return this == CALENDAR ? path + ".NAME" : path + (arguments > 0 ? "(\"NAME\")" : "");
    }

    public ValueType type() {
        return type;
    }

    /// Tells whether a request may be without it.
    public boolean optional() {
        return optional;
    }

    /// Returns the first phase that can see it.
    public Phase from() {
        return from;
    }

    /// Tells whether rules of a phase can see it.
    public boolean isKnownIn(Phase phase) {
        return switch (this) {
            case STREAM_TEXT, STREAM_TOKENS -> phase == STREAM;
            default -> from.compareTo(phase) <= 0;
        };
    }

    /// Returns what it is, for reference pages.
    public String meaning() {
        return meaning;
    }

    /// Returns how many names stand behind it: 0 or 1.
    public int arguments() {
        return arguments;
    }
}
