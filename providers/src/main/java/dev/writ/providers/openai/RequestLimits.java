package dev.writ.providers.openai;

/// How much of anything a request may have. What is above is a [BadRequest].
///
/// The size of the body itself is the business of whoever receives it.
public final class RequestLimits {
    private RequestLimits() {}

    /// Objects and arrays inside of one another, the body itself included.
    public static final int DEPTH_MAX = 100;

    /// Fields of the body itself.
    public static final int FIELDS_MAX = 256;

    /// Fields of all objects that are open at one place of the body.
    public static final int OPEN_FIELDS_MAX = 20_000;

    /// The name of a field, in UTF-16 units.
    public static final int NAME_LENGTH_MAX = 512;

    /// A number of a field that is read, in characters.
    public static final int NUMBER_CHARS_MAX = 100;

    public static final int MESSAGES_MAX = 20_000;

    /// Texts in all messages, prompts or inputs together.
    public static final int TEXTS_MAX = 100_000;

    /// Texts or token arrays of `prompt` or `input`, as OpenAI has it.
    public static final int INPUTS_MAX = 2_048;

    /// `model`, in UTF-16 units.
    public static final int MODEL_LENGTH_MAX = 256;

    /// `role` of a message, and each word that names one of several ways, such as `service_tier`,
    /// in UTF-16 units.
    public static final int WORD_LENGTH_MAX = 64;

    /// `user`, in UTF-16 units.
    public static final int USER_LENGTH_MAX = 1_024;

    /// Entries of `metadata`, as OpenAI has it.
    public static final int METADATA_MAX = 16;

    /// A key of `metadata`, in UTF-16 units, as OpenAI has it.
    public static final int METADATA_KEY_LENGTH_MAX = 64;

    /// A value of `metadata`, in UTF-16 units, as OpenAI has it.
    public static final int METADATA_VALUE_LENGTH_MAX = 512;

    /// `max_tokens` and `max_completion_tokens`.
    public static final long TOKENS_MAX = 1_000_000_000;

    /// `n`, as OpenAI has it.
    public static final long ANSWERS_MAX = 128;

    /// `seed`, which goes up to the largest `long`.
    public static final long SEED_MIN = Long.MIN_VALUE + 1;

    /// `temperature` in millionths. OpenAI takes 2 at most; others more.
    public static final long TEMPERATURE_MICROS_MAX = 100_000_000;

    /// `top_p` in millionths.
    public static final long TOP_P_MICROS_MAX = 1_000_000;
}
