package dev.writ.benchmarks;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnitAccess;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Calls of the JDK after which a thread may stand still.
final class BlockingCalls {
    private static final Set<String> ANY = Set.of();

    /// Type → its methods that may wait; all of them where none is named. What extends the type
    /// counts too.
    private static final Map<Class<?>, Set<String>> WAITING =
            Map.ofEntries(
                    Map.entry(Thread.class, Set.of("sleep", "join")),
                    Map.entry(Object.class, Set.of("wait")),
                    Map.entry(java.io.InputStream.class, ANY),
                    Map.entry(java.io.OutputStream.class, ANY),
                    Map.entry(java.io.Reader.class, ANY),
                    Map.entry(java.io.Writer.class, ANY),
                    Map.entry(java.io.File.class, ANY),
                    Map.entry(java.io.RandomAccessFile.class, ANY),
                    Map.entry(java.nio.channels.FileChannel.class, ANY),
                    Map.entry(java.nio.file.Files.class, ANY),
                    Map.entry(
                            java.net.InetAddress.class,
                            Set.of(
                                    "getByName",
                                    "getAllByName",
                                    "getLocalHost",
                                    "getHostName",
                                    "getCanonicalHostName",
                                    "isReachable")),
                    Map.entry(InetSocketAddress.class, Set.of("<init>", "getHostName")),
                    Map.entry(java.net.Socket.class, ANY),
                    Map.entry(java.net.URL.class, Set.of("openConnection", "openStream")),
                    Map.entry(
                            java.util.concurrent.Future.class,
                            Set.of("get", "join", "resultNow", "exceptionNow")),
                    Map.entry(
                            java.util.concurrent.ExecutorService.class,
                            Set.of("invokeAll", "invokeAny", "awaitTermination", "close")),
                    Map.entry(java.util.concurrent.CountDownLatch.class, Set.of("await")),
                    Map.entry(java.util.concurrent.CyclicBarrier.class, Set.of("await")),
                    Map.entry(java.util.concurrent.Phaser.class, ANY),
                    Map.entry(java.util.concurrent.Exchanger.class, ANY),
                    Map.entry(
                            java.util.concurrent.Semaphore.class,
                            Set.of("acquire", "acquireUninterruptibly")),
                    Map.entry(
                            java.util.concurrent.BlockingQueue.class,
                            Set.of("put", "take", "poll", "offer")),
                    Map.entry(
                            java.util.concurrent.locks.Lock.class,
                            Set.of("lock", "lockInterruptibly", "tryLock")),
                    Map.entry(java.util.concurrent.locks.Condition.class, Set.of("await")),
                    Map.entry(
                            java.util.concurrent.locks.LockSupport.class,
                            Set.of("park", "parkNanos", "parkUntil")),
                    Map.entry(Process.class, Set.of("waitFor", "onExit")));

    private BlockingCalls() {}

    /// Returns what the class calls that may wait, as `Type.method`.
    static List<String> of(JavaClass each) {
        return each.getCodeUnitAccessesFromSelf().stream()
                .filter(BlockingCalls::mayWait)
                .map(call -> call.getTargetOwner().getSimpleName() + "." + call.getName())
                .distinct()
                .sorted()
                .toList();
    }

    private static boolean mayWait(JavaCodeUnitAccess<?> call) {
        return WAITING.entrySet().stream()
                .anyMatch(
                        type ->
                                call.getTargetOwner().isAssignableTo(type.getKey())
                                        && (type.getValue().isEmpty()
                                                || type.getValue().contains(call.getName()))
                                        && !isOfKnownAddress(call));
    }

    /// Tells whether an address with a port is made of an address, not of a name to look up.
    private static boolean isOfKnownAddress(JavaCodeUnitAccess<?> call) {
        return call.getTargetOwner().isEquivalentTo(InetSocketAddress.class)
                && call.getName().equals("<init>")
                && call.getTarget().getRawParameterTypes().stream()
                        .noneMatch(type -> type.isEquivalentTo(String.class));
    }
}
