package dev.writ.cli.sdk;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// OpenAI's Python SDK: runs the tests of `sdk-tests/python` against a gateway that `./writ serve`
/// started.
final class PythonSdkTest {
    private static final Pattern COUNT = Pattern.compile("Ran (\\d+) tests");

    @Test
    void worksAsWithOpenAi(@TempDir Path temp) throws Exception {
        Suite suite = Suite.of("python");
        String version =
                Program.version(
                        suite.log("version"),
                        "Python with `venv` (Debian's package is `python3-venv`)",
                        List.of(3, 11),
                        "python3",
                        "-c",
                        "import ensurepip, platform, venv; print(platform.python_version())");
        String python = suite.folder().resolve("venv/bin/python").toString();
        suite.install(
                "requirements.txt",
                version,
                List.of(
                        List.of("python3", "-m", "venv", "venv"),
                        List.of(
                                python,
                                "-m",
                                "pip",
                                "install",
                                "--disable-pip-version-check",
                                "--no-deps",
                                "--requirement",
                                "requirements.txt")));
        try (SdkProcess gateway = SdkProcess.start(temp)) {
            suite.run(
                    gateway.url(),
                    gateway.provider(),
                    COUNT,
                    List.of(python, "-B", "-m", "unittest", "discover"));
        }
    }
}
