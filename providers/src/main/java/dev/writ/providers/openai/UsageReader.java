package dev.writ.providers.openai;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Usage in answers: the object `usage` of the answer, or of its `x_groq`.
///
/// An answer is not ours to refuse: whatever is not as documented gives no usage.
public final class UsageReader {
    private UsageReader() {}

    /// Returns the usage of a whole answer, null if it has none. The position of `wholeAnswer`
    /// does not change.
    public static @Nullable Usage read(ByteBuffer wholeAnswer) {
        Answer answer = new Answer();
        if (wholeAnswer.hasArray()) {
            int from = wholeAnswer.arrayOffset() + wholeAnswer.position();
            answer.read(wholeAnswer.array(), from, from + wholeAnswer.remaining());
        } else {
            byte[] copy = new byte[wholeAnswer.remaining()];
            wholeAnswer.get(wholeAnswer.position(), copy);
            answer.read(copy, 0, copy.length);
        }
        return answer.usage();
    }
}
