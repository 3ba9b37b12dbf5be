package dev.writ.dsl.check;

import dev.writ.dsl.check.Declarations.Declared;
import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.policy.Calendar;
import dev.writ.dsl.syntax.Item;
import dev.writ.dsl.syntax.Item.CalendarProperty;
import dev.writ.dsl.syntax.Literal;
import dev.writ.dsl.syntax.Name;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The calendars of a tree.
final class Calendars {
    static final List<String> DAYS =
            List.of(DayOfWeek.values()).stream().map(Calendars::word).toList();

    /// What people write where a day ends.
    private static final String END_OF_DAY = "24:00";

    private final Report report;

    private Calendars(Report report) {
        this.report = report;
    }

    /// Checks every calendar, in the order of files and declarations.
    static List<Calendar> check(Unit unit) {
        Calendars calendars = new Calendars(unit.report());
        List<Calendar> checked = new ArrayList<>();
        for (Declared declared : unit.declarations().of(Kind.CALENDAR).values()) {
            if (declared.item() instanceof Item.Calendar item) {
                checked.add(calendars.calendar(item));
            }
        }
        return checked;
    }

    private Calendar calendar(Item.Calendar item) {
        Once once = new Once(report);
        ZoneId zone = ZoneOffset.UTC;
        List<Calendar.Opening> openings = new ArrayList<>();
        List<Calendar.Closing> closings = new ArrayList<>();
        for (CalendarProperty property : item.properties()) {
            switch (property) {
                case CalendarProperty.Zone(var span, Literal.Text written) -> {
                    if (once.first("zone", span)) {
                        zone = zone(written);
                    }
                }
                case CalendarProperty.Open open -> {
                    Calendar.Opening opening = opening(open);
                    if (opening != null) {
                        openings.add(opening);
                    }
                }
                case CalendarProperty.Closed closed ->
                        closed.days().forEach(d -> close(d, closings));
                case CalendarProperty.Unknown _ -> {} // the parser has said so
            }
        }
        return new Calendar(item.name().text(), zone, openings, closings);
    }

    private ZoneId zone(Literal.Text written) {
        try {
            return ZoneId.of(written.value());
        } catch (DateTimeException _) {
            report.add(
                    Suggested.hint(
                            Diagnostic.of(
                                            DiagnosticCode.UNKNOWN_LABEL,
                                            written.span(),
                                            "unknown time zone `%s`".formatted(written.value()))
                                    .at("no such time zone"),
                            written.value(),
                            ZoneId.getAvailableZoneIds().stream()
                                    .filter(id -> id.contains("/"))
                                    .sorted()
                                    .toList(),
                            "time zone"));
            return ZoneOffset.UTC;
        }
    }

    private Calendar.@Nullable Opening opening(CalendarProperty.Open open) {
        Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
        boolean whole = true;
        for (CalendarProperty.Days range : open.days()) {
            DayOfWeek first = day(range.first());
            Name written = range.last();
            DayOfWeek last = written == null ? first : day(written);
            if (first == null || last == null) {
                whole = false;
                continue;
            }
            for (DayOfWeek day = first; ; day = day.plus(1)) {
                days.add(day);
                if (day == last) {
                    break;
                }
            }
        }
        Literal.Text from = open.from();
        Literal.Text to = open.to();
        LocalTime opens = from == null ? LocalTime.MIDNIGHT : time(from);
        LocalTime closes =
                to == null || to.value().equals(END_OF_DAY) ? LocalTime.MIDNIGHT : time(to);
        return whole && opens != null && closes != null
                ? new Calendar.Opening(days, opens, closes)
                : null;
    }

    private @Nullable DayOfWeek day(Name name) {
        int index = DAYS.indexOf(name.text());
        if (index >= 0) {
            return DayOfWeek.of(index + 1);
        }
        report.add(Unknowns.label(name.span(), name.text(), "day of the week", DAYS));
        return null;
    }

    private @Nullable LocalTime time(Literal.Text written) {
        try {
            return LocalTime.parse(written.value());
        } catch (DateTimeException _) {
            report.add(
                    Amounts.notAllowed(written.span(), "this is no time of a day")
                            .hint("Write hours and minutes: `\"08:30\"`, up to `\"24:00\"`."));
            return null;
        }
    }

    private void close(CalendarProperty.Dates dates, List<Calendar.Closing> closings) {
        LocalDate first = date(dates.first());
        Literal.Text written = dates.last();
        LocalDate last = written == null ? first : date(written);
        if (first == null || last == null) {
            return;
        }
        if (written != null && last.isBefore(first)) {
            report.add(
                    Amounts.notAllowed(written.span(), "this is before the first day")
                            .hint(
                                    "Write the earlier one first: `%s to %s`."
                                            .formatted(
                                                    written.span().text(),
                                                    dates.first().span().text())));
            return;
        }
        closings.add(new Calendar.Closing(first, last));
    }

    private @Nullable LocalDate date(Literal.Text written) {
        try {
            return LocalDate.parse(written.value());
        } catch (DateTimeException _) {
            report.add(
                    Amounts.notAllowed(written.span(), "this is no day")
                            .hint("Write year, month and day: `\"2026-12-24\"`."));
            return null;
        }
    }

    private static String word(DayOfWeek day) {
        return day.name().toLowerCase(Locale.ROOT);
    }
}
