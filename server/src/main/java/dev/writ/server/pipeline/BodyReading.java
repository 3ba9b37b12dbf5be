package dev.writ.server.pipeline;

import io.undertow.connector.PooledByteBuffer;
import io.undertow.server.HttpServerExchange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.xnio.ChannelListener;
import org.xnio.XnioExecutor;
import org.xnio.channels.StreamSourceChannel;

/// Collects one request's body as its bytes come.
///
/// The memory that it takes grows with what has come, not with what was announced, so that slow
/// clients that announce much hold little.
final class BodyReading implements ChannelListener<StreamSourceChannel>, Runnable {
    private static final int FIRST_BYTES = 4 * 1024;
    private static final long DISCARDED_BYTES_MAX = 64L * 1024 * 1024;
    private static final int BYTES_PER_SECOND_MIN = 64 * 1024;

    private final Exchange exchange;
    private final BodyBudget budget;
    private final GatewayLimits limits;
    private final WhenRead whenRead;

    private byte[] bytes = new byte[0];
    private int length;

    /// How much of a body came that is too large. It is read on for a while, because a client that
    /// is still sending would lose the answer with the connection.
    private long discarded;

    private final long announced;
    private boolean ended;
    private long beganNanos;
    private XnioExecutor.@Nullable Key deadline;
    private @Nullable StreamSourceChannel channel;

    /// What happens to a body that is there.
    @FunctionalInterface
    interface WhenRead {
        /// Goes on with the body.
        ///
        /// @param body longer than `length`, perhaps; the receiver's from now on
        Step accept(Exchange exchange, byte[] body, int length);
    }

    /// @param announced length that the client announced; -1 for none
    BodyReading(
            Exchange exchange,
            long announced,
            BodyBudget budget,
            GatewayLimits limits,
            WhenRead whenRead) {
        this.exchange = exchange;
        this.announced = announced;
        this.budget = budget;
        this.limits = limits;
        this.whenRead = whenRead;
    }

    /// Reads what is there, and waits for the rest.
    Step begin() {
        HttpServerExchange http = exchange.http();
        StreamSourceChannel source = http.getRequestChannel();
        if (source == null) {
            throw new IllegalStateException("the body must be read once");
        }
        if (announced > 0 && !grow((int) Math.min(announced, FIRST_BYTES))) {
            return busy();
        }
        Step step = read(source);
        if (step instanceof Step.Await && !ended) {
            beganNanos = System.nanoTime();
            channel = source;
            watch();
            source.getReadSetter().set(this);
            source.resumeReads();
        }
        return step;
    }

    @Override
    public void handleEvent(StreamSourceChannel source) {
        if (ended) {
            return;
        }
        Step step;
        try {
            step = read(source);
        } catch (RuntimeException | StackOverflowError e) {
            ended = true;
            step = GatewayPipeline.bug("reading a body", exchange, e);
        }
        if (ended) {
            source.suspendReads();
            if (deadline != null) {
                deadline.remove();
            }
            if (!(step instanceof Step.Await)) {
                exchange.resume(step);
            }
        }
    }

    /// Returns what to do; [Step#AWAIT] with `ended` unset means that more must come.
    private Step read(StreamSourceChannel source) {
        try (PooledByteBuffer pooled =
                exchange.http().getConnection().getByteBufferPool().allocate()) {
            ByteBuffer buffer = pooled.getBuffer();
            while (true) {
                buffer.clear();
                int read = source.read(buffer);
                if (read == 0) {
                    return Step.AWAIT;
                }
                if (read < 0) {
                    ended = true;
                    return discarded > 0 ? tooLarge() : whenRead.accept(exchange, bytes, length);
                }
                buffer.flip();
                if (discarded > 0 || length + (long) read > limits.bodyBytesMax()) {
                    discarded += read;
                    if (discarded > DISCARDED_BYTES_MAX) {
                        return tooLarge();
                    }
                    continue;
                }
                if (length + read > bytes.length && !grow(capacity(length + read))) {
                    return busy();
                }
                buffer.get(bytes, length, read);
                length += read;
            }
        } catch (IOException e) {
            ended = true;
            exchange.http().setPersistent(false);
            return Step.refuse(
                    new Fault.InvalidRequest(
                            "The body ended early, or its transfer encoding is broken.", null));
        }
    }

    private Step tooLarge() {
        ended = true;
        exchange.http().setPersistent(false);
        return Step.refuse(new Fault.BodyTooLarge(limits.bodyBytesMax()));
    }

    private int capacity(int needed) {
        long doubled = Math.max(needed, 2L * bytes.length);
        long most = announced < 0 ? limits.bodyBytesMax() : Math.max(needed, announced);
        return (int) Math.min(doubled, most);
    }

    private boolean grow(int capacity) {
        if (!budget.take(capacity - bytes.length)) {
            return false;
        }
        exchange.heldBytes += capacity - bytes.length;
        bytes = Arrays.copyOf(bytes, capacity);
        return true;
    }

    private Step busy() {
        ended = true;
        exchange.http().setPersistent(false);
        return Step.refuse(new Fault.GatewayBusy(Duration.ofSeconds(1)));
    }

    private void watch() {
        deadline = exchange.ioThread().executeAfter(this, 1, TimeUnit.SECONDS);
    }

    /// Looks whether the body comes too slowly.
    @Override
    public void run() {
        if (ended) {
            return;
        }
        long allowed =
                limits.bodyTime().toNanos()
                        + TimeUnit.SECONDS.toNanos(length / BYTES_PER_SECOND_MIN);
        StreamSourceChannel source = channel;
        if (System.nanoTime() - beganNanos < allowed || source == null) {
            watch();
            return;
        }
        ended = true;
        source.suspendReads();
        exchange.http().setPersistent(false);
        exchange.resume(discarded > 0 ? tooLarge() : Step.refuse(new Fault.RequestTimeout()));
    }
}
