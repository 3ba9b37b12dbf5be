package dev.writ.server.audit;

import dev.writ.engine.Decision;
import dev.writ.engine.routing.Attempts;
import dev.writ.engine.routing.RequestHash;
import dev.writ.server.pipeline.Exchange;
import dev.writ.server.pipeline.Mirror;
import dev.writ.server.pipeline.Settlement;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Writes decision records to files, one JSON object a line, on a thread of its own.
///
/// The newest file is `decisions.jsonl`; when it is full it becomes `decisions.1.jsonl`, that one
/// `decisions.2.jsonl`, and so on; the oldest goes. What comes faster than the disk takes it is
/// dropped and counted: an audit of samples must not stop the traffic.
public final class DecisionLog implements Settlement, AutoCloseable {
    /// The size from which on a new file is begun.
    static final long FILE_BYTES_MAX = 64L * 1024 * 1024;

    /// How many full files are kept.
    static final int FILES_MAX = 10;

    /// How many records wait for the disk at most.
    static final int WAITING_MAX = 10_000;

    /// A draw of its own, so that who is audited says nothing of which model answers.
    private static final String SALT = "audit";

    private static final Logger LOG = System.getLogger("dev.writ.audit");
    /// No record is empty.
    private static final byte[] END = new byte[0];

    private final Path folder;
    private final InstantSource clock;
    private final long fileBytesMax;
    private final BlockingQueue<byte[]> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
    private final AtomicLong dropped = new AtomicLong();
    private final Thread writer;

    /// Begins to write into the folder.
    public static DecisionLog open(Path folder, InstantSource clock) {
        return new DecisionLog(folder, clock, FILE_BYTES_MAX);
    }

    DecisionLog(Path folder, InstantSource clock, long fileBytesMax) {
        this.folder = folder;
        this.clock = clock;
        this.fileBytesMax = fileBytesMax;
        this.writer = Thread.ofPlatform().daemon().name("writ-decisions").start(this::write);
    }

    @Override
    public void settled(Exchange exchange) {
        Decision decision = exchange.decisionOrNull();
        if (decision == null || decision.auditBasisPoints() == 0) {
            return;
        }
        int draw = Attempts.bucket(RequestHash.of(SALT, exchange.requestId()));
        if (draw >= decision.auditBasisPoints()) {
            return;
        }
        byte[] line =
                DecisionRecord.of(
                        exchange, decision, draw < decision.fullAuditBasisPoints(), clock);
        add(line);
    }

    /// Writes a record of every mirror: it has no other use.
    @Override
    public void mirrored(Mirror mirror) {
        add(DecisionRecord.of(mirror, clock));
    }

    /// Lets a record be written, unless too many wait.
    void add(byte[] line) {
        if (!waiting.offer(line)) {
            dropped.incrementAndGet();
        }
    }

    /// Returns how many records were dropped since the start.
    public long dropped() {
        return dropped.get();
    }

    private void write() {
        FileChannel file = null;
        try {
            for (byte[] line = waiting.take(); line.length > 0; line = waiting.take()) {
                try {
                    if (file == null || file.size() >= fileBytesMax) {
                        file = next(file);
                    }
                    ByteBuffer bytes = ByteBuffer.wrap(line);
                    while (bytes.hasRemaining()) {
                        file.write(bytes);
                    }
                } catch (IOException e) {
                    dropped.incrementAndGet();
                    LOG.log(
                            Level.ERROR,
                            "a decision record could not be written: {0}",
                            e.getMessage());
                }
            }
            if (file != null) {
                file.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.log(Level.ERROR, "decision records could not be closed: {0}", e.getMessage());
        }
    }

    /// Opens the newest file, which is made room for if it is full.
    private FileChannel next(@Nullable FileChannel full) throws IOException {
        Path newest = folder.resolve("decisions.jsonl");
        if (full != null) {
            full.close();
        }
        if (Files.exists(newest) && Files.size(newest) >= fileBytesMax) {
            for (int i = FILES_MAX - 1; i >= 1; i--) {
                Path from = numbered(i);
                if (Files.exists(from)) {
                    Files.move(from, numbered(i + 1), StandardCopyOption.REPLACE_EXISTING);
                }
            }
            Files.move(newest, numbered(1), StandardCopyOption.REPLACE_EXISTING);
        }
        return FileChannel.open(newest, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private Path numbered(int number) {
        return folder.resolve("decisions.%d.jsonl".formatted(number));
    }

    /// Writes what waits, then ends.
    @Override
    public void close() {
        try {
            waiting.put(END);
            writer.join(TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
