package dev.writ.server.simulated;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.SameThreadExecutor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.channels.StreamSinkChannel;

/// Sends the steps of a script when they are due, on the exchange's I/O thread and its timers.
///
/// Nothing blocks: a stream that waits costs a timer, a client that does not read costs the bytes
/// of one write.
///
/// Threads: the exchange's I/O thread only.
final class TimedAnswer {
    /// When what is sent.
    interface Script {
        int steps();

        /// Returns when a step is due, in nanoseconds since the request; never falling.
        long dueNanos(int step);

        byte[] bytes(int step);

        /// Returns whether the connection is cut behind the last step.
        boolean breaks();
    }

    /// About how many bytes are gathered into one write.
    private static final int WRITE_BYTES = 16 * 1024;

    private static final long MILLI_NANOS = 1_000_000;

    private final HttpServerExchange exchange;
    private final Script script;
    private final LongSupplier nanoClock;
    private final long startNanos;
    private @Nullable StreamSinkChannel channel;
    private @Nullable ByteBuffer pending;
    private int step;
    private boolean unflushed;
    private boolean ended;

    private TimedAnswer(HttpServerExchange exchange, Script script, LongSupplier nanoClock) {
        this.exchange = exchange;
        this.script = script;
        this.nanoClock = nanoClock;
        this.startNanos = nanoClock.getAsLong();
    }

    /// Begins. Status and headers must be set.
    static void send(HttpServerExchange exchange, Script script, LongSupplier nanoClock) {
        TimedAnswer answer = new TimedAnswer(exchange, script, nanoClock);
        exchange.dispatch(SameThreadExecutor.INSTANCE, answer::advance);
    }

    private void advance() {
        try {
            while (!ended) {
                if (pending == null && step < script.steps()) {
                    long wait = startNanos + script.dueNanos(step) - nanoClock.getAsLong();
                    if (wait > 0) {
                        await(wait);
                        return;
                    }
                    pending = gather();
                }
                if (!written() || (step == script.steps() && !finished())) {
                    StreamSinkChannel open = open();
                    open.getWriteSetter().set(_ -> advance());
                    open.resumeWrites();
                    return;
                }
            }
        } catch (IOException e) {
            // The client left; there is nobody to tell.
            IoUtils.safeClose(exchange.getConnection());
        }
    }

    private void await(long nanos) throws IOException {
        if (unflushed) {
            StreamSinkChannel open = open();
            if (!open.flush()) {
                open.getWriteSetter().set(_ -> advance());
                open.resumeWrites();
                return;
            }
            open.suspendWrites();
            unflushed = false;
        }
        long millis = (nanos + MILLI_NANOS - 1) / MILLI_NANOS;
        exchange.getIoThread().executeAfter(this::advance, millis, TimeUnit.MILLISECONDS);
    }

    /// Takes all steps that are due, up to the size of a write.
    private ByteBuffer gather() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        long now = nanoClock.getAsLong() - startNanos;
        while (step < script.steps()
                && script.dueNanos(step) <= now
                && bytes.size() < WRITE_BYTES) {
            bytes.writeBytes(script.bytes(step));
            step++;
        }
        return ByteBuffer.wrap(bytes.toByteArray());
    }

    private boolean written() throws IOException {
        ByteBuffer bytes = pending;
        if (bytes == null) {
            return true;
        }
        while (bytes.hasRemaining()) {
            if (open().write(bytes) == 0) {
                return false;
            }
        }
        pending = null;
        unflushed = true;
        return true;
    }

    private boolean finished() throws IOException {
        StreamSinkChannel open = open();
        if (!script.breaks()) {
            open.shutdownWrites();
        }
        if (!open.flush()) {
            return false;
        }
        ended = true;
        if (script.breaks()) {
            IoUtils.safeClose(exchange.getConnection());
        } else {
            exchange.endExchange();
        }
        return true;
    }

    private StreamSinkChannel open() {
        if (channel == null) {
            channel = exchange.getResponseChannel();
        }
        return channel;
    }
}
