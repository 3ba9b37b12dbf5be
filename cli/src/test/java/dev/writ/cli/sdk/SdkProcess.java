package dev.writ.cli.sdk;

import dev.writ.cli.LauncherTree;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A gateway as users start it, by `./writ serve`, under [SdkPolicy], and the replayed provider
/// behind it.
final class SdkProcess implements AutoCloseable {
    private static final Pattern CLIENTS = Pattern.compile("clients +(http://\\S+)");

    private final ReplayedProvider provider;
    private final Process process;
    private final String url;

    private SdkProcess(ReplayedProvider provider, Process process, String url) {
        this.provider = provider;
        this.process = process;
        this.url = url;
    }

    /// Starts both.
    ///
    /// @param temp holds the tree that `./writ` runs in, the policy and the gateway's data
    static SdkProcess start(Path temp) throws IOException {
        List<Recording> recordings = Recording.load(SdkGateway.TESTS.resolve("wire"));
        ReplayedProvider provider = new ReplayedProvider(recordings);
        Path policy =
                Files.writeString(
                        temp.resolve("sdk-tests.writ"), SdkPolicy.text(recordings, provider));
        ProcessBuilder writ =
                LauncherTree.make(temp)
                        .writ(
                                "serve",
                                policy.toString(),
                                "--port",
                                "0",
                                "--admin-port",
                                "0",
                                "--data",
                                temp.resolve("data").toString())
                        .redirectErrorStream(true);
        writ.environment().put(SdkPolicy.PROVIDER_KEY_VARIABLE, SdkPolicy.PROVIDER_KEY);
        Process process = writ.start();
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        StringBuilder said = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            said.append(line).append('\n');
            Matcher clients = CLIENTS.matcher(line);
            if (clients.find()) {
                Thread.ofVirtual().start(() -> output.lines().forEach(_ -> {}));
                return new SdkProcess(provider, process, clients.group(1));
            }
        }
        provider.close();
        throw new IOException("the gateway did not start:\n" + said);
    }

    /// Returns what clients call.
    String url() {
        return url;
    }

    ReplayedProvider provider() {
        return provider;
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly().onExit().join();
        provider.close();
    }
}
