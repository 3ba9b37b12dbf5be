package dev.writ.cli;

import java.io.PrintStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;

/// What the process logs: one line an event on standard error. Our own from INFO on, that of
/// libraries from ERROR on, and of their exceptions the kind only: a message may repeat what a
/// client sent.
final class Logs {
    private static final Logger OURS = Logger.getLogger("dev.writ");

    private Logs() {}

    /// Sets it up, once for the process.
    static void begin(PrintStream err) {
        LogManager.getLogManager().reset();
        Logger root = Logger.getLogger("");
        root.setLevel(Level.SEVERE);
        OURS.setLevel(Level.INFO);
        StreamHandler handler =
                new StreamHandler(err, new Lines()) {
                    @Override
                    public synchronized void publish(LogRecord record) {
                        super.publish(record);
                        flush();
                    }
                };
        handler.setLevel(Level.ALL);
        root.addHandler(handler);
    }

    private static final class Lines extends Formatter {
        @Override
        public String format(LogRecord record) {
            Throwable thrown = record.getThrown();
            return "%s %s %s: %s%s%n"
                    .formatted(
                            Instant.ofEpochMilli(record.getMillis()).truncatedTo(ChronoUnit.MILLIS),
                            record.getLevel().getName().toLowerCase(Locale.ROOT),
                            record.getLoggerName(),
                            formatMessage(record),
                            thrown == null ? "" : " (" + thrown.getClass().getName() + ")");
        }
    }
}
