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
        if (wholeAnswer.hasArray()) {
            return Answer.read(
                            wholeAnswer.array(),
                            wholeAnswer.arrayOffset() + wholeAnswer.position(),
                            wholeAnswer.remaining())
                    .usage();
        }
        byte[] copy = new byte[wholeAnswer.remaining()];
        wholeAnswer.get(wholeAnswer.position(), copy);
        return Answer.read(copy, 0, copy.length).usage();
    }
}
