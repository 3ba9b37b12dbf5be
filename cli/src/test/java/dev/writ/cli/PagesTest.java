package dev.writ.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What pages say of other files is so.
final class PagesTest {
    private static final Path ROOT = Path.of(System.getProperty("writ.root", ".."));
    private static final Pattern LINK = Pattern.compile("]\\(([^)#\\s]+)[^)]*\\)");
    private static final Pattern TEST = Pattern.compile("`(\\w+Test)(?:\\.(\\w+))?`");

    @Test
    void linksLeadSomewhere() throws IOException {
        List<String> dead = new ArrayList<>();
        List<Path> pages = new ArrayList<>(below(ROOT.resolve("docs"), ".md"));
        pages.addAll(below(ROOT.resolve("policies"), ".md"));
        try (Stream<Path> top = Files.list(ROOT)) {
            top.filter(file -> file.toString().endsWith(".md")).forEach(pages::add);
        }
        for (Path page : pages) {
            for (MatchResult link : all(LINK, page)) {
                String to = link.group(1);
                if (!to.startsWith("http") && !Files.exists(page.resolveSibling(to))) {
                    dead.add(ROOT.relativize(page) + ": " + to);
                }
            }
        }
        assertFalse(pages.isEmpty());
        assertEquals(List.of(), dead);
    }

    @Test
    void eachLimitationNamesATestThatIsThere() throws IOException {
        Map<String, String> tests = new TreeMap<>();
        try (Stream<Path> modules = Files.list(ROOT)) {
            for (Path module : modules.map(m -> m.resolve("src/test/java")).toList()) {
                if (Files.isDirectory(module)) {
                    for (Path file : below(module, "Test.java")) {
                        tests.merge(
                                file.getFileName().toString().replace(".java", ""),
                                Files.readString(file),
                                String::concat);
                    }
                }
            }
        }
        Path page = ROOT.resolve("LIMITATIONS.md");
        for (MatchResult test : all(TEST, page)) {
            String text = tests.getOrDefault(test.group(1), "");
            String method = test.group(2);
            assertFalse(
                    text.isEmpty() || (method != null && !text.contains("void " + method + "(")),
                    test::group);
        }
        for (String line : Files.readAllLines(page)) {
            assertFalse(line.startsWith("- ") && !TEST.matcher(line).find(), line);
        }
    }

    private static List<Path> below(Path folder, String end) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(end)).sorted().toList();
        }
    }

    private static List<MatchResult> all(Pattern pattern, Path page) throws IOException {
        return pattern.matcher(Files.readString(page)).results().toList();
    }
}
