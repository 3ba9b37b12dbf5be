package dev.writ.cli;

import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// What a command reads from and writes to.
///
/// @param environment of the process
/// @param colour whether people look at the output on a terminal and want colours
record Console(
        PrintWriter out,
        PrintWriter err,
        InputStream in,
        Map<String, String> environment,
        boolean colour) {
    /// Returns the process's own.
    static Console ofProcess() {
        Map<String, String> environment = System.getenv();
        String noColour = environment.getOrDefault("NO_COLOR", "");
        boolean terminal = Boolean.getBoolean("writ.terminal"); // the launcher knows
        return new Console(
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                System.in,
                environment,
                terminal && noColour.isEmpty() && !"dumb".equals(environment.get("TERM")));
    }
}
