package dev.writ.benchmarks.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/// The programs that a bench started, on ephemeral loopback ports, in a folder of their own.
///
/// All end with it, and with this JVM, whatever ends that; the folder stays if Writ failed, for its
/// log.
final class Running implements AutoCloseable {
    private static final int READY_SECONDS_MAX = 60;

    private final Path root;
    private final Path folder;
    private final List<Process> processes = new CopyOnWriteArrayList<>();
    private final Thread atExit = new Thread(this::end);
    private boolean keepFolder;

    /// Writ, serving.
    ///
    /// @param readyMillis from its start to the first 200 of `/readyz`
    /// @param adminPort where management calls go
    /// @param policy the file that it serves
    /// @param data its data folder
    record Writ(
            Process process, int port, long readyMillis, int adminPort, Path policy, Path data) {
        /// Returns the memory that is resident, all its processes together; 0 if it is gone.
        long rssMegabytes() {
            long kilobytes =
                    Stream.concat(Stream.of(process.toHandle()), process.descendants())
                            .mapToLong(handle -> residentKilobytes(handle.pid()))
                            .sum();
            return kilobytes / 1024;
        }
    }

    /// @param root of the project
    Running(Path root) throws IOException {
        this.root = root;
        this.folder = Files.createTempDirectory("writ-bench-");
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /// Starts the mock upstream and returns its port.
    int mock() throws IOException {
        Process process =
                start(
                        new ProcessBuilder(
                                        Path.of(System.getProperty("java.home"), "bin", "java")
                                                .toString(),
                                        "-Xmx512m",
                                        "-XX:+UseSerialGC",
                                        "-cp",
                                        System.getProperty("java.class.path"),
                                        MockUpstream.class.getName())
                                .redirectError(ProcessBuilder.Redirect.INHERIT));
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        String line = out.readLine();
        if (line == null || !line.startsWith("port ")) {
            throw new IOException("the mock upstream did not start");
        }
        return Integer.parseInt(line.substring(5));
    }

    /// Starts nginx in front of `upstream` and returns its port.
    int nginx(int upstream) throws IOException {
        int port = freePort();
        Path home = Files.createDirectory(folder.resolve("nginx"));
        Path config = home.resolve("nginx.conf");
        Files.writeString(
                config,
                """
                daemon off;
                worker_processes 1;
                worker_rlimit_nofile 20000;
                error_log %1$s/error.log crit;
                pid %1$s/nginx.pid;
                events { worker_connections 18000; }
                http {
                    access_log off;
                    client_body_temp_path %1$s/body;
                    proxy_temp_path %1$s/proxy;
                    fastcgi_temp_path %1$s/fastcgi;
                    uwsgi_temp_path %1$s/uwsgi;
                    scgi_temp_path %1$s/scgi;
                    keepalive_requests 100000000;
                    tcp_nodelay on;
                    upstream mock {
                        server 127.0.0.1:%2$d;
                        keepalive 256;
                        keepalive_requests 100000000;
                    }
                    server {
                        listen 127.0.0.1:%3$d backlog=10000;
                        location / {
                            proxy_pass http://mock;
                            proxy_http_version 1.1;
                            proxy_set_header Connection "";
                            proxy_buffering off;
                            proxy_read_timeout 600s;
                        }
                    }
                }
                """
                        .formatted(home, upstream, port));
        Process process =
                start(
                        new ProcessBuilder(
                                        "nginx",
                                        "-c",
                                        config.toString(),
                                        "-p",
                                        home.toString(),
                                        "-e",
                                        home.resolve("error.log").toString())
                                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                                .redirectError(ProcessBuilder.Redirect.INHERIT));
        awaitAnswer(process, port, "/v1/models", System.nanoTime());
        return port;
    }

    /// Starts `./writ serve` with the bench's policy in front of `upstream`.
    ///
    /// @param javaOptions for its JVM; empty for those it runs with by itself
    Writ writ(int upstream, String javaOptions) throws IOException {
        int port = freePort();
        int adminPort = freePort();
        Path home = Files.createTempDirectory(folder, "serve-");
        Path data = home.resolve("data");
        Path policy = home.resolve("bench.writ");
        Files.writeString(policy, BenchPolicy.text(upstream));
        Path log = home.resolve("log");
        ProcessBuilder builder =
                new ProcessBuilder(
                                root.resolve("writ").toString(),
                                "serve",
                                policy.toString(),
                                "--port",
                                Integer.toString(port),
                                "--admin-port",
                                Integer.toString(adminPort),
                                "--data",
                                data.toString())
                        .directory(home.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile());
        if (!javaOptions.isEmpty()) {
            builder.environment().put("WRIT_JAVA_OPTS", javaOptions);
        }
        long start = System.nanoTime();
        Process process = start(builder);
        try {
            long ready = awaitAnswer(process, port, "/readyz", start);
            return new Writ(process, port, ready / 1_000_000, adminPort, policy, data);
        } catch (IOException e) {
            keepFolder = true;
            throw new IOException(
                    "./writ serve: %s; its log: %s".formatted(e.getMessage(), log), e);
        }
    }

    /// Starts a program that ends with the bench at the latest.
    Process start(ProcessBuilder builder) throws IOException {
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    /// Ends one program before the others.
    void end(Process process) {
        Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .forEach(ProcessHandle::destroy);
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(atExit);
        end();
    }

    Path folder() {
        return folder;
    }

    private void end() {
        processes.forEach(this::end);
        if (keepFolder) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            System.err.println("bench: could not delete " + folder);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /// Waits for a 200, and returns the nanoseconds since `start`.
    private static long awaitAnswer(Process process, int port, String path, long start)
            throws IOException {
        long deadline = start + TimeUnit.SECONDS.toNanos(READY_SECONDS_MAX);
        while (System.nanoTime() - deadline < 0) {
            if (!process.isAlive()) {
                throw new IOException("it ended with status " + process.exitValue());
            }
            if (status(port, path) == 200) {
                return System.nanoTime() - start;
            }
            LockSupport.parkNanos(2_000_000);
        }
        throw new IOException("no answer within %d s".formatted(READY_SECONDS_MAX));
    }

    private static int status(int port, String path) {
        try {
            URI uri = URI.create("http://127.0.0.1:" + port + path);
            HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
            connection.setConnectTimeout(1000);
            connection.setReadTimeout(5000);
            return connection.getResponseCode();
        } catch (IOException e) {
            return 0;
        }
    }

    private static long residentKilobytes(long pid) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
                if (line.startsWith("VmRSS:")) {
                    String digits = line.substring(6).replace("kB", "").strip();
                    return Long.parseLong(digits);
                }
            }
        } catch (IOException e) {
            // It ended, or there is no /proc.
            return 0;
        }
        return 0;
    }
}
