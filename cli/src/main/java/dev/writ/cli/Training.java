package dev.writ.cli;

import dev.writ.cli.lsp.PolicyServer;
import dev.writ.server.Gateway;
import dev.writ.server.serving.ProviderVocabulary;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine;

/// What the JVM learns from when Writ is built: it runs commands as people would, and remembers
/// their classes.
public final class Training {
    private Training() {}

    /// Runs commands on what lies in the folder `args[0]`, the root of the installation.
    public static void main(String[] args) throws IOException {
        Path root = Path.of(args[0]);
        Logs.begin(System.err);
        PrintWriter nowhere = new PrintWriter(PrintWriter.nullWriter());
        Console console =
                new Console(
                        nowhere, nowhere, new ByteArrayInputStream(new byte[0]), Map.of(), true);
        String quickstart = root.resolve("policies/quickstart").toString();
        Writ.run(console, "--help");
        Writ.run(console, "status", "--data", root.resolve("none").toString());
        Writ.run(console, "check", quickstart);
        Writ.run(console, "fmt", "--check", quickstart);
        Writ.run(console, "test", "--coverage", quickstart);
        edit(root.resolve("policies/quickstart"));
        Path data = Files.createTempDirectory("writ-training-");
        try {
            serve(console, quickstart, data);
        } finally {
            delete(data);
        }
    }

    /// Opens a policy as an editor does, asks for a completion, and leaves.
    private static void edit(Path folder) throws IOException {
        String uri = folder.toUri().toString();
        StringBuilder said = new StringBuilder();
        say(
                said,
                """
                {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{},\
                "workspaceFolders":[{"uri":"%s","name":"quickstart"}]}}"""
                        .formatted(uri));
        say(
                said,
                """
                {"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{\
                "uri":"%sdraft.writ","languageId":"writ","version":1,\
                "text":"policy \\"draft\\" language 1\\nrule r on request when "}}}"""
                        .formatted(uri));
        say(
                said,
                """
                {"jsonrpc":"2.0","id":2,"method":"textDocument/completion","params":{\
                "textDocument":{"uri":"%sdraft.writ"},"position":{"line":1,"character":23}}}"""
                        .formatted(uri));
        say(said, "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"shutdown\"}");
        say(said, "{\"jsonrpc\":\"2.0\",\"method\":\"exit\"}");
        byte[] in = said.toString().getBytes(StandardCharsets.UTF_8);
        try {
            PolicyServer.serve(
                    ProviderVocabulary.VOCABULARY,
                    "training",
                    new ByteArrayInputStream(in),
                    OutputStream.nullOutputStream());
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static void say(StringBuilder to, String message) {
        int length = message.getBytes(StandardCharsets.UTF_8).length;
        to.append("Content-Length: ").append(length).append("\r\n\r\n").append(message);
    }

    private static void serve(Console console, String policy, Path data) throws IOException {
        Serve serve = new Serve(console);
        new CommandLine(serve)
                .parseArgs(policy, "--port", "0", "--admin-port", "0", "--data", data.toString());
        try (Gateway gateway = serve.start()) {
            for (String stream : List.of("false", "true")) {
                ask(
                        gateway.port(),
                        """
                        {"model":"chat","stream":%s,"messages":[{"role":"user","content":"Hello"}]}"""
                                .formatted(stream));
            }
        } catch (Failed e) {
            throw new IOException(e);
        }
    }

    private static void ask(int port, String body) throws IOException {
        URI uri = URI.create("http://127.0.0.1:%d/v1/chat/completions".formatted(port));
        if (uri.toURL().openConnection() instanceof HttpURLConnection call) {
            call.setDoOutput(true);
            call.setRequestProperty("authorization", "Bearer writ-quickstart");
            call.setRequestProperty("content-type", "application/json");
            try (OutputStream out = call.getOutputStream()) {
                out.write(body.getBytes(StandardCharsets.UTF_8));
            }
            try (InputStream in = call.getInputStream()) {
                in.readAllBytes();
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(
                            file -> {
                                try {
                                    Files.delete(file);
                                } catch (IOException e) {
                                    throw new UncheckedIOException(e);
                                }
                            });
        }
    }
}
