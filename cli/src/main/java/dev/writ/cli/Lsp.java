package dev.writ.cli;

import dev.writ.cli.lsp.PolicyServer;
import dev.writ.server.serving.ProviderVocabulary;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `writ lsp`: tells editors what they want to know about policies.
@Command(
        name = "lsp",
        description = {
            "Help editors with policies, over the Language Server Protocol.",
            "It speaks on standard input and output. Editors start it; docs/how-to/edit.md shows how."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Exit codes: 0 the editor said goodbye, 1 it was gone without.",
            "",
            "Examples:",
            "  writ lsp"
        })
final class Lsp implements Callable<Integer> {
    private final Console console;

    @Option(
            names = "--stdio",
            description = "Taken for editors that add it; nothing else is there.")
    boolean stdio;

    Lsp(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        PrintStream out = System.out;
        System.setOut(System.err); // what anybody prints would not be the protocol
        try {
            boolean goodbye =
                    PolicyServer.serve(
                            ProviderVocabulary.VOCABULARY,
                            Writ.Version.number(),
                            console.in(),
                            out);
            return goodbye ? Exit.FINE : Exit.FAILED;
        } finally {
            System.setOut(out);
        }
    }
}
