package dev.writ.server.upstream;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// An upstream that says on each connection what a test tells it to, byte for byte.
public final class ScriptedUpstream implements AutoCloseable {
    /// What happens on a connection; it is closed when this returns or throws.
    public interface Script {
        void play(Wire wire) throws Exception;
    }

    private final ServerSocket listener;
    private final Script script;
    private final List<Wire> wires = new CopyOnWriteArrayList<>();
    private final LinkedBlockingQueue<Wire> ended = new LinkedBlockingQueue<>();

    private ScriptedUpstream(ServerSocket listener, Script script) {
        this.listener = listener;
        this.script = script;
        Thread.ofVirtual().name("scripted-upstream").start(this::accept);
    }

    public static ScriptedUpstream start(Script script) throws IOException {
        return new ScriptedUpstream(
                new ServerSocket(0, 1024, InetAddress.getLoopbackAddress()), script);
    }

    static ScriptedUpstream startTls(SSLContext context, Script script) throws IOException {
        return new ScriptedUpstream(
                context.getServerSocketFactory()
                        .createServerSocket(0, 64, InetAddress.getLoopbackAddress()),
                script);
    }

    /// Answers each request of each connection with the same bytes.
    public static Script always(String answer) {
        return wire -> {
            while (wire.readRequest() != null) {
                wire.send(answer);
            }
        };
    }

    /// Returns `lines` with the line ends of HTTP.
    public static String crlf(String lines) {
        return lines.replace("\n", "\r\n");
    }

    /// Returns the lines of a request's head: the first, and the others sorted, in lower case.
    static List<String> head(String request) {
        List<String> lines =
                request.substring(0, request.indexOf("\r\n\r\n"))
                        .lines()
                        .collect(Collectors.toCollection(ArrayList::new));
        String first = lines.removeFirst();
        lines.replaceAll(line -> line.toLowerCase(Locale.ROOT));
        lines.sort(null);
        lines.addFirst(first);
        return lines;
    }

    public static String body(String request) {
        return request.substring(request.indexOf("\r\n\r\n") + 4);
    }

    UpstreamEndpoint endpoint() {
        return new UpstreamEndpoint(false, "127.0.0.1", port());
    }

    public int port() {
        return listener.getLocalPort();
    }

    /// Returns all connections that were ever opened.
    public List<Wire> wires() {
        return wires;
    }

    /// Waits until the script of some connection has ended, each once.
    public Wire awaitEnd() throws InterruptedException {
        Wire wire = ended.poll(30, TimeUnit.SECONDS);
        if (wire == null) {
            throw new AssertionError("no connection has ended");
        }
        return wire;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                socket.setTcpNoDelay(true);
                Wire wire = new Wire(socket, wires.size());
                wires.add(wire);
                Thread.ofVirtual().start(() -> play(wire));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void play(Wire wire) {
        try (wire) {
            script.play(wire);
        } catch (Exception e) {
            wire.failure = e;
        } finally {
            ended.add(wire);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Wire wire : wires) {
            wire.close();
        }
    }

    /// One connection, seen from the upstream.
    public static final class Wire implements Closeable {
        private final Socket socket;
        private final int number;
        private final List<String> requests = new CopyOnWriteArrayList<>();
        volatile @Nullable Exception failure;

        private Wire(Socket socket, int number) {
            this.socket = socket;
            this.number = number;
        }

        /// Returns how many connections were opened before.
        public int number() {
            return number;
        }

        Socket socket() {
            return socket;
        }

        public List<String> requests() {
            return requests;
        }

        /// Reads a request with its body; null at the end of the connection.
        public @Nullable String readRequest() throws IOException {
            InputStream in = socket.getInputStream();
            var head = new ByteArrayOutputStream();
            while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                int b = in.read();
                if (b < 0) {
                    return null;
                }
                head.write(b);
            }
            String text = head.toString(StandardCharsets.ISO_8859_1);
            int at = text.toLowerCase(Locale.ROOT).indexOf("content-length: ");
            if (at >= 0) {
                int length = Integer.parseInt(text.substring(at + 16, text.indexOf('\r', at)));
                text += new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
            }
            requests.add(text);
            return text;
        }

        public void send(String latin1) throws IOException {
            socket.getOutputStream().write(latin1.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
        }

        /// Waits until the other side has closed.
        public void awaitClose() throws IOException {
            try {
                socket.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
            } catch (java.net.SocketException e) {
                // Reset: closed as well.
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
