package dev.writ.cli;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.lint.Linter;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.SourceTree;
import dev.writ.server.live.DiagnosticJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `writ lint`: finds what could be written better in a policy that compiles.
@Command(
        name = "lint",
        description = {
            "Find what could be written better in a policy that compiles.",
            "A finding is acknowledged by a comment directly above its line, with a reason:",
            "// writ: allow L0805 because dashboards know it by this name"
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Exit codes: 0 nothing found, 1 something is, 3 the policy does not compile.",
            "",
            "Examples:",
            "  writ lint policies",
            "  writ lint --fix && writ fmt",
            "  writ lint --format sarif > lint.sarif"
        })
final class LintCommand implements Callable<Integer> {
    /// How often fixes are carried out: one may make room for another.
    private static final int ROUNDS_MAX = 20;

    private final Console console;

    @Parameters(
            arity = "0..1",
            paramLabel = "POLICY",
            defaultValue = ".",
            description = "A policy file or a folder of policy files; the current folder.")
    Path policy = Path.of(".");

    @Option(
            names = "--format",
            defaultValue = "text",
            description = "${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE}.")
    Check.Format format = Check.Format.text;

    @Option(
            names = "--fix",
            description = "Write what has the same meaning, and tell what is left.")
    boolean fix;

    LintCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws Failed {
        SourceTree tree = load();
        List<Diagnostic> found = Linter.lint(tree);
        int fixed = 0;
        for (int round = 0; fix && round < ROUNDS_MAX; round++) {
            boolean changed = false;
            for (Source source : tree.files()) {
                String text = Linter.fixed(source, found);
                if (!text.equals(source.text())) {
                    Fmt.replace(file(source), text);
                    changed = true;
                }
            }
            if (!changed) {
                break;
            }
            tree = load();
            List<Diagnostic> left = Linter.lint(tree);
            fixed += Math.max(0, found.size() - left.size());
            found = left;
        }
        switch (format) {
            case text -> text(tree, found, fixed);
            case json -> console.out().println(json(found, fixed));
            case sarif -> console.out().println(Check.sarif(policy, found));
        }
        return found.isEmpty() ? Exit.FINE : Exit.FAILED;
    }

    private SourceTree load() throws Failed {
        SourceTree tree = Check.load(policy);
        Check.usable(console, tree);
        return tree;
    }

    private Path file(Source source) {
        return Files.isDirectory(policy)
                ? policy.resolve(source.path())
                : policy.resolveSibling(source.path());
    }

    private void text(SourceTree tree, List<Diagnostic> found, int fixed) {
        Check.show(console.out(), console.colour(), found);
        String files = Check.plural(tree.files().size(), "file");
        String also = fixed == 0 ? "" : ", %d fixed".formatted(fixed);
        console.out()
                .println(
                        found.isEmpty()
                                ? "ok: %s%s".formatted(files, also)
                                : "%s in %s%s"
                                        .formatted(
                                                Check.plural(found.size(), "finding"),
                                                files,
                                                also));
    }

    private static String json(List<Diagnostic> found, int fixed) {
        return Check.written(
                json -> {
                    json.writeStartObject();
                    json.writeBooleanField("ok", found.isEmpty());
                    json.writeNumberField("fixed", fixed);
                    json.writeFieldName("diagnostics");
                    DiagnosticJson.write(json, found);
                    json.writeEndObject();
                });
    }
}
