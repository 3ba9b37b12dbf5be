package dev.writ.server.upstream;

import io.undertow.util.HeaderMap;
import io.undertow.util.Methods;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.Xnio;
import org.xnio.XnioIoThread;
import org.xnio.XnioWorker;

/// One I/O thread and a client of upstreams, to make calls with.
final class CallBench implements AutoCloseable {
    static final UpstreamTimeouts PATIENT =
            new UpstreamTimeouts(
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(60));

    /// How a call ended.
    sealed interface Ended {}

    record Answer(int status, HeaderMap headers, String body) implements Ended {}

    record Failed(UpstreamFault fault) implements Ended {}

    final XnioWorker worker;
    final XnioIoThread ioThread;
    final UpstreamClient client;

    CallBench(UpstreamLimits limits, UpstreamTrust trust, LongSupplier nanoClock)
            throws IOException {
        this(UpstreamClient.start(limits, trust, nanoClock));
    }

    CallBench(UpstreamClient client) throws IOException {
        this.client = client;
        this.worker =
                Xnio.getInstance()
                        .createWorker(
                                OptionMap.create(
                                        Options.WORKER_IO_THREADS,
                                        1,
                                        Options.WORKER_TASK_MAX_THREADS,
                                        1));
        this.ioThread = worker.getIoThread();
    }

    static CallBench start() throws IOException {
        return new CallBench(UpstreamLimits.DEFAULT, UpstreamTrust.JDK, System::nanoTime);
    }

    static UpstreamRequest post(UpstreamEndpoint endpoint, String body) {
        return post(endpoint, body, PATIENT);
    }

    static UpstreamRequest post(UpstreamEndpoint endpoint, String body, UpstreamTimeouts timeouts) {
        return new UpstreamRequest(
                endpoint,
                Methods.POST,
                "/v1/x?y=z",
                List.of(UpstreamHeader.of("authorization", "Bearer sk-hidden")),
                List.of(ByteBuffer.wrap(body.getBytes(StandardCharsets.ISO_8859_1))),
                timeouts);
    }

    /// Calls and collects the whole body.
    Ended call(UpstreamRequest request) throws Exception {
        return begin(request).get(60, TimeUnit.SECONDS);
    }

    CompletableFuture<Ended> begin(UpstreamRequest request) {
        return begin(request, Integer.MAX_VALUE);
    }

    CompletableFuture<Ended> begin(UpstreamRequest request, int bytesMax) {
        CompletableFuture<Ended> ended = new CompletableFuture<>();
        ioThread.execute(() -> client.call(ioThread, request, collect(ended, bytesMax)));
        return ended;
    }

    static UpstreamListener collect(CompletableFuture<Ended> ended, int bytesMax) {
        return new UpstreamListener() {
            @Override
            public void onHeaders(UpstreamCall call, UpstreamHead head) {
                call.collectWhole(
                        bytesMax,
                        body ->
                                ended.complete(
                                        new Answer(head.status(), head.headers(), text(body))));
            }

            @Override
            public void onFault(UpstreamFault fault) {
                ended.complete(new Failed(fault));
            }
        };
    }

    static String text(ByteBuffer bytes) {
        return StandardCharsets.ISO_8859_1.decode(bytes).toString();
    }

    @Override
    public void close() {
        client.close();
        worker.shutdownNow();
    }
}
