package dev.writ.cli.importing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.dsl.check.Checker;
import dev.writ.dsl.diagnostic.DiagnosticCode.Severity;
import dev.writ.dsl.diagnostic.DiagnosticText;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.SourceTree;
import dev.writ.server.serving.ProviderVocabulary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Files of other gateways become the policies that stand beside them; `-Dgolden=update` rewrites
/// those. In the files every secret has the word PLAIN in it.
final class ImportersTest {
    private static final Path FOLDER =
            Path.of(System.getProperty("writ.root", ".."))
                    .resolve("cli/src/test/resources/dev/writ/cli/importing");

    static Stream<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files
                    .filter(file -> !file.toString().endsWith(".writ"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    private static Imported read(Path file, String text) throws BadConfig {
        Supplier<String> keys = () -> "a-key-for-tests";
        String name = file.getFileName().toString();
        return name.contains(".litellm.")
                ? Litellm.read(text, keys)
                : name.contains(".portkey.") ? Portkey.read(text, keys) : Bifrost.read(text, keys);
    }

    private static List<String> errors(String policy) {
        SourceTree tree = new SourceTree("p.writ", List.of(new Source("p.writ", policy)));
        return Checker.check(tree, ProviderVocabulary.VOCABULARY).diagnostics().stream()
                .filter(found -> found.code().severity() == Severity.ERROR)
                .map(found -> DiagnosticText.render(found, DiagnosticText.Style.PLAIN))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("files")
    void filesBecomePolicies(Path file) throws IOException, BadConfig {
        Imported imported = read(file, Files.readString(file));
        StringBuilder whole = new StringBuilder(imported.policy());
        imported.notes()
                .forEach(note -> whole.append("//// not imported: ").append(note).append('\n'));
        imported.remarks()
                .forEach(remark -> whole.append("//// look at: ").append(remark).append('\n'));
        imported.keys()
                .keySet()
                .forEach(team -> whole.append("//// key of: ").append(team).append('\n'));
        Path golden = FOLDER.resolve(file.getFileName() + ".writ");
        if ("update".equals(System.getProperty("golden"))) {
            Files.writeString(golden, whole);
        }
        assertEquals(Files.readString(golden), whole.toString());
    }

    @ParameterizedTest
    @MethodSource("files")
    void policiesCompile(Path file) throws IOException, BadConfig {
        assertEquals(List.of(), errors(read(file, Files.readString(file)).policy()));
    }

    @ParameterizedTest
    @MethodSource("files")
    void noSecretIsInAPolicyOrAMessage(Path file) throws IOException, BadConfig {
        Imported imported = read(file, Files.readString(file));
        assertFalse(imported.policy().contains("PLAIN"), imported.policy());
        assertFalse(imported.policy().contains("a-key-for-tests"), imported.policy());
        assertFalse(imported.notes().toString().contains("PLAIN"));
        assertFalse(imported.remarks().toString().contains("PLAIN"));
    }

    /// A key that nobody knows is put into every map of the file, one after the other.
    @ParameterizedTest
    @MethodSource("files")
    void nothingIsDroppedInSilence(Path file) throws IOException, BadConfig {
        String text = Files.readString(file);
        int tried = 0;
        for (String changed : withUnknownKeys(text, file.toString().endsWith(".json"))) {
            Imported after = read(file, changed);
            tried++;
            String unknown =
                    path(
                            file.toString().endsWith(".json")
                                    ? ConfigFile.json(changed)
                                    : ConfigFile.yaml(changed));
            assertTrue(
                    after.notes().stream()
                            .map(note -> note.path().replace("_", ""))
                            .anyMatch(
                                    told ->
                                            unknown.equals(told)
                                                    || unknown.startsWith(told + ".")
                                                    || unknown.startsWith(told + "[")),
                    () -> unknown + " is not told: " + after.notes());
            assertEquals(List.of(), errors(after.policy()));
        }
        assertTrue(tried >= 3, "tried " + tried);
    }

    /// Returns the path of the key that nobody knows, in lower case and without underscores; empty
    /// where it is not.
    private static String path(Value value) {
        return switch (value) {
            case Value.Scalar _ -> "";
            case Value.Items items -> {
                String found = "";
                for (int i = 0; i < items.values().size() && found.isEmpty(); i++) {
                    String inner = path(items.values().get(i));
                    found = inner.isEmpty() ? "" : "[" + i + "]" + dotted(inner);
                }
                yield found;
            }
            case Value.Keyed keyed -> {
                String found = "";
                for (Map.Entry<String, Value.Entry> entry : keyed.entries().entrySet()) {
                    String key = entry.getKey().replace("_", "").toLowerCase(Locale.ROOT);
                    String inner = path(entry.getValue().value());
                    if (found.isEmpty() && (key.equals("zzunknown") || !inner.isEmpty())) {
                        found = key.equals("zzunknown") ? key : key + dotted(inner);
                    }
                }
                yield found;
            }
        };
    }

    private static String dotted(String inner) {
        return inner.startsWith("[") ? inner : "." + inner;
    }

    private static List<String> withUnknownKeys(String text, boolean json) {
        List<String> changed = new ArrayList<>();
        if (json) {
            for (int at = text.indexOf('{'); at >= 0; at = text.indexOf('{', at + 1)) {
                String comma = text.substring(at + 1).stripLeading().startsWith("}") ? "" : ",";
                changed.add(
                        text.substring(0, at + 1)
                                + "\"zz_unknown\": 1"
                                + comma
                                + text.substring(at + 1));
            }
            return changed;
        }
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String key = lines.get(i).strip();
            if (!key.startsWith("-") && !key.startsWith("#") && key.contains(":")) {
                List<String> longer = new ArrayList<>(lines);
                String indent = lines.get(i).substring(0, lines.get(i).indexOf(key));
                longer.add(i, indent + "zz_unknown: [zz_unknown]");
                changed.add(String.join("\n", longer) + "\n");
            }
        }
        return changed;
    }

    @Test
    void sharesSumToAHundredPercent() {
        for (List<Integer> weights :
                List.of(List.of(1, 1, 1), List.of(600, 200), List.of(0, 7), List.of(1, 999_999))) {
            List<String> shares =
                    PolicyDraft.shares(
                            weights.stream().map(java.math.BigDecimal::valueOf).toList());
            assertEquals(
                    100.0,
                    shares.stream().mapToDouble(s -> Double.parseDouble(s.replace("%", ""))).sum(),
                    1e-9,
                    shares::toString);
        }
    }

    @Test
    void namesAreThoseOfTheLanguage() {
        assertEquals("gpt-4-1", PolicyDraft.simple("gpt-4.1", "model"));
        assertEquals("n4o", PolicyDraft.simple("4o", "model"));
        assertEquals("team-1", PolicyDraft.simple("team", "team"));
        assertEquals("model-1", PolicyDraft.simple("\u4e2d", "model"));
        assertEquals("a-b", PolicyDraft.simple("--a // b--", "model"));
    }
}
