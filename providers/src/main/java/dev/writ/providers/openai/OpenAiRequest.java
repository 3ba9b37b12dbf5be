package dev.writ.providers.openai;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A request in OpenAI's format: what policies ask of it, and the bytes that it came as.
///
/// Fields that are null count as not there. What the gateway does not know passes through as it
/// stands. Texts and tokens are found when they are first asked for. Not for several threads at
/// once.
public final class OpenAiRequest {
    /// The number of a field that is not there.
    public static final long ABSENT = Long.MIN_VALUE;

    private final RequestFields read;
    private long textBytes = ABSENT;
    private @Nullable String promptText;
    private long promptTokens = ABSENT;

    private OpenAiRequest(RequestFields read) {
        this.read = read;
    }

    /// Reads the first `length` bytes of `body`, which must stay as they are from now on. A byte
    /// order mark is read over and not sent on.
    ///
    /// @throws BadRequest if they are not what the endpoint takes, or above [RequestLimits]
    public static OpenAiRequest read(Endpoint endpoint, byte[] body, int length) throws BadRequest {
        return new OpenAiRequest(RequestReader.read(endpoint, body, length));
    }

    public Endpoint endpoint() {
        return read.endpoint;
    }

    /// Returns the size of the body in bytes.
    public int length() {
        return read.length;
    }

    public String model() {
        return read.model;
    }

    public boolean stream() {
        return read.stream;
    }

    /// Tells whether a stream shall end with its usage: `stream_options.include_usage`.
    public boolean includeUsage() {
        return read.includeUsage;
    }

    /// Returns `max_tokens` or `max_completion_tokens`, at least 1; or [#ABSENT].
    public long maxTokens() {
        return read.maxTokens;
    }

    /// Returns millionths, rounded; or [#ABSENT].
    public long temperatureMicros() {
        return read.temperatureMicros;
    }

    /// Returns millionths, rounded; or [#ABSENT].
    public long topPMicros() {
        return read.topPMicros;
    }

    /// Returns how many answers are asked for, at least 1; or [#ABSENT].
    public long n() {
        return read.n;
    }

    /// Returns any whole number; or [#ABSENT].
    public long seed() {
        return read.seed;
    }

    /// Returns how many messages there are: at least 1 for chat.
    public int messageCount() {
        return read.messageCount;
    }

    /// Returns how many tools are offered, older `functions` included.
    public int toolCount() {
        return read.toolCount;
    }

    public boolean hasTools() {
        return read.toolCount > 0;
    }

    /// Returns how many parts of messages are images, or may be: also those that have no `type` or
    /// that only other servers than OpenAI's know.
    public int imageCount() {
        return read.imageCount;
    }

    public @Nullable String reasoningEffort() {
        return read.reasoningEffort;
    }

    public @Nullable String serviceTier() {
        return read.serviceTier;
    }

    public @Nullable String user() {
        return read.user;
    }

    /// Returns the `type` of `response_format`, such as `json_schema`.
    public @Nullable String responseFormat() {
        return read.responseFormat;
    }

    /// Returns the text of one entry of `metadata`.
    public @Nullable String metadata(String key) {
        String[] entries = read.metadata;
        for (int i = 0; i < entries.length; i += 2) {
            if (entries[i].equals(key)) {
                return entries[i + 1];
            }
        }
        return null;
    }

    /// Returns how many bytes [#promptText] has in UTF-8. Much cheaper than the text itself.
    public long textBytes() {
        if (textBytes == ABSENT) {
            long bytes = Math.max(0, read.texts.size() - 1);
            for (int i = 0; i < read.texts.size(); i++) {
                bytes += JsonText.decodedBytes(read.body, read.texts, i);
            }
            textBytes = bytes;
        }
        return textBytes;
    }

    /// Returns all that a model is given to read, in the order of the body and with a line break
    /// between two: texts and text parts of messages, whoever's they are, arguments of tool calls,
    /// results of tools, reasoning that is given back; or the texts of `prompt` and `suffix`, or
    /// of `input`. Definitions of tools are not among them. Half of a surrogate pair becomes
    /// U+FFFD.
    public String promptText() {
        if (promptText == null) {
            byte[] text = new byte[Math.toIntExact(textBytes())];
            int at = 0;
            for (int i = 0; i < read.texts.size(); i++) {
                if (i > 0) {
                    text[at++] = '\n';
                }
                at = JsonText.decode(read.body, read.texts, i, text, at);
            }
            promptText = new String(text, 0, at, StandardCharsets.UTF_8);
        }
        return promptText;
    }

    /// Returns how many tokens the prompt has: exact for text messages to OpenAI's models with the
    /// encoding `o200k_base`, an estimate for all others. See [PromptTokens] for what is counted.
    ///
    /// The first count of a process loads the encoding, which takes about a second; see
    /// [#prepareTokenizer].
    public long promptTokens() {
        if (promptTokens == ABSENT) {
            promptTokens = PromptTokens.count(read);
        }
        return promptTokens;
    }

    /// Returns a number that [#promptTokens] never exceeds, without counting: a token stands for
    /// at least a byte of the body, but for images, which have a fixed size.
    public long promptTokensMax() {
        return read.length + (long) read.imageCount * PromptTokens.PER_IMAGE;
    }

    /// Loads the encoding that [#promptTokens] counts with, if it is not loaded. Takes about a
    /// second and tens of megabytes, so call it where nobody waits, and only if tokens are asked
    /// for.
    public static void prepareTokenizer() {
        PromptTokens.load();
    }

    /// Returns the body with `edits`: slices of the original bytes and new pieces between them,
    /// together valid JSON. What no edit names is byte for byte as it came.
    public List<ByteBuffer> rewritten(Edits edits) {
        return Rewriting.of(read, edits);
    }

    /// Returns endpoint and size; what the client wrote belongs in no log.
    @Override
    public String toString() {
        return read.endpoint + ", " + read.length + " bytes";
    }
}
