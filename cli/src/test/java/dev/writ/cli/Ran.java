package dev.writ.cli;

import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// What a command printed and how it ended.
record Ran(int exitCode, String out, String err) {
    /// Runs a command in this process.
    static Ran writ(String... args) {
        return withInput("", args);
    }

    /// Runs a command that reads the text.
    static Ran withInput(String input, String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Console console =
                new Console(
                        new PrintWriter(out, true),
                        new PrintWriter(err, true),
                        new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                        Map.of(),
                        false);
        int exitCode = Writ.run(console, args);
        return new Ran(exitCode, out.toString(), err.toString());
    }
}
