package dev.writ.cli.sdk;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Programs of this machine that a test runs to their end.
public final class Program {
    /// The most of an output that a failure shows, in characters from its end.
    private static final int SHOWN_CHARS_MAX = 60_000;

    private static final Pattern NUMBERS = Pattern.compile("(\\d+)\\.(\\d+)");

    private Program() {}

    /// Runs a program and returns what it printed. The test fails with the output if the program
    /// fails or takes too long.
    ///
    /// @param log takes the output
    /// @param further variables of its environment
    public static String run(
            Path in, Path log, Duration timeMax, Map<String, String> further, List<String> command)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(in.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile());
        Map<String, String> environment = builder.environment();
        // What a developer has set for the SDKs is not what is tested.
        environment.keySet().removeIf(name -> name.startsWith("OPENAI_"));
        environment.put("NO_PROXY", "127.0.0.1");
        environment.put("no_proxy", "127.0.0.1");
        environment.putAll(further);
        Process process = builder.start();
        process.getOutputStream().close();
        try {
            if (!process.waitFor(timeMax.toSeconds(), TimeUnit.SECONDS)) {
                return fail(
                        "%s did not end within %d s:%n%s"
                                .formatted(command, timeMax.toSeconds(), shown(log)));
            }
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        if (process.exitValue() != 0) {
            return fail(
                    "%s ended with %d:%n%s".formatted(command, process.exitValue(), shown(log)));
        }
        return Files.readString(log);
    }

    /// Returns what a program prints of its version. The test fails and says what to install if the
    /// program is not there or is older.
    ///
    /// @param needed what to install, for example `Node.js`
    /// @param oldest the lowest version, major and minor
    /// @param command prints a version such as `v20.1.2` or `Python 3.11.2`
    public static String version(Path log, String needed, List<Integer> oldest, String... command)
            throws IOException, InterruptedException {
        String wanted =
                "the tests in other languages need %s %d.%d or newer"
                        .formatted(needed, oldest.getFirst(), oldest.getLast());
        String version;
        try {
            version =
                    run(Path.of("."), log, Duration.ofMinutes(1), Map.of(), List.of(command))
                            .strip();
        } catch (IOException e) {
            return fail("%s; install it, so that `%s` is found".formatted(wanted, command[0]), e);
        }
        Matcher numbers = NUMBERS.matcher(version);
        if (!numbers.find()) {
            return fail("%s, but `%s` says %s".formatted(wanted, command[0], version));
        }
        int major = Integer.parseInt(numbers.group(1));
        int minor = Integer.parseInt(numbers.group(2));
        if (major < oldest.getFirst() || (major == oldest.getFirst() && minor < oldest.getLast())) {
            return fail("%s, but `%s` is %s".formatted(wanted, command[0], version));
        }
        return version;
    }

    private static String shown(Path log) throws IOException {
        String output = Files.readString(log);
        return output.substring(Math.max(0, output.length() - SHOWN_CHARS_MAX));
    }
}
