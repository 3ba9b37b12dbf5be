package dev.writ.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/// The reference page of the commands holds exactly what their help says; `-Dgolden=update`
/// rewrites it.
final class CommandsReferenceTest {
    private static final Path PAGE =
            Path.of(System.getProperty("writ.root", "..")).resolve("docs/reference/commands.md");

    @Test
    void thePageIsWhatTheCommandsSay() throws IOException {
        String page = page();
        if ("update".equals(System.getProperty("golden"))) {
            Files.writeString(PAGE, page);
        }
        assertEquals(page, Files.readString(PAGE));
    }

    /// A share sign that is not doubled makes the help begin with a complaint of its own.
    @Test
    void whatStandsUnderTheHelpCanBeShown() {
        for (CommandLine command : commandLine().getSubcommands().values()) {
            for (String line : command.getCommandSpec().usageMessage().footer()) {
                assertEquals(line.replace("%%", "%"), line.formatted());
            }
        }
    }

    private static CommandLine commandLine() {
        return Writ.commandLine(
                new Console(
                        new PrintWriter(PrintWriter.nullWriter()),
                        new PrintWriter(PrintWriter.nullWriter()),
                        InputStream.nullInputStream(),
                        Map.of(),
                        false));
    }

    private static String page() {
        CommandLine writ = commandLine();
        StringBuilder page =
                new StringBuilder(
                        """
                        # Commands

                        What each command's `--help` says. `./writ` stands at the root of the project; it finds a JDK 25 and
                        builds what it runs on first use and after changes. `WRIT_JAVA_OPTS` gives further options to the
                        JVM, such as `-Xmx1g`. `NO_COLOR` keeps colours away.

                        A gateway keeps what must outlive it in its data folder: `$XDG_STATE_HOME/writ`, or
                        `~/.local/state/writ` where that is not set. `--data` names another.
                        """);
        section(page, "writ", writ);
        writ.getSubcommands().forEach((name, command) -> section(page, "writ " + name, command));
        return page.toString();
    }

    private static void section(StringBuilder page, String name, CommandLine command) {
        page.append("\n## ").append(name).append("\n\n```text\n");
        command.getUsageMessage(CommandLine.Help.Ansi.OFF)
                .lines()
                .forEach(line -> page.append(line.stripTrailing()).append('\n'));
        page.append("```\n");
    }
}
