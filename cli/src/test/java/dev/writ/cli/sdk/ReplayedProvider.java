package dev.writ.cli.sdk;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A provider on a real socket that answers with recordings and remembers what it was asked. Bytes
/// go out as they stand in the recording, streams in pieces that respect no border of an event or a
/// character.
///
/// A recording `NAME` is reached below `/NAME/v1`. Suites in other languages ask the provider
/// itself: `GET /asked/NAME` for the calls, `GET /gone/NAME` to wait until the caller of the last
/// one has left.
final class ReplayedProvider implements AutoCloseable {
    /// How long a test waits for what should happen at once.
    static final long PATIENCE_SECONDS = 30;

    /// A prime, so that pieces end everywhere in lines and characters.
    private static final int PIECE_BYTES = 31;

    private final ServerSocket listener;
    private final Map<String, Recording> recordings;
    private final Map<String, List<Call>> calls = new ConcurrentHashMap<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /// What the provider was asked.
    ///
    /// @param headers names in lower case
    /// @param atMillis since some moment, never falling
    /// @param gone completes when the caller has left before the answer's end
    record Call(
            String path,
            Map<String, String> headers,
            String body,
            long atMillis,
            CompletableFuture<Void> gone) {}

    private record Head(String method, String path, Map<String, String> headers) {}

    ReplayedProvider(List<Recording> recordings) throws IOException {
        this.recordings =
                recordings.stream().collect(Collectors.toMap(Recording::name, each -> each));
        recordings.forEach(each -> calls.put(each.name(), new CopyOnWriteArrayList<>()));
        listener = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    /// Returns where suites reach it.
    String url() {
        return "http://127.0.0.1:%d".formatted(listener.getLocalPort());
    }

    /// Returns where the gateway reaches a recording.
    String url(String recording) {
        return "%s/%s/v1".formatted(url(), recording);
    }

    /// Returns the calls of a recording so far.
    List<Call> asked(String recording) {
        List<Call> found = calls.get(recording);
        if (found == null) {
            throw new IllegalArgumentException("there is no recording " + recording);
        }
        return found;
    }

    /// Returns the last call of a recording.
    Call lastAsked(String recording) {
        return asked(recording).getLast();
    }

    /// Waits until the caller of the last call has left.
    ///
    /// @throws TimeoutException if it stays
    void awaitGone(String recording) throws Exception {
        lastAsked(recording).gone().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private void accept() {
        while (true) {
            try {
                Socket socket = listener.accept();
                open.add(socket);
                threads.execute(() -> serve(socket));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            Head head = head(in);
            while (head != null) {
                String length = head.headers().getOrDefault("content-length", "0");
                byte[] body = in.readNBytes(Integer.parseInt(length));
                String[] path = head.path().split("/", 3);
                if (head.method().equals("GET")) {
                    tell(socket.getOutputStream(), path[1], path[2]);
                } else if (!replay(socket, in, path[1], head, body)) {
                    return;
                }
                head = head(in);
            }
        } catch (SocketException e) {
            // The caller left between two requests.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            open.remove(socket);
        }
    }

    /// Returns false if the connection has no further use.
    private boolean replay(Socket socket, InputStream in, String name, Head head, byte[] body)
            throws IOException {
        Recording recording = recordings.get(name);
        if (recording == null || head.headers().containsKey("transfer-encoding")) {
            throw new IOException("cannot replay " + head);
        }
        List<Call> before = asked(name);
        Call call =
                new Call(
                        head.path(),
                        head.headers(),
                        new String(body, StandardCharsets.UTF_8),
                        TimeUnit.NANOSECONDS.toMillis(System.nanoTime()),
                        new CompletableFuture<>());
        Recording.Answer answer =
                recording.answers().get(before.size() % recording.answers().size());
        before.add(call);
        try {
            send(socket.getOutputStream(), answer);
            return switch (answer.end()) {
                case WHOLE -> true;
                case BREAK -> false;
                case HOLD, SILENCE -> {
                    if (in.read() < 0) {
                        call.gone().complete(null);
                    }
                    yield false;
                }
            };
        } catch (SocketException e) {
            call.gone().complete(null);
            return false;
        }
    }

    private static void send(OutputStream out, Recording.Answer answer) throws IOException {
        if (answer.end() == Recording.End.SILENCE) {
            return;
        }
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        String framing =
                answer.streamed()
                        ? "transfer-encoding: chunked"
                        // What is cut off must be missed.
                        : "content-length: "
                                + (answer.end() == Recording.End.WHOLE
                                        ? body.length
                                        : body.length + 1);
        out.write(ascii(String.join("\r\n", answer.head()) + "\r\n" + framing + "\r\n\r\n"));
        if (!answer.streamed()) {
            out.write(body);
            return;
        }
        for (int at = 0; at < body.length; at += PIECE_BYTES) {
            int length = Math.min(PIECE_BYTES, body.length - at);
            ByteArrayOutputStream piece = new ByteArrayOutputStream();
            piece.writeBytes(ascii(Integer.toHexString(length) + "\r\n"));
            piece.write(body, at, length);
            piece.writeBytes(ascii("\r\n"));
            out.write(piece.toByteArray());
        }
        if (answer.end() == Recording.End.WHOLE) {
            out.write(ascii("0\r\n\r\n"));
        }
    }

    /// Tells a suite of the calls of a recording.
    private void tell(OutputStream out, String question, String recording) throws IOException {
        String status = "200 OK";
        if (question.equals("gone")) {
            try {
                awaitGone(recording);
            } catch (Exception e) {
                status = "504 Still There";
            }
        }
        byte[] json = json(asked(recording));
        out.write(
                ascii(
                        "HTTP/1.1 %s\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
                                .formatted(status, json.length)));
        out.write(json);
    }

    private static byte[] json(List<Call> calls) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = new JsonFactory().createGenerator(bytes)) {
            json.writeStartArray();
            for (Call call : calls) {
                json.writeStartObject();
                json.writeStringField("path", call.path());
                json.writeObjectFieldStart("headers");
                for (Map.Entry<String, String> header : call.headers().entrySet()) {
                    json.writeStringField(header.getKey(), header.getValue());
                }
                json.writeEndObject();
                json.writeFieldName("body");
                json.writeRawValue(call.body());
                json.writeNumberField("at_millis", call.atMillis());
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        return bytes.toByteArray();
    }

    private static @Nullable Head head(InputStream in) throws IOException {
        String first = line(in);
        if (first == null) {
            return null;
        }
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(in); line != null && !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        String[] words = first.split(" ", 3);
        return new Head(words[0], words[1], headers);
    }

    private static @Nullable String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                return null;
            }
            if (next != '\r') {
                line.write(next);
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
        threads.shutdownNow();
    }
}
