package dev.writ.server.simulated;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Cuts texts into what simulated models take for tokens.
///
/// A piece is a run of up to [#LETTERS_MAX] letters and digits with the space before it, or any
/// other single character. About what real tokenizers make of English, and the same for what is
/// counted and what is streamed.
final class Pieces {
    static final int LETTERS_MAX = 8;

    private Pieces() {}

    static List<String> of(String text) {
        List<String> pieces = new ArrayList<>();
        walk(text, pieces);
        return pieces;
    }

    static int count(String text) {
        return walk(text, null);
    }

    private static int walk(String text, @Nullable List<String> into) {
        int count = 0;
        int at = 0;
        while (at < text.length()) {
            int end = end(text, at);
            if (into != null) {
                into.add(text.substring(at, end));
            }
            count++;
            at = end;
        }
        return count;
    }

    private static int end(String text, int start) {
        int at = start;
        if (text.charAt(at) == ' ' && at + 1 < text.length()) {
            at++;
        }
        int letters = 0;
        while (at < text.length() && letters < LETTERS_MAX) {
            int point = text.codePointAt(at);
            if (!Character.isLetterOrDigit(point)) {
                break;
            }
            at += Character.charCount(point);
            letters++;
        }
        return letters > 0 ? at : start + Character.charCount(text.codePointAt(start));
    }
}
