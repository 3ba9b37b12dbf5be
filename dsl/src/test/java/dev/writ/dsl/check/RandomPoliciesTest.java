package dev.writ.dsl.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.dsl.Fence;
import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.SourceTree;
import dev.writ.dsl.source.Span;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The checker never throws, whatever it reads, and says the same of the same text.
///
/// Policies that people wrote are changed a little, mostly so that they can still be read: names
/// for names, values for values, lines twice, gone or elsewhere.
final class RandomPoliciesTest {
    private static final Path ROOT = Path.of(System.getProperty("writ.root", ".."));
    private static final int POLICIES_PER_SEED = 200;
    private static final int CHANGES_MAX = 4;

    private static final Pattern TOKEN =
            Pattern.compile("\"[^\"\\n]*\"|[\\p{L}_][\\w-]*|\\$?[\\d][\\w.%]*|[^\\s\\w]");
    private static final List<String> VALUES =
            List.of(
                    "0",
                    "1",
                    "5 tokens",
                    "99999999999999999999k",
                    "0.0000000001",
                    "$5",
                    "$0.001",
                    "5%",
                    "101%",
                    "5s",
                    "99999h",
                    "5 bytes",
                    "5 requests",
                    "\"\"",
                    "\"x\"",
                    "\"near\"",
                    "true",
                    "[]",
                    "[\"x\", 5]",
                    "1..5",
                    "5..1",
                    "prompt.tokens",
                    "request.max_tokens",
                    "request.stream",
                    "team",
                    "key",
                    "user",
                    "model",
                    "route",
                    "(1 + 2)",
                    "else",
                    "request.header(\"x\")",
                    "not",
                    "`odd name`",
                    "é",
                    "а",
                    "\u200b");

    private static List<String> seeds() throws IOException {
        List<String> texts = new ArrayList<>(List.of(Checked.BASE));
        for (String folder : List.of("policies", "docs")) {
            try (Stream<Path> all = Files.walk(ROOT.resolve(folder))) {
                for (Path file : all.sorted().toList()) {
                    if (file.toString().endsWith(".writ")) {
                        texts.add(Files.readString(file));
                    } else if (file.toString().endsWith(".md")) {
                        for (Fence fence : Fence.of(file)) {
                            if (fence.words().getFirst().equals("writ")) {
                                texts.add(fence.text());
                            }
                        }
                    }
                }
            }
        }
        return texts;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void neverThrowsAndSaysTheSameTwice(long seed) throws IOException {
        List<String> texts = seeds();
        SplittableRandom random = new SplittableRandom(seed);
        int usable = 0;
        for (int i = 0; i < POLICIES_PER_SEED; i++) {
            String first = changed(texts.get(random.nextInt(texts.size())), texts, random);
            String second = changed(texts.get(random.nextInt(texts.size())), texts, random);
            List<Source> files = List.of(new Source("a.writ", first), new Source("b.writ", second));
            SourceTree tree =
                    new SourceTree("a.writ", random.nextInt(4) == 0 ? files : files.subList(0, 1));
            String where = "seed %d, policy %d:\n%s\n----\n%s".formatted(seed, i, first, second);
            CheckResult result = checked(tree, where);
            assertEquals(described(result), described(checked(tree, where)), where);
            assertSound(result, where);
            usable += result instanceof CheckResult.Usable ? 1 : 0;
        }
        int found = usable;
        assertTrue(
                found > POLICIES_PER_SEED / 50 && found < POLICIES_PER_SEED,
                () -> "seed %d made %d usable policies: it tries little".formatted(seed, found));
    }

    private static CheckResult checked(SourceTree tree, String where) {
        try {
            return Checker.check(tree, Checked.VOCABULARY);
        } catch (RuntimeException | StackOverflowError e) {
            throw new AssertionError(where, e);
        }
    }

    /// Returns everything that is said, with every place and text.
    private static String described(CheckResult result) {
        StringBuilder all = new StringBuilder();
        for (Diagnostic d : result.diagnostics()) {
            all.append(d.code().id()).append(' ').append(d.headline()).append('\n');
            all.append(d.primary().span()).append(d.primary().text()).append('\n');
            d.because()
                    .forEach(label -> all.append(label.span()).append(label.text()).append('\n'));
            all.append(d.notes()).append(d.hints()).append('\n');
        }
        if (result instanceof CheckResult.Usable(var policy, var _)) {
            all.append(policy.id()).append(policy.name()).append(policy.facts());
        }
        return all.toString();
    }

    private static void assertSound(CheckResult result, String where) {
        boolean hasErrors = !Checked.errors(result).isEmpty();
        assertEquals(hasErrors, result instanceof CheckResult.Unusable, where);
        for (Diagnostic d : result.diagnostics()) {
            assertFalse(d.headline().isBlank(), where);
            assertFalse(d.headline().endsWith("."), d.headline());
            assertFalse(d.headline().contains("%s"), where);
            for (String hint : d.hints()) {
                assertFalse(hint.isBlank(), where);
            }
            Span span = d.primary().span();
            assertTrue(span.end() <= span.source().text().length(), where);
            assertInstanceOf(String.class, d.lineText(span.source(), span.line()));
        }
    }

    private static String changed(String text, List<String> others, SplittableRandom random) {
        String now = text;
        int changes = random.nextInt(CHANGES_MAX + 1);
        for (int i = 0; i < changes; i++) {
            now = changedOnce(now, others, random);
        }
        return now;
    }

    private static String changedOnce(String text, List<String> others, SplittableRandom random) {
        List<MatchResult> tokens = TOKEN.matcher(text).results().toList();
        if (tokens.isEmpty()) {
            return text;
        }
        MatchResult token = tokens.get(random.nextInt(tokens.size()));
        String before = text.substring(0, token.start());
        String after = text.substring(token.end());
        return switch (random.nextInt(10)) {
            case 0, 1, 2 -> before + like(token.group(), tokens, random) + after;
            case 3, 4 -> before + VALUES.get(random.nextInt(VALUES.size())) + after;
            case 5 -> before + after;
            case 6 -> before + token.group() + " " + token.group() + after;
            case 7, 8 -> lines(text, random);
            default -> {
                String other = others.get(random.nextInt(others.size()));
                int behindHeader = Math.max(0, other.indexOf('\n'));
                yield text + other.substring(behindHeader);
            }
        };
    }

    /// Returns another token of the text that looks like this one, so that the form stays.
    private static String like(String token, List<MatchResult> tokens, SplittableRandom random) {
        for (int tries = 0; tries < 50; tries++) {
            String other = tokens.get(random.nextInt(tokens.size())).group();
            boolean words =
                    Character.isLetter(token.charAt(0)) && Character.isLetter(other.charAt(0));
            boolean alike = words || token.charAt(0) == other.charAt(0);
            if (alike && !other.equals(token)) {
                return other;
            }
        }
        return token;
    }

    /// Takes a line away, doubles it, or moves it.
    private static String lines(String text, SplittableRandom random) {
        List<String> lines = new ArrayList<>(text.lines().toList());
        int from = random.nextInt(lines.size());
        String line = lines.get(from);
        switch (random.nextInt(3)) {
            case 0 -> lines.remove(from);
            case 1 -> lines.add(from, line);
            default -> {
                lines.remove(from);
                lines.add(random.nextInt(lines.size() + 1), line);
            }
        }
        return String.join("\n", lines);
    }
}
