package dev.writ.dsl.parse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.SourceTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PolicyFilesTest {
    private static final String HEADER = "policy \"p\" language 1\n";

    @TempDir Path temp;

    @Test
    void readsFileWithWhatItUsesTransitively() throws IOException {
        write("root.writ", "use \"teams/all.writ\"");
        write("teams/all.writ", "use \"one.writ\" as one\nuse \"../models.writ\"");
        write("teams/one.writ", "use \"all.writ\"");
        write("models.writ", "");
        write("other.writ", "");
        SourceTree tree = PolicyFiles.load(temp.resolve("root.writ"));
        assertEquals("root.writ", tree.entry());
        assertEquals(
                List.of("models.writ", "root.writ", "teams/all.writ", "teams/one.writ"),
                paths(tree));
        assertEquals(
                HEADER + "use \"one.writ\" as one\nuse \"../models.writ\"",
                tree.files().get(2).text());
    }

    @Test
    void leavesOutWhatIsUsedButMissingOrOutside() throws IOException {
        write("outside.writ", "");
        write("in/root.writ", "use \"../outside.writ\"\nuse \"missing.writ\"\nuse \"link.writ\"");
        Files.createSymbolicLink(temp.resolve("in/link.writ"), temp.resolve("outside.writ"));
        assertEquals(List.of("root.writ"), paths(PolicyFiles.load(temp.resolve("in/root.writ"))));
    }

    @Test
    void readsEveryPolicyOfFolderSorted() throws IOException {
        write("b.writ", "");
        write("a/z.writ", "");
        write("a.writ", "");
        write(".hidden/c.writ", "");
        write(".swap.writ", "");
        Files.writeString(temp.resolve("notes.txt"), "no policy");
        SourceTree tree = PolicyFiles.load(temp);
        assertEquals(List.of("a.writ", "a/z.writ", "b.writ"), paths(tree));
        assertEquals("a.writ", tree.entry());
    }

    @Test
    void folderIsNamedByItsMainFile() throws IOException {
        write("a.writ", "");
        write("main.writ", "");
        assertEquals("main.writ", PolicyFiles.load(temp).entry());
        write("policy.writ", "");
        assertEquals("policy.writ", PolicyFiles.load(temp).entry());
    }

    /// As Kubernetes mounts a ConfigMap.
    @Test
    void followsLinksIntoHiddenFolderOfSameFolder() throws IOException {
        write("..2026/a.writ", "");
        Files.createSymbolicLink(temp.resolve("..data"), Path.of("..2026"));
        Files.createSymbolicLink(temp.resolve("a.writ"), Path.of("..data/a.writ"));
        assertEquals(List.of("a.writ"), paths(PolicyFiles.load(temp)));
    }

    @Test
    void refusesLinkOutOfFolder() throws IOException {
        write("outside.writ", "");
        write("in/a.writ", "");
        Path link = temp.resolve("in/b.writ");
        Files.createSymbolicLink(link, temp.resolve("outside.writ"));
        assertMessage(
                link + " is a link that leads out of " + temp.resolve("in"), temp.resolve("in"));
    }

    @Test
    void readsFileOfExactlyTheLimitAndRefusesOneByteMore() throws IOException {
        String text = HEADER + "//" + "x".repeat(PolicyFiles.FILE_BYTES_MAX - HEADER.length() - 2);
        Files.writeString(temp.resolve("a.writ"), text);
        assertEquals(text, PolicyFiles.load(temp).files().getFirst().text());
        Files.writeString(temp.resolve("a.writ"), text + "x");
        assertMessage("a.writ is larger than 1 MB; split it, and name the parts with `use`", temp);
    }

    @Test
    void readsExactlyAsMuchTextAsTheLimitAndRefusesOneByteMore() throws IOException {
        String text = HEADER + "//" + "x".repeat(PolicyFiles.FILE_BYTES_MAX - HEADER.length() - 2);
        int files = PolicyFiles.TREE_BYTES_MAX / PolicyFiles.FILE_BYTES_MAX;
        for (int i = 0; i < files; i++) {
            Files.writeString(temp.resolve("f%02d.writ".formatted(i)), text);
        }
        assertEquals(files, PolicyFiles.load(temp).files().size());
        Files.writeString(temp.resolve("z.writ"), "x");
        assertMessage(temp + " holds more than 16 MB of policies", temp);
    }

    @Test
    void readsExactlyAsManyFilesAsTheLimitAndRefusesOneMore() throws IOException {
        for (int i = 0; i < PolicyFiles.FILES_MAX; i++) {
            write("f%04d.writ".formatted(i), "");
        }
        assertEquals(PolicyFiles.FILES_MAX, PolicyFiles.load(temp).files().size());
        write("one-more.writ", "");
        assertMessage(temp + " has more than 1000 policy files", temp);
    }

    @Test
    void refusesUseOfMoreFilesThanTheLimit() throws IOException {
        StringBuilder uses = new StringBuilder();
        for (int i = 1; i < PolicyFiles.FILES_MAX; i++) {
            write("f%04d.writ".formatted(i), "");
            uses.append("use \"f%04d.writ\"%n".formatted(i));
        }
        write("root.writ", uses.toString());
        Path root = temp.resolve("root.writ");
        assertEquals(PolicyFiles.FILES_MAX, PolicyFiles.load(root).files().size());
        write("one-more.writ", "");
        write("root.writ", uses + "use \"one-more.writ\"");
        assertMessage("root.writ uses more than 1000 files", root);
    }

    @Test
    void refusesWhatIsNotThereEmptyOrNotText() throws IOException {
        assertThrows(NoSuchFileException.class, () -> PolicyFiles.load(temp.resolve("none.writ")));
        assertMessage(temp + " has no .writ file", temp);
        Files.write(temp.resolve("a.writ"), new byte[] {'a', (byte) 0xff});
        assertMessage("a.writ is not UTF-8 text", temp);
    }

    @Test
    void buildsTreesFromTexts() {
        Map<String, String> texts = new TreeMap<>();
        texts.put("p/root.writ", HEADER + "use \"x/a.writ\"\nuse \"../q.writ\"");
        texts.put("p/x/a.writ", HEADER);
        texts.put("p/unused.writ", HEADER);
        texts.put("p/readme.md", "no policy");
        texts.put("q.writ", HEADER);
        assertEquals(List.of("root.writ", "x/a.writ"), paths(PolicyFiles.of("p/root.writ", texts)));
        assertEquals(
                List.of("root.writ", "unused.writ", "x/a.writ"), paths(PolicyFiles.of("p", texts)));
        SourceTree all = PolicyFiles.of("", texts);
        assertEquals(List.of("p/root.writ", "p/unused.writ", "p/x/a.writ", "q.writ"), paths(all));
        assertEquals("p/root.writ", all.entry());
        assertEquals(new SourceTree("", List.of()), PolicyFiles.of("", Map.of()));
    }

    @Test
    void resolvesUsedPaths() {
        assertEquals("b.writ", PolicyFiles.resolve("a.writ", "b.writ"));
        assertEquals("x/b.writ", PolicyFiles.resolve("x/a.writ", "./b.writ"));
        assertEquals("b.writ", PolicyFiles.resolve("x/a.writ", "../b.writ"));
        assertEquals("x/y/b.writ", PolicyFiles.resolve("x/a.writ", "y//b.writ"));
        assertNull(PolicyFiles.resolve("x/a.writ", "../../b.writ"));
        assertNull(PolicyFiles.resolve("a.writ", "/b.writ"));
        assertNull(PolicyFiles.resolve("a.writ", ""));
    }

    private void write(String path, String body) throws IOException {
        Path file = temp.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, HEADER + body);
    }

    private static void assertMessage(String message, Path path) {
        assertEquals(
                message,
                assertThrows(IOException.class, () -> PolicyFiles.load(path)).getMessage());
    }

    private static List<String> paths(SourceTree tree) {
        return tree.files().stream().map(Source::path).toList();
    }
}
