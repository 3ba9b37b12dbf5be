package dev.writ.cli.editors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.writ.cli.sdk.Program;
import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.parse.PolicyParser;
import dev.writ.dsl.source.Source;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/// The extension for VS Code: it can be packed, and what is in the package belongs there.
final class VsCodeTest {
    private static final Path ROOT = Path.of(System.getProperty("writ.root", ".."));
    private static final Path SOURCES = ROOT.resolve("editors/vscode");

    private static final Path TARGET = Path.of("target").toAbsolutePath();

    /// A copy, in which npm works: the source tree stays as it is.
    private static final Path FOLDER = TARGET.resolve("vscode");

    private static final Duration INSTALL_TIME_MAX = Duration.ofMinutes(5);
    private static final Duration TIME_MAX = Duration.ofMinutes(2);

    @Test
    void isPackedWithWhatItNeedsAndNothingElse() throws Exception {
        try (ZipFile vsix = new ZipFile(vsix().toFile())) {
            Set<String> names =
                    vsix.stream()
                            .map(ZipEntry::getName)
                            .collect(Collectors.toCollection(TreeSet::new));
            JsonObject manifest = json(vsix, "extension/package.json");
            assertEquals("./src/extension.js", manifest.get("main").getAsString());
            List<String> wanted = new ArrayList<>(List.of("src/extension.js", "LICENSE.txt"));
            paths(manifest, wanted);
            for (String path : wanted) {
                String name = "extension/" + path.replaceFirst("^\\./", "");
                assertTrue(names.contains(name), () -> name + " is not in " + names);
            }
            Set<String> modules = new TreeSet<>();
            for (String name : names) {
                if (name.startsWith("extension/node_modules/")) {
                    modules.add(name.split("/", -1)[2]);
                }
            }
            assertTrue(modules.contains("vscode-languageclient"), modules::toString);
            assertTrue(modules.contains("vscode-jsonrpc"), modules::toString);
            assertTrue(
                    modules.stream().noneMatch(module -> module.contains("vsce")),
                    modules::toString);
            assertTrue(
                    names.stream().noneMatch(name -> name.contains("/test/ext")), names::toString);
            json(vsix, "extension/syntaxes/writ.tmLanguage.json");
            json(vsix, "extension/language-configuration.json");
        }
    }

    /// Adds every path that a manifest names.
    private static void paths(JsonElement element, List<String> to) {
        if (element instanceof JsonObject object) {
            for (Map.Entry<String, JsonElement> field : object.entrySet()) {
                boolean path =
                        Set.of("path", "configuration").contains(field.getKey())
                                && field.getValue().isJsonPrimitive()
                                && field.getValue().getAsString().startsWith("./");
                if (path) {
                    to.add(field.getValue().getAsString());
                } else {
                    paths(field.getValue(), to);
                }
            }
        } else if (element.isJsonArray()) {
            element.getAsJsonArray().forEach(each -> paths(each, to));
        }
    }

    private static JsonObject json(ZipFile zip, String name) throws IOException {
        String text =
                new String(
                        zip.getInputStream(Objects.requireNonNull(zip.getEntry(name), name))
                                .readAllBytes(),
                        StandardCharsets.UTF_8);
        return JsonParser.parseString(text).getAsJsonObject();
    }

    @Test
    void startsAndStopsTheServer() throws Exception {
        copy();
        Program.run(FOLDER, log("test"), TIME_MAX, Map.of(), List.of("node", "--test", "test/"));
    }

    @Test
    void everySnippetCanBeRead() throws IOException {
        JsonObject snippets =
                JsonParser.parseString(Files.readString(SOURCES.resolve("snippets/writ.json")))
                        .getAsJsonObject();
        for (Map.Entry<String, JsonElement> snippet : snippets.entrySet()) {
            List<String> lines = new ArrayList<>();
            snippet.getValue()
                    .getAsJsonObject()
                    .getAsJsonArray("body")
                    .forEach(line -> lines.add(line.getAsString()));
            String text = filled(String.join("\n", lines));
            String header = text.startsWith("policy") ? "" : "policy \"p\" language 1\n";
            assertEquals(
                    List.of(),
                    PolicyParser.parse(new Source("snippet.writ", header + text))
                            .diagnostics()
                            .stream()
                            .map(Diagnostic::headline)
                            .toList(),
                    text);
        }
    }

    /// Returns a snippet with its examples in the place of its stops.
    private static String filled(String snippet) {
        return snippet.replaceAll("\\$\\{\\d+\\|([^,|]*)[^|]*\\|\\}", "$1")
                .replaceAll("\\$\\{\\d+:([^}]*)\\}", "$1")
                .replaceAll("(?<!\\\\)\\$[1-9]", "NAME")
                .replaceAll("(?<!\\\\)\\$0", "")
                .replace("\\$", "$");
    }

    /// Packs the extension unless that was done before from the same files.
    private static Path vsix() throws Exception {
        String version =
                Program.version(log("version"), "Node.js", List.of(20, 0), "node", "--version");
        Program.version(log("version"), "npm", List.of(9, 0), "npm", "--version");
        copy();
        Path installed = TARGET.resolve("vscode-installed");
        String lock = version + "\n" + Files.readString(SOURCES.resolve("package-lock.json"));
        if (!Files.exists(installed) || !Files.readString(installed).equals(lock)) {
            Program.run(
                    FOLDER,
                    log("install"),
                    INSTALL_TIME_MAX,
                    Map.of(),
                    List.of(
                            "npm",
                            "ci",
                            "--prefer-offline",
                            "--omit=optional",
                            "--no-audit",
                            "--no-fund",
                            "--ignore-scripts"));
            Files.writeString(installed, lock);
        }
        Path vsix = FOLDER.resolve("writ.vsix");
        Path packed = TARGET.resolve("vscode-packed");
        String inputs = lock + sources();
        if (!Files.exists(vsix)
                || !Files.exists(packed)
                || !Files.readString(packed).equals(inputs)) {
            Files.deleteIfExists(vsix);
            Program.run(
                    FOLDER, log("package"), TIME_MAX, Map.of(), List.of("npm", "run", "package"));
            Files.writeString(packed, inputs);
        }
        return vsix;
    }

    private static Path log(String step) throws IOException {
        return Files.createDirectories(TARGET).resolve("vscode-%s.log".formatted(step));
    }

    /// Returns the files that make the extension, without what npm brings.
    private static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().contains("node_modules"))
                    .filter(file -> !file.toString().endsWith(".vsix"))
                    .sorted()
                    .toList();
        }
    }

    private static String sources() throws IOException {
        StringBuilder all = new StringBuilder();
        for (Path file : files()) {
            all.append(file).append('\n').append(Files.readString(file));
        }
        return all.toString();
    }

    private static void copy() throws IOException {
        for (Path file : files()) {
            Path to = FOLDER.resolve(SOURCES.relativize(file).toString());
            Files.createDirectories(to.resolveSibling(""));
            Files.copy(file, to, StandardCopyOption.REPLACE_EXISTING);
        }
        Files.copy(
                ROOT.resolve("LICENSE"),
                FOLDER.resolve("LICENSE"),
                StandardCopyOption.REPLACE_EXISTING);
    }
}
