package dev.writ.benchmarks.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A client of many event streams that measures how late events come.
///
/// One thread reads all streams, a bounded amount a turn, and compares the time in each event with
/// its own clock: both are the machine's monotonic one. An error is a stream that did not begin
/// with status 200, ended, or held an error event.
final class StreamLoad {
    /// What came of it.
    ///
    /// @param eventsPerSecond over all streams, while measured
    /// @param silent streams without any event while measured
    /// @param errors streams that did not begin or did not last
    /// @param firstError what the first of them met; empty if none
    record Result(
            double eventsPerSecond,
            long delayP50Micros,
            long delayP99Micros,
            int silent,
            int errors,
            String firstError) {}

    /// Connections that are opened before those before have their first byte.
    private static final int OPENING_MAX = 128;

    private static final long OPENING_NANOS_MAX = 60_000_000_000L;

    private final InetSocketAddress address;
    private final ByteBuffer request;
    private final int streams;
    private final ByteBuffer buffer = ByteBuffer.allocate(32 * 1024);
    private final List<Stream> all = new ArrayList<>();
    private final Delays delays = new Delays();
    private boolean measuring;
    private int begun;
    private int errors;
    private String firstError = "";

    private StreamLoad(int port, String key, int rate, int streams) {
        String body =
                """
                {"model":"chat","stream":true,"user":"rate-%d","messages":[{"role":"system",\
                "content":"You are a helpful assistant."},{"role":"user","content":"Tell me a \
                story."}]}"""
                        .formatted(rate);
        this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        this.request =
                ByteBuffer.wrap(
                        """
                        POST /v1/chat/completions HTTP/1.1\r
                        host: 127.0.0.1\r
                        authorization: Bearer %s\r
                        content-type: application/json\r
                        content-length: %d\r
                        \r
                        %s"""
                                .formatted(key, body.length(), body)
                                .getBytes(StandardCharsets.US_ASCII));
        this.streams = streams;
    }

    /// Opens the streams, lets them run, then measures.
    ///
    /// @param rate events a second that each stream asks for; 0 for as many as can be
    /// @param behind is run when all is measured and the streams are open still
    static Result run(
            int port,
            String key,
            int rate,
            int streams,
            double warmSeconds,
            double seconds,
            Runnable behind)
            throws IOException {
        return new StreamLoad(port, key, rate, streams).run(warmSeconds, seconds, behind);
    }

    private Result run(double warmSeconds, double seconds, Runnable behind) throws IOException {
        try (Selector selector = Selector.open()) {
            try {
                open(selector);
                turnUntil(selector, System.nanoTime() + (long) (warmSeconds * 1e9));
                measuring = true;
                long from = System.nanoTime();
                turnUntil(selector, from + (long) (seconds * 1e9));
                double took = (System.nanoTime() - from) / 1e9;
                behind.run();
                int silent = 0;
                for (Stream stream : all) {
                    silent += stream.events == 0 ? 1 : 0;
                }
                return new Result(
                        delays.count() / took,
                        delays.percentile(0.5),
                        delays.percentile(0.99),
                        silent,
                        errors + (streams - begun),
                        begun < streams && firstError.isEmpty()
                                ? "no answer within a minute"
                                : firstError);
            } finally {
                for (Stream stream : all) {
                    stream.channel.close();
                }
            }
        }
    }

    private void open(Selector selector) throws IOException {
        long deadline = System.nanoTime() + OPENING_NANOS_MAX;
        while (begun < streams && System.nanoTime() < deadline) {
            while (all.size() < streams && all.size() - begun < OPENING_MAX) {
                SocketChannel channel = SocketChannel.open(address);
                Stream stream = new Stream(channel);
                all.add(stream);
                ByteBuffer bytes = request.duplicate();
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.configureBlocking(false);
                channel.register(selector, SelectionKey.OP_READ, stream);
            }
            turn(selector, 10);
        }
    }

    private void turnUntil(Selector selector, long deadline) throws IOException {
        for (long left = deadline - System.nanoTime();
                left > 0;
                left = deadline - System.nanoTime()) {
            turn(selector, Math.max(1, left / 1_000_000));
        }
    }

    private void turn(Selector selector, long millis) throws IOException {
        selector.select(
                key -> {
                    if (key.attachment() instanceof Stream stream) {
                        read(key, stream);
                    }
                },
                millis);
    }

    private void read(SelectionKey key, Stream stream) {
        buffer.clear();
        try {
            int count = stream.channel.read(buffer);
            if (count < 0) {
                throw new IOException("the stream ended");
            }
            stream.take(buffer.array(), count);
        } catch (IOException e) {
            key.cancel();
            errors++;
            if (!stream.begun) {
                begun++;
            }
            if (firstError.isEmpty()) {
                firstError = String.valueOf(e.getMessage());
            }
        }
    }

    /// Where a stream stands: in its head, a chunk's length, a chunk.
    private final class Stream {
        private static final int HEAD = 0;
        private static final int LENGTH = 1;
        private static final int DATA = 2;
        private static final int DATA_END = 3;

        private final SocketChannel channel;
        private final StringBuilder head = new StringBuilder();
        private boolean begun;
        private int state = HEAD;
        private long left;
        private int matched;
        private int digits;
        private long sent;
        private long events;

        Stream(SocketChannel channel) {
            this.channel = channel;
        }

        void take(byte[] array, int end) throws IOException {
            long now = System.nanoTime();
            int at = 0;
            while (at < end) {
                switch (state) {
                    case HEAD -> head(array[at++]);
                    case LENGTH -> length(array[at++]);
                    case DATA -> at = data(array, at, end, now);
                    default -> {
                        if (array[at++] == '\n') {
                            state = LENGTH;
                        }
                    }
                }
            }
        }

        private void head(byte b) throws IOException {
            head.append((char) b);
            int size = head.length();
            if (b == '\n' && size > 4 && head.charAt(size - 3) == '\n') {
                if (!head.toString().startsWith("HTTP/1.1 200")) {
                    throw new IOException(head.substring(0, head.indexOf("\r")));
                }
                StreamLoad.this.begun++;
                begun = true;
                head.setLength(0);
                state = LENGTH;
            } else if (size > 16_384) {
                throw new IOException("the head is too long");
            }
        }

        private void length(byte b) throws IOException {
            int digit = Character.digit(b, 16);
            if (digit >= 0) {
                left = left * 16 + digit;
            } else if (b == '\n') {
                if (left == 0) {
                    throw new IOException("the stream ended with its last chunk");
                }
                state = DATA;
            }
        }

        /// Looks for times in what is here of a chunk, and returns where it got to.
        private int data(byte[] bytes, int from, int to, long now) {
            int end = (int) Math.min(to, from + left);
            for (int at = from; at < end; at++) {
                byte b = bytes[at];
                if (digits > 0) {
                    sent = sent * 10 + (b - '0');
                    if (--digits == 0 && measuring) {
                        delays.add(now - sent);
                        events++;
                    }
                } else if (b == Events.TIME_MARK[matched]) {
                    if (++matched == Events.TIME_MARK.length) {
                        matched = 0;
                        sent = 0;
                        digits = Events.TIME_DIGITS;
                    }
                } else {
                    matched = b == Events.TIME_MARK[0] ? 1 : 0;
                }
            }
            left -= end - from;
            if (left == 0) {
                state = DATA_END;
            }
            return end;
        }
    }
}
