package dev.writ.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// The command `writ`: finds the command that is meant and turns failures into one line and an
/// exit code.
@Command(
        name = "writ",
        description = "A policy-as-code gateway for LLM traffic.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        versionProvider = Writ.Version.class,
        footer = {
            "",
            "`writ COMMAND --help` tells more about a command.",
            "Exit codes: 0 fine, 1 failed, 2 wrong usage, 3 a policy does not compile,",
            "4 tests fail, 5 they try too little."
        })
public final class Writ {
    @Option(
            names = "--debug",
            scope = CommandLine.ScopeType.INHERIT,
            description = "Show stack traces of failures.")
    boolean debug;

    private Writ() {}

    /// Runs a command and ends the process with its exit code.
    public static void main(String[] args) {
        Logs.begin(System.err);
        Console console = Console.ofProcess();
        int exitCode = run(console, args);
        console.out().flush();
        console.err().flush();
        System.exit(exitCode);
    }

    /// Runs a command.
    ///
    /// @return one of [Exit]
    static int run(Console console, String... args) {
        return commandLine(console).execute(args.length == 0 ? new String[] {"--help"} : args);
    }

    /// Returns every command with its options.
    static CommandLine commandLine(Console console) {
        Writ writ = new Writ();
        return new CommandLine(writ)
                .addSubcommand(new Serve(console))
                .addSubcommand(new Check(console))
                .addSubcommand(new Fmt(console))
                .addSubcommand(new RunTests(console))
                .addSubcommand(new Explain(console))
                .addSubcommand(new LintCommand(console))
                .addSubcommand(new GraphCommand(console))
                .addSubcommand(new Import(console))
                .addSubcommand(new Lsp(console))
                .addSubcommand(new Status(console))
                .setOut(console.out())
                .setErr(console.err())
                .setUsageHelpWidth(80)
                .setColorScheme(
                        CommandLine.Help.defaultColorScheme(
                                console.colour()
                                        ? CommandLine.Help.Ansi.ON
                                        : CommandLine.Help.Ansi.OFF))
                .setParameterExceptionHandler((e, _) -> wrongUsage(console, e))
                .setExecutionExceptionHandler((e, _, _) -> failed(console, writ.debug, e));
    }

    private static int wrongUsage(Console console, CommandLine.ParameterException e) {
        console.err()
                .println(
                        "writ: "
                                + String.valueOf(e.getMessage())
                                        .lines()
                                        .findFirst()
                                        .orElse("wrong usage"));
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        if (e instanceof CommandLine.UnmatchedArgumentException unmatched
                && !unmatched.getSuggestions().isEmpty()) {
            console.err()
                    .println(
                            "  did you mean `%s`? `%s --help` tells more"
                                    .formatted(unmatched.getSuggestions().getFirst(), command));
        } else {
            console.err().println("  `%s --help` tells more".formatted(command));
        }
        return Exit.USAGE;
    }

    private static int failed(Console console, boolean debug, Exception e) {
        if (debug) {
            e.printStackTrace(console.err());
        }
        if (e instanceof Failed failed) {
            console.err().println("writ: " + failed.getMessage());
            return failed.exitCode();
        }
        console.err()
                .println(
                        "writ: %s; this is a bug of Writ%s"
                                .formatted(
                                        e.getClass().getSimpleName(),
                                        debug ? "" : ", --debug shows where"));
        return Exit.FAILED;
    }

    /// The version that the build wrote into the jar.
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {
                "writ %s (Java %s)".formatted(number(), Runtime.version().feature())
            };
        }

        /// Returns the version alone.
        static String number() {
            String built = Writ.class.getPackage().getImplementationVersion();
            return built == null ? "unpackaged" : built;
        }
    }
}
