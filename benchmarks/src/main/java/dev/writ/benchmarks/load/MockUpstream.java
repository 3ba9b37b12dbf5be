package dev.writ.benchmarks.load;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/// A provider that costs as little as can be: it reads no more of a request than it must, and
/// answers from prepared bytes.
///
/// A request that holds `"stream":true` gets events without end, each in an HTTP chunk and a write
/// of its own: as many a second as its `"user":"rate-N"` says, or as fast as they are read.
/// Any other gets a whole answer.
public final class MockUpstream {
    private static final int THREADS = 2;
    private static final int WRITES_A_TURN = 16;
    private static final byte[] STREAM_MARK = "\"stream\":true".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LENGTH_MARK = "content-length:".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] HEAD_END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Selector selector;
    private final Queue<SocketChannel> arrived = new ConcurrentLinkedQueue<>();
    private final PriorityQueue<Connection> timed =
            new PriorityQueue<>((a, b) -> Long.compare(a.dueNanos - b.dueNanos, 0));
    private final byte[] whole = Events.wholeAnswer();
    private final byte[] head = Events.streamHead();

    private MockUpstream() throws IOException {
        this.selector = Selector.open();
    }

    /// Listens on an ephemeral port of the loopback address, says on which, and ends when its
    /// standard input does: with whoever started it.
    public static void main(String[] args) throws IOException {
        MockUpstream[] loops = new MockUpstream[THREADS];
        for (int i = 0; i < THREADS; i++) {
            MockUpstream loop = new MockUpstream();
            loops[i] = loop;
            Thread.ofPlatform().name("mock-" + i).start(loop::run);
        }
        Thread.ofPlatform().daemon().start(MockUpstream::endWithInput);
        try (ServerSocketChannel listener = ServerSocketChannel.open()) {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10_000);
            System.out.println("port " + listener.socket().getLocalPort());
            for (int n = 0; ; n++) {
                SocketChannel channel = listener.accept();
                channel.configureBlocking(false);
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                MockUpstream loop = loops[n % THREADS];
                loop.arrived.add(channel);
                loop.selector.wakeup();
            }
        }
    }

    private static void endWithInput() {
        try {
            System.in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            System.err.println("mock: standard input failed");
        }
        System.exit(0);
    }

    private void run() {
        try {
            while (true) {
                turn();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the selector failed", e);
        }
    }

    private void turn() throws IOException {
        Connection next = timed.peek();
        if (next == null) {
            selector.select();
        } else {
            long millis = (next.dueNanos - System.nanoTime()) / 1_000_000;
            if (millis > 0) {
                selector.select(millis);
            } else {
                selector.selectNow();
            }
        }
        for (SocketChannel channel = arrived.poll(); channel != null; channel = arrived.poll()) {
            Connection connection = new Connection(channel);
            connection.key = channel.register(selector, SelectionKey.OP_READ, connection);
        }
        for (SelectionKey key : selector.selectedKeys()) {
            if (key.isValid() && key.attachment() instanceof Connection connection) {
                connection.ready(key);
            }
        }
        selector.selectedKeys().clear();
        long now = System.nanoTime();
        for (Connection due = timed.peek();
                due != null && due.dueNanos - now <= 0;
                due = timed.peek()) {
            timed.poll();
            due.tick();
        }
    }

    /// One connection: reads a request, answers it, reads the next.
    private final class Connection {
        private final SocketChannel channel;
        private final ByteBuffer in = ByteBuffer.allocate(4096);
        private ByteBuffer out = ByteBuffer.allocate(Math.max(1024, 2 * Events.size()));
        private @Nullable SelectionKey key;
        private boolean streaming;
        private long periodNanos;
        private long dueNanos;

        Connection(SocketChannel channel) {
            this.channel = channel;
            out.limit(0);
        }

        void ready(SelectionKey ready) {
            try {
                if (ready.isReadable() && !read()) {
                    close();
                    return;
                }
                if (ready.isWritable()) {
                    pump();
                }
            } catch (IOException e) {
                close();
            }
        }

        private boolean read() throws IOException {
            if (channel.read(in) < 0) {
                return false;
            }
            if (streaming) {
                in.clear();
                return true;
            }
            int end = requestEnd();
            if (end < 0) {
                if (!in.hasRemaining()) {
                    throw new IOException("requests must fit into " + in.capacity() + " bytes");
                }
                return true;
            }
            int rateAt = find(Events.RATE_MARK, 0, end);
            streaming = find(STREAM_MARK, 0, end) >= 0;
            long rate = rateAt < 0 ? 0 : number(rateAt + Events.RATE_MARK.length);
            in.flip().position(end);
            in.compact();
            byte[] answer = streaming ? head : whole;
            out.clear().put(answer).flip();
            if (streaming && rate > 0) {
                periodNanos = 1_000_000_000L / rate;
                // Streams of one rate are spread over its period.
                dueNanos = System.nanoTime() + (long) (Math.random() * periodNanos);
                timed.add(this);
            }
            pump();
            return true;
        }

        /// Writes what is left, and events for as long as they are taken.
        private void pump() throws IOException {
            for (int n = 0; n < WRITES_A_TURN; n++) {
                if (out.hasRemaining()) {
                    channel.write(out);
                    if (out.hasRemaining()) {
                        break;
                    }
                }
                if (!streaming || periodNanos > 0) {
                    interest(SelectionKey.OP_READ);
                    return;
                }
                event();
            }
            interest(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        }

        private void event() {
            out.clear();
            Events.put(out, System.nanoTime());
            out.flip();
        }

        private void tick() {
            if (!channel.isOpen()) {
                return;
            }
            try {
                if (!out.hasRemaining()) {
                    event();
                }
                pump();
            } catch (IOException e) {
                close();
                return;
            }
            dueNanos += periodNanos;
            timed.add(this);
        }

        private void interest(int ops) {
            if (key != null && key.isValid() && key.interestOps() != ops) {
                key.interestOps(ops);
            }
        }

        private void close() {
            try {
                channel.close();
            } catch (IOException e) {
                // It is gone either way.
                streaming = false;
            }
        }

        /// Returns where the request ends, -1 if not all of it is here.
        private int requestEnd() {
            int headEnd = find(HEAD_END, 0, in.position());
            if (headEnd < 0) {
                return -1;
            }
            int length = find(LENGTH_MARK, 0, headEnd);
            int body = headEnd + HEAD_END.length;
            int end = length < 0 ? body : body + (int) number(length + LENGTH_MARK.length);
            return end <= in.position() ? end : -1;
        }

        private long number(int from) {
            int at = from;
            while (in.get(at) == ' ') {
                at++;
            }
            long number = 0;
            for (byte b = in.get(at); b >= '0' && b <= '9'; b = in.get(++at)) {
                number = number * 10 + (b - '0');
            }
            return number;
        }

        /// Finds lower-case ASCII, whatever the case of what was sent.
        private int find(byte[] mark, int from, int to) {
            byte[] bytes = in.array();
            outer:
            for (int at = from; at <= to - mark.length; at++) {
                for (int i = 0; i < mark.length; i++) {
                    byte b = bytes[at + i];
                    if ((b >= 'A' && b <= 'Z' ? b + 32 : b) != mark[i]) {
                        continue outer;
                    }
                }
                return at;
            }
            return -1;
        }
    }
}
