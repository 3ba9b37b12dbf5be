package dev.writ.cli;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.server.Gateway;
import dev.writ.server.GatewayOptions;
import dev.writ.server.live.DataFolder;
import dev.writ.server.live.PolicyOrigin;
import dev.writ.server.live.PolicyRefused;
import dev.writ.server.live.ReloadOutcome;
import dev.writ.server.live.ReloadStatus;
import dev.writ.server.upstream.UpstreamTrust;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `writ serve`: runs the gateway until the process is ended, and follows its policy.
@Command(
        name = "serve",
        description = {
            "Serve LLM traffic under a policy, and follow the policy while it changes.",
            "Without a policy, policies/quickstart is served, whose provider is simulated."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Clients call http://127.0.0.1:8080/v1 as they would call OpenAI.",
            "",
            "Examples:",
            "  writ serve",
            "  writ serve policies/openai --port 9000",
            "  writ serve https://git.example.org/acme/policies.git --branch main"
        })
final class Serve implements Callable<Integer> {
    private final Console console;

    @Parameters(
            arity = "0..1",
            paramLabel = "POLICY",
            description =
                    "A policy file, a folder of policy files, or the address of a git repository.")
    @Nullable String policy;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8080",
            description = "Port for clients; ${DEFAULT-VALUE}. 0 takes any that is free.")
    int port;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = GatewayOptions.LOOPBACK,
            description = {
                "Address for clients; ${DEFAULT-VALUE}, which only this machine reaches.",
                "0.0.0.0 lets others in."
            })
    String host = "";

    @Option(
            names = "--admin-port",
            paramLabel = "PORT",
            defaultValue = "8081",
            description = "Port for status and reload; ${DEFAULT-VALUE}. 0 takes any that is free.")
    int adminPort;

    @Option(
            names = "--admin-host",
            paramLabel = "ADDRESS",
            defaultValue = GatewayOptions.LOOPBACK,
            description = "Address for status and reload; ${DEFAULT-VALUE}.")
    String adminHost = "";

    @Option(
            names = "--data",
            paramLabel = "FOLDER",
            description = {
                "Folder for what must outlive the gateway;",
                "$XDG_STATE_HOME/writ or ~/.local/state/writ."
            })
    @Nullable Path data;

    @Option(
            names = "--ca-file",
            paramLabel = "FILE",
            description =
                    "PEM file with further authorities whose certificates providers may show.")
    @Nullable Path caFile;

    @Option(
            names = "--branch",
            paramLabel = "NAME",
            defaultValue = "main",
            description = "Branch of a git repository; ${DEFAULT-VALUE}.")
    String branch = "";

    @Option(
            names = "--folder",
            paramLabel = "PATH",
            defaultValue = "",
            description = "Folder of a git repository that holds the policy; its root.")
    String folder = "";

    @Option(
            names = "--poll",
            paramLabel = "TIME",
            defaultValue = "30s",
            converter = Durations.class,
            description = "Time between two looks at a git repository; ${DEFAULT-VALUE}.")
    Duration poll = PolicyOrigin.POLL_DEFAULT;

    Serve(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws Failed {
        Gateway gateway = start();
        CountDownLatch ended = new CountDownLatch(1);
        Thread atExit =
                new Thread(
                        () -> {
                            gateway.close();
                            ended.countDown();
                        },
                        "writ-stop");
        Runtime.getRuntime().addShutdownHook(atExit);
        tell(gateway);
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Exit.FINE;
    }

    /// Starts the gateway as the options say.
    Gateway start() throws Failed {
        Path folderOfData =
                data != null
                        ? data
                        : DataFolder.defaultPath(
                                console.environment(), System.getProperty("user.home", ""));
        GatewayOptions options =
                GatewayOptions.of(origin(), folderOfData, console.environment())
                        .at(host, port, adminHost, adminPort)
                        .with(new UpstreamTrust(caFile), GatewayOptions.STOP_TIME_DEFAULT);
        try {
            return Gateway.start(options, this::tell);
        } catch (PolicyRefused e) {
            show(e.outcome());
            throw new Failed(Exit.POLICY, "the policy cannot serve, and there is no last good one");
        } catch (IOException e) {
            throw new Failed(Exit.FAILED, String.valueOf(e.getMessage()));
        }
    }

    private PolicyOrigin origin() throws Failed {
        String from = policy;
        if (from == null) {
            Path quickstart =
                    Path.of(System.getProperty("writ.home", ".")).resolve("policies/quickstart");
            if (!Files.isDirectory(quickstart)) {
                throw new Failed(Exit.USAGE, "name a policy; there is no " + quickstart);
            }
            return new PolicyOrigin.OfPath(quickstart);
        }
        if (!PolicyOrigin.isGitUrl(from)) {
            return new PolicyOrigin.OfPath(Path.of(from));
        }
        try {
            return new PolicyOrigin.OfGit(from, branch, folder, poll);
        } catch (IllegalArgumentException e) {
            throw new Failed(Exit.USAGE, "--poll takes 1s or more");
        }
    }

    private void tell(Gateway gateway) {
        ReloadStatus status = gateway.status();
        if (status.last() instanceof ReloadOutcome.Refused refused) {
            show(refused);
            console.err()
                    .println("writ: SERVING THE LAST GOOD POLICY; the one above cannot be used");
        }
        String commit = status.commit();
        console.err()
                .println(
                        """
                        writ: serving %s (policy %s%s)
                          clients     http://%s:%d/v1
                          management  http://%s:%d/writ/status\
                        """
                                .formatted(
                                        status.origin(),
                                        status.policyId().substring(0, 12),
                                        commit == null ? "" : ", commit " + commit.substring(0, 12),
                                        host,
                                        gateway.port(),
                                        adminHost,
                                        gateway.adminPort()));
        if (policy == null) {
            console.err()
                    .println(
                            """
                              try         curl http://%s:%d/v1/chat/completions -H 'authorization: Bearer writ-quickstart' \\
                                            -H 'content-type: application/json' \\
                                            -d '{"model": "chat", "messages": [{"role": "user", "content": "Hello"}]}'\
                            """
                                    .formatted(host, gateway.port()));
        }
    }

    private void tell(ReloadOutcome outcome) {
        switch (outcome) {
            case ReloadOutcome.Swapped swapped -> {
                show(swapped.warnings());
                String commit = swapped.commit();
                console.err()
                        .println(
                                "writ: the new policy serves (%s%s)"
                                        .formatted(
                                                swapped.policyId().substring(0, 12),
                                                commit == null
                                                        ? ""
                                                        : ", commit " + commit.substring(0, 12)));
            }
            case ReloadOutcome.Refused refused -> {
                show(refused);
                console.err()
                        .println("writ: the policy was refused; the one before goes on serving");
            }
            case ReloadOutcome.Unchanged _ -> {}
        }
    }

    private void show(ReloadOutcome.Refused refused) {
        show(refused.diagnostics());
        refused.problems().forEach(problem -> console.err().println("writ: " + problem));
    }

    private void show(List<Diagnostic> diagnostics) {
        Check.show(console.err(), console.colour(), diagnostics);
    }
}
