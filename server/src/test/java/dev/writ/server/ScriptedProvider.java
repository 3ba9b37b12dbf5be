package dev.writ.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;

/// A provider on a real socket that answers what a test tells it to, and remembers what it was
/// asked.
final class ScriptedProvider implements AutoCloseable {
    /// A usual answer, with usage.
    static final String ANSWER =
            """
            {"id":"chatcmpl-1","object":"chat.completion","model":"small-1","choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}}""";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final BlockingQueue<Script> scripts = new LinkedBlockingQueue<>();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();

    /// Answers one request.
    interface Script {
        void answer(HttpExchange exchange) throws IOException, InterruptedException;
    }

    /// What the provider was asked.
    ///
    /// @param headers names in lower case
    record Asked(String path, Map<String, String> headers, String body) {}

    ScriptedProvider() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:%d/v1".formatted(server.getAddress().getPort());
    }

    /// Answers the next request so; without a script the answer is [#ANSWER].
    ScriptedProvider then(Script script) {
        scripts.add(script);
        return this;
    }

    /// Answers the next request with a status and a body of JSON.
    ScriptedProvider then(int status, String body) {
        return then(exchange -> send(exchange, status, "application/json", body));
    }

    /// Answers the next request with a stream of events.
    ScriptedProvider thenStream(String... events) {
        return then(
                exchange -> {
                    exchange.getResponseHeaders().set("content-type", "text/event-stream");
                    exchange.sendResponseHeaders(200, 0);
                    try (OutputStream out = exchange.getResponseBody()) {
                        for (String event : events) {
                            out.write(event.getBytes(StandardCharsets.UTF_8));
                            out.flush();
                        }
                    }
                });
    }

    List<Asked> asked() {
        return asked;
    }

    static void send(HttpExchange exchange, int status, String type, String body)
            throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("content-type", type);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        Map<String, String> headers = new TreeMap<>();
        exchange.getRequestHeaders()
                .forEach(
                        (name, values) ->
                                headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        asked.add(new Asked(exchange.getRequestURI().toString(), headers, body));
        Script script = scripts.poll();
        try (exchange) {
            if (script == null) {
                send(exchange, 200, "application/json", ANSWER);
            } else {
                script.answer(exchange);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
