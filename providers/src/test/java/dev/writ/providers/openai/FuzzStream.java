package dev.writ.providers.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What must hold for any bytes that come as a stream of events. `./fuzz stream` looks for bytes
/// for which it does not.
public final class FuzzStream {
    private FuzzStream() {}

    /// All that a scanner knows.
    record Seen(
            long events,
            boolean done,
            boolean atBorder,
            boolean sawError,
            boolean sawContent,
            @Nullable Usage usage) {
        static Seen of(EventScanner scanner) {
            return new Seen(
                    scanner.events(),
                    scanner.done(),
                    scanner.atBorder(),
                    scanner.sawError(),
                    scanner.sawContent(),
                    scanner.usage());
        }
    }

    /// Called by the fuzzer.
    public static void fuzzerTestOneInput(byte[] stream) {
        Seen whole = whole(stream);
        int hash = Arrays.hashCode(stream);
        for (int i = 0; i < 4 && stream.length > 0; i++) {
            int split = Math.floorMod(hash >> (8 * i), stream.length + 1);
            assertEquals(whole, split(stream, split), () -> "split at " + split);
        }
        assertEquals(whole, inPieces(stream, 1), "byte by byte");
        assertEquals(whole, eventByEvent(stream, 1 + Math.floorMod(hash, 9)), "event by event");
        comparePlain(stream, whole);
        assertEquals(
                UsageReader.read(ByteBuffer.wrap(stream)),
                UsageReader.read(direct(stream, 0, stream.length)));
    }

    static Seen whole(byte[] stream) {
        EventScanner scanner = new EventScanner();
        scanner.scan(ByteBuffer.wrap(stream));
        return Seen.of(scanner);
    }

    /// Scans two pieces, the second from memory that is no array.
    static Seen split(byte[] stream, int at) {
        EventScanner scanner = new EventScanner();
        scanner.scan(ByteBuffer.wrap(stream, 0, at));
        scanner.scan(direct(stream, at, stream.length));
        return Seen.of(scanner);
    }

    static Seen inPieces(byte[] stream, int bytes) {
        EventScanner scanner = new EventScanner();
        for (int i = 0; i < stream.length; i += bytes) {
            scanner.scan(ByteBuffer.wrap(stream, i, Math.min(bytes, stream.length - i)));
        }
        return Seen.of(scanner);
    }

    /// Scans pieces an event at a time; the texts are those of the events that have ended.
    static Seen eventByEvent(byte[] stream, int bytes) {
        EventScanner scanner = new EventScanner();
        AnswerTexts texts = new AnswerTexts();
        StringBuilder read = new StringBuilder();
        for (int from = 0; from < stream.length; from += bytes) {
            int to = Math.min(from + bytes, stream.length);
            int at = from;
            while (at < to) {
                at = scanner.scanEvent(stream, at, to);
                if (scanner.ended() == EventScanner.Ended.WITH_DATA
                        && !scanner.readTexts(texts, into(read))) {
                    read.append('?');
                }
            }
        }
        StringBuilder plain = new StringBuilder();
        for (String data : new PlainEvents(new String(stream, StandardCharsets.ISO_8859_1)).data) {
            byte[] event = data.getBytes(StandardCharsets.ISO_8859_1);
            if (!texts.read(event, 0, event.length, into(plain))) {
                plain.append('?');
            }
        }
        assertEquals(plain.toString(), read.toString());
        return Seen.of(scanner);
    }

    private static AnswerTexts.Sink into(StringBuilder read) {
        return new AnswerTexts.Sink() {
            @Override
            public void text(int choice, int field, char[] chars, int from, int to) {
                read.append(choice).append('/').append(field).append(' ');
                read.append(chars, from, to - from).append('\n');
            }

            @Override
            public void finished(int choice) {
                read.append(choice).append(" ended\n");
            }
        };
    }

    private static ByteBuffer direct(byte[] stream, int from, int to) {
        return ByteBuffer.allocateDirect(to - from).put(stream, from, to - from).flip();
    }

    static void comparePlain(byte[] stream, Seen seen) {
        PlainEvents plain = new PlainEvents(new String(stream, StandardCharsets.ISO_8859_1));
        assertEquals(plain.atBorder, seen.atBorder());
        if (plain.isPlain) {
            assertEquals(
                    new Seen(
                            plain.data.size(),
                            plain.done,
                            plain.atBorder,
                            plain.sawError,
                            plain.sawContent,
                            plain.usage),
                    seen);
        }
    }
}
