package dev.writ.providers.openai;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import java.nio.charset.StandardCharsets;

/// The size of prompts in tokens.
///
/// Texts are encoded with `o200k_base`, which OpenAI's models have used since GPT-4o. A chat adds
/// what OpenAI documents for these models: 3 tokens for each message, its role, 1 for a name, and
/// 3 for the answer that begins. Not documented, so counted by a rule of our own: names and
/// arguments of tool calls, the JSON of `tools`, `functions` and `response_format` as plain texts.
/// An image is 85 tokens where it asks for `low` detail, else 1,445: the most that the rule for
/// GPT-4o gives, 85 and 170 for each of 8 tiles. Arrays of tokens count as long as they are. Sound
/// and files are not counted.
///
/// Source: OpenAI Cookbook, How to count tokens with tiktoken; OpenAI, Images and vision.
final class PromptTokens {
    static final int PER_MESSAGE = 3;
    static final int PER_ROLE = 1;
    static final int PER_NAME = 1;
    static final int PER_ANSWER = 3;
    static final int PER_SMALL_IMAGE = 85;
    static final int PER_IMAGE = 1_445;

    /// Texts of more bytes than this are not encoded, because that would take seconds: each byte
    /// of them counts as a token, which is never too little.
    static final int ENCODED_BYTES_MAX = 16 * 1024 * 1024;

    private PromptTokens() {}

    /// Loads the encoding on first use, once.
    private static final class Loaded {
        static final Encoding O200K =
                Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.O200K_BASE);
    }

    static void load() {
        if (Loaded.O200K.countTokensOrdinary("a") != 1) {
            throw new IllegalStateException("one letter must be one token");
        }
    }

    static long count(RequestFields read) {
        long tokens = read.givenTokens;
        if (read.messageCount > 0) {
            tokens += PER_ANSWER;
        }
        tokens += (long) read.messageCount * (PER_MESSAGE + PER_ROLE);
        tokens += (long) read.namedMessageCount * PER_NAME;
        tokens += (long) read.smallImageCount * PER_SMALL_IMAGE;
        tokens += (long) (read.imageCount - read.smallImageCount) * PER_IMAGE;
        return tokens + count(read.body, read.texts) + count(read.body, read.counted);
    }

    private static long count(byte[] body, Spans spans) {
        long bytes = 0;
        for (int i = 0; i < spans.size(); i++) {
            bytes += JsonText.decodedBytes(body, spans, i);
        }
        if (bytes > ENCODED_BYTES_MAX) {
            return bytes;
        }
        long tokens = 0;
        for (int i = 0; i < spans.size(); i++) {
            tokens += Loaded.O200K.countTokensOrdinary(text(body, spans, i));
        }
        return tokens;
    }

    private static String text(byte[] body, Spans spans, int i) {
        byte[] text = new byte[JsonText.decodedBytes(body, spans, i)];
        JsonText.decode(body, spans, i, text, 0);
        return new String(text, StandardCharsets.UTF_8);
    }
}
