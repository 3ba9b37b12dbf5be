package dev.writ.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/// What people see who call `writ` wrongly or ask for help.
final class WritTest {
    @Test
    void showsHelpWhenNothingIsAskedFor() {
        Ran ran = Ran.writ();
        assertEquals(Exit.FINE, ran.exitCode());
        assertTrue(ran.out().startsWith("Usage: writ"), ran.out());
        assertEquals(ran.out(), Ran.writ("--help").out());
    }

    @Test
    void tellsItsVersion() {
        Ran ran = Ran.writ("--version");
        assertEquals(Exit.FINE, ran.exitCode());
        assertTrue(ran.out().startsWith("writ "), ran.out());
    }

    @Test
    void answersWrongUsageWithOneLineAndAHint() {
        assertEquals(
                new Ran(
                        Exit.USAGE,
                        "",
                        """
                        writ: Unmatched argument at index 0: 'statsu'
                          did you mean `status`? `writ --help` tells more
                        """),
                Ran.writ("statsu"));
        assertEquals(
                new Ran(
                        Exit.USAGE,
                        "",
                        """
                        writ: Invalid value for option '--format': expected one of [text, json] (case-sensitive) but was 'xml'
                          `writ status --help` tells more
                        """),
                Ran.writ("status", "--format", "xml"));
    }

    @Test
    void showsStackTracesOnlyWhenAsked() {
        String[] failing = {"status", "--data", "/nonexistent"};
        Ran quiet = Ran.writ(failing);
        assertEquals(Exit.FAILED, quiet.exitCode());
        assertEquals(1, quiet.err().lines().count());
        assertFalse(quiet.err().contains("\tat "), quiet.err());
        Ran loud = Ran.writ("--debug", "status", "--data", "/nonexistent");
        assertTrue(loud.err().contains("\tat dev.writ.cli.Status"), loud.err());
    }
}
