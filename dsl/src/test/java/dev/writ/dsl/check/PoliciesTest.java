package dev.writ.dsl.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The policies that users copy.
final class PoliciesTest {
    private static final Path FOLDER =
            Path.of(System.getProperty("writ.root", "..")).resolve("policies");

    private static final Pattern DIGEST = Pattern.compile("sha256 \"([0-9a-f]{64})\"");
    private static final Pattern NAMED = Pattern.compile("`([a-z0-9-]+)`");

    static List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(FOLDER)) {
            return all.filter(file -> file.toString().endsWith(".writ"))
                    .filter(file -> !file.startsWith(FOLDER.resolve("conformance")))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void aCommentNamesTheKeyBehindEachDigest(Path file)
            throws IOException, NoSuchAlgorithmException {
        String text = Files.readString(file);
        Set<String> digests = new TreeSet<>();
        DIGEST.matcher(text).results().forEach(found -> digests.add(found.group(1)));
        for (MatchResult named : NAMED.matcher(text).results().toList()) {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(named.group(1).getBytes(StandardCharsets.UTF_8));
            digests.remove(HexFormat.of().formatHex(digest));
        }
        assertEquals(Set.of(), digests);
    }

    @Test
    void quickstartGoesToOpenAiAsItsCommentSays() throws IOException {
        String text =
                Files.readString(FOLDER.resolve("quickstart/quickstart.writ"))
                        .lines()
                        .map(line -> line.replaceFirst("^// (secret|provider|model|pool) ", "$1 "))
                        .collect(Collectors.joining("\n"))
                        .replace("any otherwise -> small", "any otherwise -> pool best");
        assertEquals(List.of(), Checked.found(Checked.check(text)));
        assertEquals(2, Checked.usable(text).providers().size());
    }
}
