package dev.writ.server.serving;

import dev.writ.engine.AnswerRoom;
import dev.writ.engine.Decision;
import dev.writ.engine.Facts;
import dev.writ.engine.PolicySnapshot;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;

/// What the requests of one I/O thread use one after the other under one policy, so that none has
/// to make its own. Used on that thread only.
public final class ServingThread {
    /// How many benches rest at most; what is given beyond is dropped.
    static final int RESTING_MAX = 256;

    private final PolicySnapshot snapshot;
    private final ArrayDeque<Bench> resting = new ArrayDeque<>();
    private final MessageDigest sha256;
    private final AnswerRoom answerRoom;

    /// Facts and decision of one request.
    public record Bench(Facts facts, Decision decision) {}

    ServingThread(PolicySnapshot snapshot) {
        this.snapshot = snapshot;
        this.answerRoom = snapshot.newAnswerRoom();
        try {
            this.sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    /// Returns the digest of keys, ready for the next.
    public MessageDigest sha256() {
        return sha256;
    }

    /// Returns the room to read answers in.
    public AnswerRoom answerRoom() {
        return answerRoom;
    }

    /// Returns a bench that nobody else uses until it is given back.
    public Bench take() {
        Bench bench = resting.pollLast();
        return bench == null ? new Bench(snapshot.newFacts(), new Decision()) : bench;
    }

    /// Takes a bench back, with nothing of the request left on it.
    public void give(Bench bench) {
        if (resting.size() < RESTING_MAX) {
            bench.facts().forget();
            bench.decision().reset();
            resting.addLast(bench);
        }
    }
}
