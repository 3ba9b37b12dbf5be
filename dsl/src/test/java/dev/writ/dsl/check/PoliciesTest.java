package dev.writ.dsl.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The policies that users copy.
final class PoliciesTest {
    private static final Path FOLDER =
            Path.of(System.getProperty("writ.root", "..")).resolve("policies");

    static List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(FOLDER, 2)) {
            return all.filter(file -> file.toString().endsWith(".writ")).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void nothingIsWrongWithIt(Path file) throws IOException {
        assertEquals(List.of(), Checked.found(Checked.check(Files.readString(file))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"quickstart", "openai", "residency", "fallback"})
    void standsInAFolderOfItsName(String name) {
        assertTrue(Files.exists(FOLDER.resolve(name).resolve(name + ".writ")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "quickstart writ-quickstart",
                "openai openai-product",
                "openai openai-interns",
                "residency residency-clinic",
                "residency residency-lab",
                "fallback writ-fallback"
            })
    void aKeyThatACommentNamesIsOneOfTheFile(String policyAndKey)
            throws IOException, NoSuchAlgorithmException {
        String policy = policyAndKey.substring(0, policyAndKey.indexOf(' '));
        String key = policyAndKey.substring(policyAndKey.indexOf(' ') + 1);
        String text = Files.readString(FOLDER.resolve(policy).resolve(policy + ".writ"));
        byte[] digest =
                MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        assertTrue(text.contains("`" + key + "`"), key);
        assertTrue(text.contains("\"" + HexFormat.of().formatHex(digest) + "\""), key);
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
