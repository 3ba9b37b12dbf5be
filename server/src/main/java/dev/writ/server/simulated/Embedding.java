package dev.writ.server.simulated;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.Locale;

/// Embeddings of texts: of length 1, the same for the same text, near for texts with the same
/// words.
///
/// Each word adds to or takes from a few places, which its hash names.
///
/// Source: Weinberger et al., Feature Hashing for Large Scale Multitask Learning, 2009.
final class Embedding {
    static final int DIMENSIONS_DEFAULT = 1536;
    static final int DIMENSIONS_MAX = 8192;

    private static final int PLACES_A_WORD = 4;

    private Embedding() {}

    /// Returns the vector of `text`.
    ///
    /// @param dimensions from 1
    /// @return length `dimensions`, L2 norm 1 within 1e-5
    static float[] of(String text, int dimensions) {
        float[] vector = new float[dimensions];
        for (String piece : Pieces.of(text.toLowerCase(Locale.ROOT))) {
            Dice dice = Dice.of(piece.strip());
            for (int place = 0; place < PLACES_A_WORD; place++) {
                long hash = dice.draw(place + 1);
                int at = (int) Math.unsignedMultiplyHigh(hash, dimensions);
                vector[at] += (hash & 1) == 0 ? 1 : -1;
            }
        }
        double square = 0;
        for (float x : vector) {
            square += (double) x * x;
        }
        if (square == 0) {
            vector[0] = 1;
            return vector;
        }
        float length = (float) Math.sqrt(square);
        for (int i = 0; i < dimensions; i++) {
            vector[i] /= length;
        }
        return vector;
    }

    /// Returns the vector as OpenAI encodes it: little-endian floats in Base64.
    static String base64(float[] vector) {
        ByteBuffer bytes = ByteBuffer.allocate(vector.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        return Base64.getEncoder().encodeToString(bytes.array());
    }
}
