package dev.writ.dsl.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.dsl.policy.Calendar;
import dev.writ.dsl.policy.Policy;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CalendarsTest {
    private static final String ASKED =
            "rule it on request when not calendar.office deny 403 \"Closed.\"\n";

    private static Policy policy(String properties) {
        return Checked.usable(Checked.BASE + "calendar office { " + properties + " }\n" + ASKED);
    }

    private static boolean isOpen(String properties, String instant) {
        Calendar office = policy(properties).calendars().getFirst();
        return office.isOpen(Instant.parse(instant));
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-25T07:59:59Z, false", // a Wednesday
        "2026-11-25T08:00:00Z, true",
        "2026-11-25T17:59:59Z, true",
        "2026-11-25T18:00:00Z, false",
        "2026-11-28T12:00:00Z, false", // a Saturday
        "2026-11-29T12:00:00Z, true",
    })
    void isOpenOnItsDaysFromATimeUpToAnother(String instant, boolean open) {
        String hours = "open monday..friday, sunday from \"08:00\" to \"18:00\"";
        assertEquals(open, isOpen(hours, instant));
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-15T06:59:00Z, false",
        "2026-01-15T07:00:00Z, true",
        "2026-07-15T05:59:00Z, false",
        "2026-07-15T06:00:00Z, true",
    })
    void goesByTheClocksOfItsZone(String instant, boolean open) {
        String hours = "zone \"Europe/Berlin\" open monday..sunday from \"08:00\" to \"18:00\"";
        assertEquals(open, isOpen(hours, instant));
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-27T21:59:00Z, false", // a Friday
        "2026-11-27T22:00:00Z, true",
        "2026-11-28T05:59:00Z, true",
        "2026-11-28T06:00:00Z, false",
        "2026-11-28T23:00:00Z, false",
    })
    void aNightGoesOnIntoTheNextDay(String instant, boolean open) {
        assertEquals(open, isOpen("open friday from \"22:00\" to \"06:00\"", instant));
    }

    @Test
    void doesNotOpenOnClosedDays() {
        String closed = "closed \"2026-12-24\" to \"2026-12-26\", \"2027-05-01\"";
        assertTrue(isOpen(closed, "2026-12-23T23:59:59Z"));
        assertFalse(isOpen(closed, "2026-12-24T00:00:00Z"));
        assertFalse(isOpen(closed, "2026-12-26T23:59:59Z"));
        assertTrue(isOpen(closed, "2026-12-27T00:00:00Z"));
        assertFalse(isOpen(closed, "2027-05-01T12:00:00Z"));
    }

    @Test
    void daysMayGoAroundTheEndOfTheWeekAndADayMayBeWhole() {
        assertTrue(isOpen("open friday..monday", "2026-11-29T23:59:59Z"));
        assertFalse(isOpen("open friday..monday", "2026-12-01T00:00:00Z"));
        assertTrue(isOpen("open tuesday from \"12:00\" to \"24:00\"", "2026-12-01T23:59:59Z"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "zone \"Europe/Berlim\"                 | E0204 \"Europe/Berlim\"",
                "open mondey                            | E0204 mondey",
                "open monday from \"8\" to \"18:00\"    | E0205 \"8\"",
                "open monday from \"08:00\" to \"25:00\" | E0205 \"25:00\"",
                "closed \"24.12.2026\"                  | E0205 \"24.12.2026\"",
                "closed \"2026-12-26\" to \"2026-12-24\" | E0205 \"2026-12-24\"",
            })
    void aWrongWordIsTold(String property, String expected) {
        assertEquals(
                List.of(expected),
                Checked.toldOf("calendar office { " + property + " }\n" + ASKED));
    }

    @Test
    void namesAreDeclaredAndUsed() {
        assertEquals(List.of("W0110 office"), Checked.toldOf("calendar office {}\n"));
        assertEquals(
                List.of("E0102 ofice"),
                Checked.toldOf("rule it on request when calendar.ofice tag \"open\"\n"));
        assertEquals(
                List.of("E0201 calendar(\"office\")"),
                Checked.toldOf("rule it on request when calendar(\"office\") tag \"open\"\n"));
        assertEquals(
                List.of("E0201 calendar"),
                Checked.toldOf("rule it on request when calendar tag \"open\"\n"));
    }
}
