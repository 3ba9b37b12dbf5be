package dev.writ.cli.graph;

/// How wide texts are drawn, in pixels.
///
/// The widths are those of DejaVu Sans, in hundredths of the font's size. It is the widest of the
/// fonts that browsers take for `sans-serif`, so that text fits whichever of them is there.
final class TextWidth {
    private static final int FIRST = ' ';

    private static final int[] REGULAR = {
        32, 40, 46, 84, 64, 95, 78, 27, 39, 39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64,
        64, 64, 64, 34, 34, 84, 84, 84, 53, 100, 68, 69, 70, 77, 63, 58, 77, 75, 29, 29, 66, 56, 86,
        75, 79, 60, 79, 69, 63, 61, 73, 68, 99, 69, 61, 69, 39, 34, 39, 84, 50, 50, 61, 63, 55, 63,
        62, 35, 63, 63, 28, 28, 58, 28, 97, 63, 61, 63, 63, 41, 52, 39, 63, 59, 82, 59, 59, 52, 64,
        34, 64, 84
    };

    private static final int[] BOLD = {
        35, 46, 52, 84, 70, 100, 87, 31, 46, 46, 52, 84, 38, 42, 38, 37, 70, 70, 70, 70, 70, 70, 70,
        70, 70, 70, 40, 40, 84, 84, 84, 58, 100, 77, 76, 73, 83, 68, 68, 82, 84, 37, 37, 77, 64,
        100, 84, 85, 73, 85, 77, 72, 68, 81, 77, 110, 77, 72, 73, 46, 37, 46, 84, 50, 50, 67, 72,
        59, 72, 68, 44, 72, 71, 34, 34, 67, 34, 104, 71, 69, 72, 72, 49, 60, 48, 71, 65, 92, 65, 65,
        58, 71, 37, 71, 84
    };

    private static final int MONOSPACE = 61;
    private static final int OTHER_LETTER = 72;
    private static final int WIDE = 105;

    /// The first of the scripts whose letters fill a square.
    private static final int WIDE_FROM = 0x1100;

    private TextWidth() {}

    /// A way to draw text.
    enum Font {
        REGULAR,
        BOLD,
        MONOSPACE
    }

    /// Returns the width in pixels.
    ///
    /// @param size of the font, in pixels
    static double of(String text, Font font, double size) {
        int sum = 0;
        for (int c : text.codePoints().toArray()) {
            sum += hundredths(c, font);
        }
        return sum * size / 100;
    }

    private static int hundredths(int c, Font font) {
        if (c >= WIDE_FROM) {
            return WIDE;
        }
        int place = c - FIRST;
        return switch (font) {
            case MONOSPACE -> MONOSPACE;
            case REGULAR -> place >= 0 && place < REGULAR.length ? REGULAR[place] : OTHER_LETTER;
            case BOLD -> place >= 0 && place < BOLD.length ? BOLD[place] : OTHER_LETTER;
        };
    }

    /// Returns the longest start of the text that is not wider, with `…` for what is missing.
    static String cut(String text, Font font, double size, double widthMax) {
        if (of(text, font, size) <= widthMax) {
            return text;
        }
        int[] points = text.codePoints().toArray();
        int length = points.length;
        while (length > 0 && of(new String(points, 0, length) + "…", font, size) > widthMax) {
            length--;
        }
        return new String(points, 0, length).stripTrailing() + "…";
    }
}
