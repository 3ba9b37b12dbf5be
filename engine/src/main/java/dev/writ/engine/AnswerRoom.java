package dev.writ.engine;

import dev.writ.engine.internal.StreamTests;

/// Room to read answers in: one a thread and snapshot, for all answers that the thread reads. See
/// [PolicySnapshot#newAnswerRoom].
public final class AnswerRoom {
    private final StreamTests tests;
    private final StreamTests.Room room;

    AnswerRoom(StreamTests tests) {
        this.tests = tests;
        this.room = new StreamTests.Room(tests);
    }

    StreamTests.Room room() {
        return room;
    }

    void require(StreamTests of) {
        if (!tests.equals(of)) {
            throw new IllegalArgumentException("the room must be of this snapshot");
        }
    }
}
