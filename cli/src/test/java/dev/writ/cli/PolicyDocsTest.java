package dev.writ.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.dsl.check.Checker;
import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.parse.PolicyFiles;
import dev.writ.dsl.parse.PolicyParser;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.SourceTree;
import dev.writ.server.serving.ProviderVocabulary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Every policy that a reader may copy compiles, with the providers that the gateway really has.
///
/// A block of a page that begins with ` ```writ ` is a whole policy; one with ` ```writ fragment `
/// is a part of one, which is only read. Those of the diagnostics' pages have a test of their own.
final class PolicyDocsTest {
    private static final Path ROOT = Path.of(System.getProperty("writ.root", ".."));

    /// A block of a page.
    private record Block(String place, String info, String text) {}

    private static List<Block> blocks() throws IOException {
        List<Path> pages = new ArrayList<>();
        try (Stream<Path> top = Files.list(ROOT);
                Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            Stream.concat(top, docs)
                    .filter(page -> page.toString().endsWith(".md"))
                    .sorted()
                    .forEach(pages::add);
        }
        List<Block> blocks = new ArrayList<>();
        for (Path page : pages) {
            List<String> lines = Files.readAllLines(page);
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i).startsWith("```")) {
                    int from = i + 1;
                    int to = from;
                    while (!lines.get(to).startsWith("```")) {
                        to++;
                    }
                    blocks.add(
                            new Block(
                                    ROOT.relativize(page) + ":" + from,
                                    lines.get(i).substring(3),
                                    String.join("\n", lines.subList(from, to)) + "\n"));
                    i = to;
                }
            }
        }
        return blocks;
    }

    private static List<String> found(List<Diagnostic> diagnostics) {
        return diagnostics.stream()
                .map(
                        d ->
                                d.code().id()
                                        + " line "
                                        + d.primary().span().line()
                                        + ": "
                                        + d.headline())
                .toList();
    }

    private static List<String> check(String path, String text) {
        SourceTree tree = new SourceTree(path, List.of(new Source(path, text)));
        return found(Checker.check(tree, ProviderVocabulary.VOCABULARY).diagnostics());
    }

    @Test
    void wholePoliciesOfPagesCompile() throws IOException {
        int policies = 0;
        List<String> wrong = new ArrayList<>();
        for (Block block : blocks()) {
            if (block.info().equals("writ")) {
                policies++;
                check(block.place(), block.text())
                        .forEach(told -> wrong.add(block.place() + " " + told));
            }
        }
        assertEquals(List.of(), wrong);
        assertTrue(policies >= 5, "found " + policies);
    }

    @Test
    void partsOfPoliciesCanBeRead() throws IOException {
        int parts = 0;
        List<String> wrong = new ArrayList<>();
        for (Block block : blocks()) {
            if (block.info().equals("writ fragment")) {
                parts++;
                String text = "policy \"part\" language 1\n" + block.text();
                found(PolicyParser.parse(new Source(block.place(), text)).diagnostics())
                        .forEach(told -> wrong.add(block.place() + " " + told));
            }
        }
        assertEquals(List.of(), wrong);
        assertTrue(parts >= 5, "found " + parts);
    }

    @Test
    void everyBlockOfPoliciesSaysWhatItIs() throws IOException {
        assertEquals(
                List.of(),
                blocks().stream()
                        .filter(block -> block.info().startsWith("writ"))
                        .filter(block -> !block.info().matches("writ( fragment| (wrong|right).*)?"))
                        .map(Block::place)
                        .toList());
    }

    @Test
    void policiesToStartFromCompile() throws IOException {
        try (Stream<Path> all = Files.list(ROOT.resolve("policies"))) {
            List<Path> folders =
                    all.filter(Files::isDirectory)
                            .filter(folder -> !folder.endsWith("conformance"))
                            .sorted()
                            .toList();
            assertTrue(folders.size() >= 10, "found " + folders);
            for (Path folder : folders) {
                assertEquals(
                        List.of(),
                        found(
                                Checker.check(
                                                PolicyFiles.load(folder),
                                                ProviderVocabulary.VOCABULARY)
                                        .diagnostics()),
                        folder::toString);
            }
        }
    }

    @Test
    void keysThatTheTutorialNamesAreThoseOfItsPolicies()
            throws IOException, NoSuchAlgorithmException {
        String page = Files.readString(ROOT.resolve("docs/tutorial.md"));
        for (String key : List.of("my-support", "my-research", "my-clinic")) {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(key.getBytes(StandardCharsets.UTF_8));
            assertTrue(page.contains("`" + key + "`"), key);
            assertTrue(page.contains("\"" + HexFormat.of().formatHex(digest) + "\""), key);
        }
    }
}
