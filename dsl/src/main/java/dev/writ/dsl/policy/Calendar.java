package dev.writ.dsl.policy;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Set;

/// Times that recur, such as the opening hours of an office, by the clocks of one place.
///
/// @param openings any of which opens it; without one it is open on all days
/// @param closings days on which it does not open, whatever the openings say
public record Calendar(String name, ZoneId zone, List<Opening> openings, List<Closing> closings) {
    public Calendar {
        openings = List.copyOf(openings);
        closings = List.copyOf(closings);
    }

    /// From a time of some days up to another, which is on the next day if it is not later.
    ///
    /// @param to exclusive; midnight ends the day
    public record Opening(Set<DayOfWeek> days, LocalTime from, LocalTime to) {
        public Opening {
            days = Set.copyOf(days);
        }

        private boolean isOpen(LocalTime time, boolean today, boolean yesterday) {
            boolean overnight = !to.isAfter(from);
            return overnight
                    ? (today && !time.isBefore(from)) || (yesterday && time.isBefore(to))
                    : today && !time.isBefore(from) && time.isBefore(to);
        }
    }

    /// Days in a row, both included.
    public record Closing(LocalDate first, LocalDate last) {
        private boolean holds(LocalDate day) {
            return !day.isBefore(first) && !day.isAfter(last);
        }
    }

    /// Tells whether it is open. What opens in the evening stays open over midnight, also into a
    /// day on which it does not open.
    public boolean isOpen(Instant instant) {
        ZonedDateTime now = instant.atZone(zone);
        LocalDate today = now.toLocalDate();
        LocalDate yesterday = today.minusDays(1);
        boolean opensToday = closings.stream().noneMatch(closing -> closing.holds(today));
        boolean openedYesterday = closings.stream().noneMatch(closing -> closing.holds(yesterday));
        if (openings.isEmpty()) {
            return opensToday;
        }
        for (Opening opening : openings) {
            if (opening.isOpen(
                    now.toLocalTime(),
                    opensToday && opening.days().contains(today.getDayOfWeek()),
                    openedYesterday && opening.days().contains(yesterday.getDayOfWeek()))) {
                return true;
            }
        }
        return false;
    }
}
