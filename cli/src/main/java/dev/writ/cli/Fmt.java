package dev.writ.cli;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.format.Formatted;
import dev.writ.dsl.format.Formatter;
import dev.writ.dsl.parse.PolicyFiles;
import dev.writ.dsl.source.Source;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `writ fmt`: lays policy files out in the one style.
@Command(
        name = "fmt",
        description = {
            "Lay policy files out in the one style.",
            "Only white space changes: comments and blank lines stay. A file with mistakes of form",
            "stays as it is."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Exit codes: 0 fine, 1 with --check if a file would change, 3 if one cannot be read.",
            "",
            "Examples:",
            "  writ fmt",
            "  writ fmt --check policies",
            "  writ fmt - < draft.writ"
        })
final class Fmt implements Callable<Integer> {
    private static final String STANDARD_INPUT = "-";

    private final Console console;

    @Parameters(
            arity = "0..*",
            paramLabel = "POLICY",
            description = {
                "Policy files, and folders with every policy file below them; the current folder.",
                "With - standard input is laid out to standard output."
            })
    List<String> policies = new ArrayList<>();

    @Option(names = "--check", description = "Change nothing, and name the files that would.")
    boolean check;

    private int files;
    private int differing;
    private int unreadable;

    Fmt(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws Failed {
        if (policies.contains(STANDARD_INPUT)) {
            if (policies.size() > 1) {
                throw new Failed(Exit.USAGE, "- stands alone");
            }
            standardInput();
        } else {
            for (String policy : policies.isEmpty() ? List.of(".") : policies) {
                each(Path.of(policy));
            }
            summary();
        }
        return unreadable > 0 ? Exit.POLICY : check && differing > 0 ? Exit.FAILED : Exit.FINE;
    }

    private void standardInput() throws Failed {
        Source source;
        try {
            source = PolicyFiles.read(console.in(), "standard input");
        } catch (IOException e) {
            throw new Failed(Exit.FAILED, String.valueOf(e.getMessage()));
        }
        switch (Formatter.format(source)) {
            case Formatted.Unreadable(var diagnostics) -> tellUnreadable(diagnostics);
            case Formatted.Text(String text) -> {
                if (!text.equals(source.text())) {
                    differing++;
                }
                if (!check) {
                    console.out().print(text);
                }
            }
        }
    }

    private void each(Path policy) throws Failed {
        try {
            if (Files.isDirectory(policy)) {
                for (Source source : PolicyFiles.load(policy).files()) {
                    format(policy.resolve(source.path()), source);
                }
            } else {
                try (InputStream in = Files.newInputStream(policy)) {
                    format(policy, PolicyFiles.read(in, policy.toString()));
                }
            }
        } catch (NoSuchFileException e) {
            throw new Failed(Exit.USAGE, "there is no %s".formatted(policy));
        } catch (IOException e) {
            throw new Failed(Exit.FAILED, String.valueOf(e.getMessage()));
        }
    }

    private void format(Path file, Source source) throws Failed {
        files++;
        switch (Formatter.format(source)) {
            case Formatted.Unreadable(var diagnostics) -> tellUnreadable(diagnostics);
            case Formatted.Text(String text) -> {
                if (text.equals(source.text())) {
                    return;
                }
                differing++;
                if (!check) {
                    replace(file, text);
                }
                console.out().println((check ? "would change " : "formatted ") + file.normalize());
            }
        }
    }

    private void tellUnreadable(List<Diagnostic> diagnostics) {
        unreadable++;
        Check.show(console.err(), console.colour(), diagnostics);
    }

    /// Writes a file beside the old one, which it then replaces: whoever is killed or out of space
    /// on the way leaves the old one whole.
    static void replace(Path file, String text) throws Failed {
        try {
            Path old = file.toRealPath(); // a link stays a link
            Path fresh = Files.createTempFile(old.resolveSibling(""), ".writ-fmt-", ".tmp");
            try {
                Files.writeString(fresh, text);
                if (Files.getFileAttributeView(old, PosixFileAttributeView.class) != null) {
                    Files.setPosixFilePermissions(fresh, Files.getPosixFilePermissions(old));
                }
                Files.move(fresh, old, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(fresh);
            }
        } catch (IOException e) {
            throw new Failed(Exit.FAILED, "%s cannot be written".formatted(file));
        }
    }

    private void summary() {
        String other = unreadable == 0 ? "" : ", %d with mistakes".formatted(unreadable);
        console.out()
                .println(
                        differing == 0 && unreadable == 0
                                ? "ok: %s".formatted(Check.plural(files, "file"))
                                : "%d of %s %s%s"
                                        .formatted(
                                                differing,
                                                Check.plural(files, "file"),
                                                check ? "would change" : "changed",
                                                other));
    }
}
