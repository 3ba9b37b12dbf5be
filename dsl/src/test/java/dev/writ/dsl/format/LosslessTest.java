package dev.writ.dsl.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.dsl.Fence;
import dev.writ.dsl.source.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever white space and comments there are: tokens and comments stay, and a formatted file is
/// formatted.
final class LosslessTest {
    private static final Path ROOT = Path.of(System.getProperty("writ.root", ".."));
    private static final int TEXTS_PER_SEED = 200;

    private static final List<String> GAPS =
            List.of(
                    " ",
                    "  ",
                    "     ",
                    "\t",
                    "\u00A0",
                    "\n",
                    "\r\n",
                    "\r",
                    "\n\n\n\n",
                    " \n\t\n ",
                    " // why\n",
                    " //\r\n",
                    "  // trailing  \n\n",
                    "\n// above 'it' {\n",
                    "\n\n/// says\n/// what\n\n",
                    "/* so */",
                    " /* so */ ",
                    "   /* so */\n",
                    "\n/* } */ ",
                    " /* two\r\n   lines */ ");

    private static List<Source> readable() throws IOException {
        List<Source> sources = new ArrayList<>();
        for (String folder : List.of("policies", "docs", "dsl/src/test/resources")) {
            try (Stream<Path> all = Files.walk(ROOT.resolve(folder))) {
                for (Path file : all.sorted().toList()) {
                    if (file.toString().endsWith(".writ")) {
                        sources.add(new Source(file.toString(), Files.readString(file)));
                    } else if (file.toString().endsWith(".md")) {
                        for (Fence fence : Fence.of(file)) {
                            if (fence.words().getFirst().equals("writ")) {
                                sources.add(new Source(fence.toString(), fence.text()));
                            }
                        }
                    }
                }
            }
        }
        sources.removeIf(source -> Formatter.format(source) instanceof Formatted.Unreadable);
        assertTrue(sources.size() >= 7, sources::toString);
        return sources;
    }

    @Test
    void keepsWhatPeopleWrote() throws IOException {
        for (Source source : readable()) {
            assertLossless(source, source.path());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void keepsWhatIsSpacedAnew(long seed) throws IOException {
        List<Source> sources = readable();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < TEXTS_PER_SEED; i++) {
            Source source = sources.get(random.nextInt(sources.size()));
            String text = spacedAnew(source, 1 + random.nextInt(60), random);
            assertLossless(new Source("random.writ", text), "seed %d, text %d".formatted(seed, i));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "// c\n",
                "/* c */",
                "\n// c\n",
                "\n/* c */ ",
                "/* c\n c */",
                "\n\n/// c\n\n"
            })
    void keepsACommentBetweenAnyTwoTokens(String comment) throws IOException {
        for (Source source : readable()) {
            List<Piece> pieces = Piece.listOf(source);
            for (int i = 0; i <= pieces.size(); i += pieces.size() > 100 ? 7 : 1) {
                int at = i == pieces.size() ? source.text().length() : pieces.get(i).offset();
                String text =
                        source.text().substring(0, at)
                                + " "
                                + comment
                                + " "
                                + source.text().substring(at);
                assertLossless(new Source("commented.writ", text), source + ", piece " + i);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void layoutDoesNotDependOnSpacesWithinLines(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        try (Stream<Path> files = Files.walk(ROOT.resolve("policies"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".writ")).toList()) {
                Source source = new Source(file.toString(), Files.readString(file));
                StringBuilder text = new StringBuilder();
                int end = 0;
                for (Piece piece : Piece.listOf(source)) {
                    String gap = source.text().substring(end, piece.offset());
                    text.append(
                            piece.breaks() == 0 && gap.isEmpty()
                                    ? ""
                                    : "\n".repeat(piece.breaks())
                                            + " ".repeat(1 + random.nextInt(5)));
                    text.append(piece.text());
                    end = piece.offset() + piece.text().length();
                }
                assertEquals(
                        formatted(source), formatted(new Source("spaced.writ", text.toString())));
            }
        }
    }

    private static String spacedAnew(Source source, int percent, SplittableRandom random) {
        StringBuilder text = new StringBuilder(random.nextInt(10) == 0 ? "\uFEFF" : "");
        int end = 0;
        boolean lineComment = false;
        for (Piece piece : Piece.listOf(source)) {
            String gap = source.text().substring(end, piece.offset());
            if (random.nextInt(100) < percent) {
                String other = GAPS.get(random.nextInt(GAPS.size()));
                // A slash and a comment would be another comment.
                gap = (lineComment ? "\n" : end == 0 ? "" : " ") + other;
            }
            text.append(gap);
            end = piece.offset() + piece.text().length();
            text.append(source.text(), piece.offset(), end);
            lineComment = piece.isLineComment();
        }
        return text.append(source.text().substring(end)).toString();
    }

    private static void assertLossless(Source source, String where) {
        String once = formatted(source);
        assertEquals(
                Piece.texts(Piece.listOf(source)),
                Piece.texts(Piece.listOf(new Source("formatted.writ", once))),
                where);
        assertEquals(
                once,
                formatted(new Source("formatted.writ", once)),
                () -> where + ":\n" + source.text());
        assertTrue(once.endsWith("\n") && !once.endsWith("\n\n"), where);
        assertTrue(once.indexOf('\r') < 0 && once.indexOf('\uFEFF') < 0, where);
    }

    private static String formatted(Source source) {
        Formatted result = Formatter.format(source);
        return assertInstanceOf(Formatted.Text.class, result, () -> result + "\n" + source.text())
                .text();
    }
}
