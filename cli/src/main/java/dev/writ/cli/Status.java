package dev.writ.cli;

import dev.writ.server.live.DataFolder;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `writ status`: asks the running gateway which policy serves and what came of the last change.
@Command(
        name = "status",
        description =
                "Tell which policy the running gateway serves with, and what came of the last change.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  writ status",
            "  writ status --format json | jq .policy.id",
            "  writ status --admin http://127.0.0.1:9081 --data /var/lib/writ"
        })
final class Status implements Callable<Integer> {
    /// The longest answer that is read, in bytes.
    static final int ANSWER_BYTES_MAX = 4 * 1024 * 1024;

    /// How long to wait for a connection and for each piece of the answer.
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Console console;

    @Option(
            names = "--admin",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:8081",
            description = "Management address of the gateway; ${DEFAULT-VALUE}.")
    String admin = "";

    @Option(
            names = "--data",
            paramLabel = "FOLDER",
            description = {
                "Data folder of the gateway, which holds the token of its management address;",
                "$XDG_STATE_HOME/writ or ~/.local/state/writ."
            })
    @Nullable Path data;

    @Option(
            names = "--format",
            defaultValue = "text",
            description = "${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE}.")
    Format format = Format.text;

    /// How the answer is printed; the constants are what people type.
    enum Format {
        text,
        json
    }

    Status(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws Failed {
        Path folder =
                data != null
                        ? data
                        : DataFolder.defaultPath(
                                console.environment(), System.getProperty("user.home", ""));
        byte[] answer = ask(token(folder.resolve(DataFolder.TOKEN_FILE)));
        if (format == Format.json) {
            console.out().println(new String(answer, StandardCharsets.UTF_8));
            return Exit.FINE;
        }
        try {
            print(FlatJson.read(answer));
        } catch (IOException e) {
            throw new Failed(Exit.FAILED, "%s did not answer as a gateway does".formatted(admin));
        }
        return Exit.FINE;
    }

    private void print(Map<String, String> status) {
        boolean upToDate = "true".equals(status.get("policy.up_to_date"));
        line("policy", status.get("policy.id"));
        line("commit", status.get("policy.commit"));
        line("origin", status.get("origin"));
        line("since", status.get("policy.since"));
        line("reloads", status.get("swaps") + " served, " + status.get("refusals") + " refused");
        if ("true".equals(status.get("policy.last_good"))) {
            line("serving", "the LAST GOOD policy; the origin's was not usable at the start");
        }
        line("problem", status.get("not_kept"));
        for (int i = 0; status.containsKey("canaries." + i + ".pool"); i++) {
            line("canary", canary(status, "canaries." + i + "."));
        }
        for (int i = 0; status.containsKey("identities." + i + ".name"); i++) {
            line("identity", identity(status, "identities." + i + "."));
        }
        if (upToDate) {
            line("state", "up to date");
            return;
        }
        line("state", "NOT UP TO DATE; refused at " + status.get("last_attempt.at"));
        for (int i = 0; status.containsKey("last_attempt.diagnostics." + i + ".code"); i++) {
            String at = "last_attempt.diagnostics." + i + ".";
            console.out()
                    .println(
                            "%s[%s]: %s (%s:%s:%s)"
                                    .formatted(
                                            status.get(at + "severity"),
                                            status.get(at + "code"),
                                            status.get(at + "message"),
                                            status.get(at + "path"),
                                            status.get(at + "line"),
                                            status.get(at + "column")));
        }
        for (int i = 0; status.containsKey("last_attempt.problems." + i); i++) {
            console.out().println("problem: " + status.get("last_attempt.problems." + i));
        }
    }

    private static String canary(Map<String, String> status, String at) {
        String counted =
                "%s of its latest %s requests failed"
                        .formatted(status.get(at + "failures"), status.get(at + "requests"));
        String who = "%s of pool %s".formatted(status.get(at + "model"), status.get(at + "pool"));
        if ("true".equals(status.get(at + "stopped"))) {
            return "%s STOPPED, %s; it begins anew with the next reload".formatted(who, counted);
        }
        String share = status.getOrDefault(at + "share_percent", "0");
        return "%s, tried by %s%%; %s"
                .formatted(
                        who, new BigDecimal(share).stripTrailingZeros().toPlainString(), counted);
    }

    /// Returns an identity, and whether its tokens can be checked.
    private static String identity(Map<String, String> status, String at) {
        String name = status.get(at + "name");
        String keys = status.get(at + "keys");
        String problem = status.get(at + "problem");
        if ("0".equals(keys)) {
            return name
                    + ": NO KEYS, its tokens are refused: "
                    + (problem == null ? "they are being fetched" : problem);
        }
        String fetched =
                "%s: %s %s, fetched %s"
                        .formatted(
                                name,
                                keys,
                                "1".equals(keys) ? "key" : "keys",
                                status.get(at + "fetched_at"));
        return problem == null ? fetched : fetched + "; NOT SINCE: " + problem;
    }

    private void line(String name, @Nullable String value) {
        if (value != null) {
            console.out().println("%-8s %s".formatted(name, value));
        }
    }

    private byte[] ask(String token) throws Failed {
        HttpURLConnection connection = null;
        try {
            URL url = URI.create(admin + "/writ/status").toURL();
            if (!(url.openConnection() instanceof HttpURLConnection http)) {
                throw new Failed(Exit.USAGE, "--admin takes an http address, not " + admin);
            }
            connection = http;
            http.setConnectTimeout((int) PATIENCE.toMillis());
            http.setReadTimeout((int) PATIENCE.toMillis());
            http.setRequestProperty("authorization", "Bearer " + token);
            int code = http.getResponseCode();
            if (code == 401 || code == 403) {
                throw new Failed(
                        Exit.FAILED,
                        "%s does not take the token of this data folder; name the gateway's with --data"
                                .formatted(admin));
            }
            if (code != 200) {
                throw new Failed(Exit.FAILED, "%s answered %d".formatted(admin, code));
            }
            try (InputStream in = http.getInputStream()) {
                byte[] answer = in.readNBytes(ANSWER_BYTES_MAX + 1);
                if (answer.length > ANSWER_BYTES_MAX) {
                    throw new Failed(Exit.FAILED, "%s answered too much".formatted(admin));
                }
                return answer;
            }
        } catch (IllegalArgumentException e) {
            throw new Failed(Exit.USAGE, "--admin takes an http address, not " + admin);
        } catch (IOException e) {
            throw new Failed(
                    Exit.FAILED,
                    "no gateway answers at %s; is `writ serve` running?".formatted(admin));
        } finally {
            if (connection != null) {
                connection.disconnect();
            }
        }
    }

    private static String token(Path file) throws Failed {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new Failed(
                    Exit.FAILED,
                    "no gateway was started with the data folder %s (it holds no %s)"
                            .formatted(file.toAbsolutePath().getParent(), DataFolder.TOKEN_FILE));
        }
    }
}
