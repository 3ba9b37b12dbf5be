package dev.writ.cli.sdk;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// OpenAI's Node SDK: runs the tests of `sdk-tests/node` against a gateway in this process.
final class NodeSdkTest {
    private static final Pattern COUNT = Pattern.compile("tests (\\d+)");

    @Test
    void worksAsWithOpenAi(@TempDir Path temp) throws Exception {
        Suite suite = Suite.of("node");
        String version =
                Program.version(
                        suite.log("version"), "Node.js", List.of(20, 0), "node", "--version");
        Program.version(suite.log("version"), "npm", List.of(9, 0), "npm", "--version");
        suite.install(
                "package-lock.json",
                version,
                List.of(List.of("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts")));
        try (SdkGateway gateway = SdkGateway.start(temp)) {
            suite.run(
                    gateway.url(),
                    gateway.provider(),
                    COUNT,
                    List.of("node", "--test", "--test-reporter=spec"));
        }
    }
}
