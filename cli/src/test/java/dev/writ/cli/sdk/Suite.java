package dev.writ.cli.sdk;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Tests in another language: a folder of `sdk-tests`, and a copy of it below `target` where what
/// it needs is installed. The source tree stays as it is.
final class Suite {
    private static final Path TARGET = Path.of("target", "sdk-tests").toAbsolutePath();

    /// Holds what was installed, and for which version of the language.
    private static final String STAMP = "installed";

    /// Enough for a slow line to the registries.
    private static final Duration INSTALL_TIME_MAX = Duration.ofMinutes(5);

    private static final Duration TEST_TIME_MAX = Duration.ofMinutes(5);

    private final String language;
    private final Path folder;

    private Suite(String language) {
        this.language = language;
        this.folder = TARGET.resolve(language);
    }

    /// Returns the suite of a language, the name of its folder.
    static Suite of(String language) throws IOException {
        Suite suite = new Suite(language);
        Files.createDirectories(TARGET);
        return suite;
    }

    /// Returns the copy.
    Path folder() {
        return folder;
    }

    /// Returns where the output of a step is kept.
    Path log(String step) {
        return TARGET.resolve("%s-%s.log".formatted(language, step));
    }

    /// Copies the tests, and installs what they need unless that was done before with the same
    /// `lock` and `version`.
    ///
    /// @param lock the file that names all that is installed
    /// @param version of the language
    /// @param commands run in the copy, one after the other
    Suite install(String lock, String version, List<List<String>> commands)
            throws IOException, InterruptedException {
        Path source = SdkGateway.TESTS.resolve(language);
        Path stamp = folder.resolve(STAMP);
        String wanted = version + "\n" + Files.readString(source.resolve(lock));
        if (!Files.exists(stamp) || !Files.readString(stamp).equals(wanted)) {
            delete(folder);
            copy(source);
            for (List<String> command : commands) {
                Program.run(folder, log("install"), INSTALL_TIME_MAX, Map.of(), command);
            }
            Files.writeString(stamp, wanted);
        } else {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path old : files.filter(Files::isRegularFile).toList()) {
                    if (!old.equals(stamp)) {
                        Files.delete(old);
                    }
                }
            }
            copy(source);
        }
        return this;
    }

    /// Runs the tests against a gateway; fails as they do, with their output.
    ///
    /// @param count finds how many tests ran in the output
    void run(String url, ReplayedProvider provider, Pattern count, List<String> command)
            throws IOException, InterruptedException {
        String output =
                Program.run(
                        folder,
                        log("tests"),
                        TEST_TIME_MAX,
                        Map.of(
                                "WRIT_URL",
                                url,
                                "WRIT_KEY",
                                SdkPolicy.KEY,
                                "WRIT_PROVIDER",
                                provider.url()),
                        command);
        Matcher counted = count.matcher(output);
        assertTrue(counted.find() && Integer.parseInt(counted.group(1)) > 0, output);
    }

    private void copy(Path source) throws IOException {
        Files.createDirectories(folder);
        try (Stream<Path> files = Files.list(source)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(
                        file,
                        folder.resolve(file.getFileName().toString()),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
