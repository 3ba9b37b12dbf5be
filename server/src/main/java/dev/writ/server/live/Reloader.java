package dev.writ.server.live;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.server.live.PolicyCompiler.Compiled;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Keeps the policy that serves the same as what its origin holds.
///
/// An attempt reads, compiles, and swaps by one release-store; when any of it fails, what served
/// goes on. A policy that served is kept in the data folder, so that a start on a broken one has
/// something to serve.
///
/// @param <S> what serves requests
public final class Reloader<S> implements AutoCloseable {
    private static final Logger LOG = System.getLogger("dev.writ.reload");

    private final PolicyOrigin origin;
    private final OriginReader reader;
    private final PolicyCompiler<S> compiler;
    private final LastGood lastGood;
    private final InstantSource clock;
    private final Consumer<ReloadOutcome> listener;
    private final ReentrantLock attempt = new ReentrantLock();
    private final CurrentPolicy<S> current;
    private final Thread watcher;

    // INVARIANT (one writer): written only with `attempt` held.
    private volatile ReloadStatus status;
    private @Nullable String tried;
    private boolean tryAgain;

    /// Loads the first policy and goes on to follow its origin.
    ///
    /// @param data holds the last good policy and what was fetched by git
    /// @param listener is told of each attempt that was not [ReloadOutcome.Unchanged], on the
    /// attempt's thread
    /// @throws PolicyRefused if neither the origin's policy nor a last good one can serve
    /// @throws IOException if the data folder cannot be used
    public static <S> Reloader<S> start(
            PolicyOrigin origin,
            PolicyCompiler<S> compiler,
            DataFolder data,
            InstantSource clock,
            Consumer<ReloadOutcome> listener)
            throws PolicyRefused, IOException {
        OriginReader reader =
                switch (origin) {
                    case PolicyOrigin.OfPath(var path) -> new PathReader(path);
                    case PolicyOrigin.OfGit git -> new GitReader(git, data.folder("git"));
                };
        try {
            Reloader<S> reloader =
                    new Reloader<>(
                            origin,
                            reader,
                            compiler,
                            new LastGood(data.folder("last-good"), origin.identity()),
                            clock,
                            listener);
            reloader.watcher.start();
            return reloader;
        } catch (PolicyRefused | RuntimeException e) {
            reader.close();
            throw e;
        }
    }

    private Reloader(
            PolicyOrigin origin,
            OriginReader reader,
            PolicyCompiler<S> compiler,
            LastGood lastGood,
            InstantSource clock,
            Consumer<ReloadOutcome> listener)
            throws PolicyRefused {
        this.origin = origin;
        this.reader = reader;
        this.compiler = compiler;
        this.lastGood = lastGood;
        this.clock = clock;
        this.listener = listener;
        Tried<S> first = tryOrigin();
        switch (first) {
            case Tried.Usable<S> usable -> {
                current = new CurrentPolicy<>(usable.ready.policy());
                status = serving(usable, clock.instant(), 1, 0);
            }
            case Tried.Unusable<S> unusable -> {
                ReloadOutcome.Refused refused = unusable.at(clock.instant());
                Tried.Usable<S> kept = tryLastGood(refused);
                current = new CurrentPolicy<>(kept.ready.policy());
                status =
                        new ReloadStatus(
                                origin.identity(),
                                kept.ready.policyId(),
                                kept.sources.commit(),
                                refused.at(),
                                true,
                                refused,
                                1,
                                1,
                                null);
            }
        }
        tried = first.fingerprint();
        tryAgain = first.mayPass();
        watcher = Thread.ofVirtual().name("writ-reload").unstarted(this::follow);
    }

    /// Returns what requests begin with.
    public CurrentPolicy<S> current() {
        return current;
    }

    /// Returns what serves and what came of the last attempt; any thread.
    public ReloadStatus status() {
        return status;
    }

    /// Loads what the origin holds now, whether it changed or not, so that changed secrets are
    /// read too.
    ///
    /// It blocks: not for an I/O thread.
    ///
    /// @return [ReloadOutcome.Swapped] or [ReloadOutcome.Refused]
    public ReloadOutcome reload() {
        return attempt(true);
    }

    /// Stops following the origin; what serves goes on.
    @Override
    public void close() {
        watcher.interrupt();
        reader.close();
    }

    private void follow() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                reader.awaitChange();
                attempt(false);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        }
    }

    private ReloadOutcome attempt(boolean always) {
        attempt.lock();
        try {
            Tried<S> next;
            try {
                PolicySources sources = reader.read();
                String fingerprint = sources.fingerprint();
                if (!always && !tryAgain && fingerprint.equals(tried)) {
                    return new ReloadOutcome.Unchanged(clock.instant());
                }
                next = compile(sources, fingerprint);
            } catch (OriginUnreadable e) {
                next = Tried.Unusable.unreadable(e);
            }
            tried = next.fingerprint();
            tryAgain = next.mayPass();
            return settle(next);
        } finally {
            attempt.unlock();
        }
    }

    private ReloadOutcome settle(Tried<S> next) {
        Instant now = clock.instant();
        ReloadStatus before = status;
        switch (next) {
            case Tried.Usable<S> usable -> {
                current.swap(usable.ready.policy());
                status = serving(usable, now, before.swaps() + 1, before.refusals());
            }
            case Tried.Unusable<S> unusable -> {
                ReloadOutcome.Refused refused = unusable.at(now);
                if (before.last() instanceof ReloadOutcome.Refused known && same(known, refused)) {
                    status = refused(before, refused);
                    return refused; // said before
                }
                status = refused(before, refused);
            }
        }
        ReloadOutcome outcome = status.last();
        listener.accept(outcome);
        return outcome;
    }

    private ReloadStatus serving(Tried.Usable<S> usable, Instant now, long swaps, long refusals) {
        String notKept = null;
        try {
            lastGood.keep(usable.sources);
        } catch (IOException | RuntimeException e) {
            notKept = "the policy could not be kept as last good: %s".formatted(e.getMessage());
            LOG.log(Level.ERROR, notKept);
        }
        return new ReloadStatus(
                origin.identity(),
                usable.ready.policyId(),
                usable.sources.commit(),
                now,
                false,
                new ReloadOutcome.Swapped(
                        now,
                        usable.ready.policyId(),
                        usable.sources.commit(),
                        usable.ready.warnings()),
                swaps,
                refusals,
                notKept);
    }

    private static ReloadStatus refused(ReloadStatus before, ReloadOutcome.Refused refused) {
        return new ReloadStatus(
                before.origin(),
                before.policyId(),
                before.commit(),
                before.since(),
                before.lastGood(),
                refused,
                before.swaps(),
                before.refusals() + 1,
                before.notKept());
    }

    private static boolean same(ReloadOutcome.Refused a, ReloadOutcome.Refused b) {
        return a.problems().equals(b.problems())
                && a.diagnostics().isEmpty()
                && b.diagnostics().isEmpty();
    }

    private Tried<S> tryOrigin() {
        try {
            PolicySources sources = reader.read();
            return compile(sources, sources.fingerprint());
        } catch (OriginUnreadable e) {
            return Tried.Unusable.unreadable(e);
        }
    }

    private Tried<S> compile(PolicySources sources, String fingerprint) {
        Compiled<S> compiled;
        try {
            compiled = compiler.compile(sources);
        } catch (RuntimeException | StackOverflowError e) {
            LOG.log(Level.ERROR, "the compiler failed; this is a bug", e);
            compiled =
                    new Compiled.Rejected<>(
                            List.of(), List.of("the compiler failed; this is a bug of Writ"));
        }
        return switch (compiled) {
            case Compiled.Ready<S> ready -> new Tried.Usable<>(fingerprint, sources, ready);
            case Compiled.Rejected<S>(var diagnostics, var problems) ->
                    new Tried.Unusable<>(fingerprint, sources.commit(), diagnostics, problems);
        };
    }

    private Tried.Usable<S> tryLastGood(ReloadOutcome.Refused refused) throws PolicyRefused {
        String problem;
        try {
            PolicySources kept = lastGood.find();
            if (kept == null) {
                throw new PolicyRefused(refused);
            }
            switch (compile(kept, kept.fingerprint())) {
                case Tried.Usable<S> usable -> {
                    return usable;
                }
                case Tried.Unusable<S> _ ->
                        problem = "the last good policy cannot be used any more";
            }
        } catch (IOException e) {
            problem = "the last good policy cannot be read: %s".formatted(e.getMessage());
        }
        List<String> problems = new ArrayList<>(refused.problems());
        problems.add(problem);
        throw new PolicyRefused(
                new ReloadOutcome.Refused(
                        refused.at(), refused.commit(), refused.diagnostics(), problems));
    }

    /// What an attempt found, before anybody is told.
    private sealed interface Tried<S> {
        @Nullable String fingerprint();

        /// Whether the same text may pass later.
        boolean mayPass();

        record Usable<S>(String fingerprint, PolicySources sources, Compiled.Ready<S> ready)
                implements Tried<S> {
            @Override
            public boolean mayPass() {
                return false;
            }
        }

        record Unusable<S>(
                @Nullable String fingerprint,
                @Nullable String commit,
                List<Diagnostic> diagnostics,
                List<String> problems)
                implements Tried<S> {
            static <S> Unusable<S> unreadable(OriginUnreadable e) {
                return new Unusable<>(
                        null, null, List.of(), List.of(String.valueOf(e.getMessage())));
            }

            @Override
            public boolean mayPass() {
                return !problems.isEmpty();
            }

            ReloadOutcome.Refused at(Instant now) {
                return new ReloadOutcome.Refused(now, commit, diagnostics, problems);
            }
        }
    }
}
