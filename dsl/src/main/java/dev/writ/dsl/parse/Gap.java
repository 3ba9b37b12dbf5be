package dev.writ.dsl.parse;

import java.util.List;

/// Something that could stand at a place of a file.
///
/// @param sort what it is
/// @param word how it is written, for keywords and signs; else empty
/// @param frames the rules of the grammar that it would belong to, the innermost first
/// @param example a whole piece that begins with it, where a piece can begin there; else empty
/// @param noun what people call that piece; empty where there is no example
/// @param opens whether the piece goes on between braces
public record Gap(
        Sort sort, String word, List<Frame> frames, String example, String noun, boolean opens) {
    public Gap {
        frames = List.copyOf(frames);
    }

    /// Returns the word as it is shown: with the one that always follows it in the piece.
    public String shown() {
        String shown = Form.shown(word);
        return example.startsWith(shown) ? shown : word;
    }

    /// What can stand in a gap.
    public enum Sort {
        KEYWORD,
        SIGN,
        NAME,
        TEXT,
        NUMBER,
        MONEY,
        PERCENT,
        DURATION
    }

    /// A rule of the grammar that has begun before the place, or begins there.
    ///
    /// @param rule its name in the grammar
    /// @param before the tokens of it that stand before the place
    public record Frame(String rule, List<String> before) {
        public Frame {
            before = List.copyOf(before);
        }

        /// Tells whether it begins at the place.
        public boolean isNew() {
            return before.isEmpty();
        }

        /// Returns the last token before the place, or the empty text.
        public String last() {
            return before.isEmpty() ? "" : before.getLast();
        }
    }
}
