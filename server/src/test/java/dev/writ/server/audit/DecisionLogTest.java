package dev.writ.server.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Decision records on real files.
final class DecisionLogTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.EPOCH);

    @TempDir Path folder;

    @Test
    void beginsANewFileWhenOneIsFullAndKeepsTen() throws Exception {
        try (DecisionLog log = new DecisionLog(folder, CLOCK, 10)) {
            for (int i = 10; i < 40; i++) {
                log.add(line("record-" + i));
            }
        }
        assertEquals("record-39\n", Files.readString(folder.resolve("decisions.jsonl")));
        assertEquals("record-38\n", Files.readString(folder.resolve("decisions.1.jsonl")));
        assertTrue(Files.exists(folder.resolve("decisions.10.jsonl")));
        assertFalse(Files.exists(folder.resolve("decisions.11.jsonl")));
    }

    @Test
    void goesOnBehindWhatIsThere() throws Exception {
        for (String record : new String[] {"one", "two"}) {
            try (DecisionLog log = DecisionLog.open(folder, CLOCK)) {
                log.add(line(record));
            }
        }
        assertEquals("one\ntwo\n", Files.readString(folder.resolve("decisions.jsonl")));
    }

    @Test
    void dropsAndCountsWhatTheDiskDoesNotTake() {
        DecisionLog log = DecisionLog.open(folder.resolve("none"), CLOCK);
        log.add(line("one"));
        log.add(line("two"));
        log.close();
        assertEquals(2, log.dropped());
    }

    private static byte[] line(String text) {
        return (text + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
