package dev.writ.server.upstream;

import io.undertow.Undertow;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.SameThreadExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.xnio.Options;

/// A server with one I/O thread whose requests become calls to an upstream.
final class TestGateway implements AutoCloseable {
    /// What a request becomes; told on the I/O thread, with the request read whole and dispatched.
    interface Handler {
        void handle(HttpServerExchange exchange) throws Exception;
    }

    final UpstreamClient client;
    final LinkedBlockingQueue<StreamOutcome> outcomes = new LinkedBlockingQueue<>();
    final LinkedBlockingQueue<UpstreamFault> faults = new LinkedBlockingQueue<>();
    final LinkedBlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final Undertow server;

    TestGateway(UpstreamClient client, Function<TestGateway, Handler> made) {
        this.client = client;
        Handler handler = made.apply(this);
        this.server =
                Undertow.builder()
                        .addHttpListener(0, "127.0.0.1", exchange -> receive(exchange, handler))
                        .setIoThreads(1)
                        .setWorkerThreads(1)
                        .setSocketOption(Options.SEND_BUFFER, 64 * 1024)
                        .build();
        server.start();
    }

    /// Forwards streams of `upstream`.
    static TestGateway streaming(ScriptedUpstream upstream) {
        return streaming(upstream, ChunkObserver.NONE);
    }

    static TestGateway streaming(ScriptedUpstream upstream, ChunkObserver observer) {
        return streaming(
                upstream,
                UpstreamLimits.DEFAULT,
                CallBench.PATIENT,
                System::nanoTime,
                _ -> observer);
    }

    static TestGateway streaming(
            ScriptedUpstream upstream,
            UpstreamLimits limits,
            UpstreamTimeouts timeouts,
            LongSupplier nanoClock,
            Function<UpstreamCall, ChunkObserver> observer) {
        return streaming(
                UpstreamClient.start(limits, UpstreamTrust.JDK, nanoClock),
                CallBench.post(upstream.endpoint(), "{}", timeouts),
                observer);
    }

    static TestGateway streaming(
            UpstreamClient client,
            UpstreamRequest request,
            Function<UpstreamCall, ChunkObserver> observer) {
        return new TestGateway(
                client, gateway -> exchange -> gateway.stream(exchange, request, observer));
    }

    void stream(
            HttpServerExchange exchange,
            UpstreamRequest request,
            Function<UpstreamCall, ChunkObserver> observer) {
        ClientWatch watch = ClientWatch.of(exchange);
        boolean[] failed = {false};
        UpstreamCall begun =
                client.call(
                        exchange.getIoThread(),
                        request,
                        new UpstreamListener() {
                            @Override
                            public void onHeaders(UpstreamCall call, UpstreamHead head) {
                                exchange.setStatusCode(head.status());
                                exchange.getResponseHeaders()
                                        .put(Headers.CONTENT_TYPE, "text/event-stream");
                                StreamPump.start(
                                        call, exchange, observer.apply(call), outcomes::add);
                            }

                            @Override
                            public void onFault(UpstreamFault fault) {
                                failed[0] = true;
                                faults.add(fault);
                                exchange.setStatusCode(502);
                                exchange.getResponseHeaders()
                                        .put(new HttpString("x-fault"), fault.text());
                                exchange.endExchange();
                            }
                        });
        watch.whenGone(
                () -> {
                    if (!failed[0]) {
                        events.add("gone");
                    }
                    begun.cancel();
                    exchange.endExchange();
                });
    }

    private static void receive(HttpServerExchange exchange, Handler handler) {
        exchange.getRequestReceiver()
                .receiveFullBytes(
                        (received, _) ->
                                received.dispatch(
                                        SameThreadExecutor.INSTANCE,
                                        () -> {
                                            try {
                                                handler.handle(received);
                                            } catch (Exception e) {
                                                throw new AssertionError(e);
                                            }
                                        }));
    }

    int port() {
        return ((InetSocketAddress) server.getListenerInfo().getFirst().getAddress()).getPort();
    }

    HttpRequest request() {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + "/"))
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .version(HttpClient.Version.HTTP_1_1)
                .build();
    }

    /// Opens a connection and sends a request.
    Socket open() throws Exception {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port());
        ask(socket, "{}");
        return socket;
    }

    /// Sends requests with these bodies, all at once.
    static void ask(Socket socket, String... bodies) throws Exception {
        StringBuilder requests = new StringBuilder();
        for (String body : bodies) {
            requests.append("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ");
            requests.append(body.length()).append("\r\n\r\n").append(body);
        }
        socket.getOutputStream().write(requests.toString().getBytes(StandardCharsets.US_ASCII));
    }

    /// Runs `task` on the I/O thread.
    <T> T onIoThread(Callable<T> task) throws Exception {
        CompletableFuture<T> done = new CompletableFuture<>();
        server.getWorker()
                .getIoThread()
                .execute(
                        () -> {
                            try {
                                done.complete(task.call());
                            } catch (Exception e) {
                                done.completeExceptionally(e);
                            }
                        });
        return get(done);
    }

    /// Waits until a stream waits for its client.
    void awaitBlocked(UpstreamLane lane) throws Exception {
        while (!onIoThread(
                () -> lane.wheel.waiting().stream().anyMatch(ClientStream.class::isInstance))) {
            Thread.onSpinWait();
        }
    }

    static <T> T next(LinkedBlockingQueue<T> queue) throws InterruptedException {
        T taken = queue.poll(60, TimeUnit.SECONDS);
        if (taken == null) {
            throw new AssertionError("nothing came");
        }
        return taken;
    }

    static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(60, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        client.close();
        server.stop();
    }
}
