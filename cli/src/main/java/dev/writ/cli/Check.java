package dev.writ.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.writ.dsl.check.CheckResult;
import dev.writ.dsl.check.Checker;
import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode.Severity;
import dev.writ.dsl.diagnostic.DiagnosticText;
import dev.writ.dsl.parse.PolicyFiles;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.source.SourceTree;
import dev.writ.server.live.DiagnosticJson;
import dev.writ.server.serving.ProviderVocabulary;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `writ check`: tells everything that is wrong with a policy, as the gateway would see it.
@Command(
        name = "check",
        description = {
            "Check a policy, and tell all its mistakes at once.",
            "A policy is a file with the files that it uses, or a folder with every policy file",
            "below it."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Exit codes: 0 it compiles, 3 it does not, or has warnings with --strict.",
            "",
            "Examples:",
            "  writ check policies/quickstart",
            "  writ check --cost policies/openai",
            "  writ check --strict --format sarif > writ.sarif"
        })
final class Check implements Callable<Integer> {
    private static final JsonFactory JSON = new JsonFactory();

    private final Console console;

    @Parameters(
            arity = "0..1",
            paramLabel = "POLICY",
            defaultValue = ".",
            description = "A policy file or a folder of policy files; the current folder.")
    Path policy = Path.of(".");

    @Option(names = "--strict", description = "Take warnings for errors.")
    boolean strict;

    @Option(names = "--cost", description = "Tell what one request can cost at most, by route.")
    boolean cost;

    @Option(
            names = "--format",
            defaultValue = "text",
            description = "${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE}.")
    Format format = Format.text;

    /// How findings are printed; the constants are what people type.
    enum Format {
        text,
        json,
        sarif
    }

    Check(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws Failed {
        SourceTree tree = load(policy);
        CheckResult result = Checker.check(tree, ProviderVocabulary.VOCABULARY);
        List<Diagnostic> found = result.diagnostics();
        boolean fine = result instanceof CheckResult.Usable && (!strict || found.isEmpty());
        List<WorstCase.Line> costs =
                cost && result instanceof CheckResult.Usable usable
                        ? WorstCase.of(usable.policy())
                        : List.of();
        switch (format) {
            case text -> {
                text(tree, found);
                tests(result);
                console.out().print(CostText.table(costs));
            }
            case json -> console.out().println(json(fine, tree, found, costs));
            case sarif -> console.out().println(sarif(found));
        }
        return fine ? Exit.FINE : Exit.POLICY;
    }

    /// Reads a policy from disk.
    static SourceTree load(Path policy) throws Failed {
        try {
            return PolicyFiles.load(policy);
        } catch (NoSuchFileException e) {
            throw new Failed(Exit.USAGE, "there is no %s".formatted(policy));
        } catch (IOException e) {
            throw new Failed(Exit.FAILED, String.valueOf(e.getMessage()));
        }
    }

    /// Checks a policy, and tells what is wrong with it.
    ///
    /// @throws Failed if it does not compile
    static Policy usable(Console console, SourceTree tree) throws Failed {
        return switch (Checker.check(tree, ProviderVocabulary.VOCABULARY)) {
            case CheckResult.Usable usable -> usable.policy();
            case CheckResult.Unusable(var diagnostics) -> {
                show(console.err(), console.colour(), diagnostics);
                throw new Failed(Exit.POLICY, "the policy does not compile");
            }
        };
    }

    private void text(SourceTree tree, List<Diagnostic> found) {
        show(console.out(), console.colour(), found);
        long errors = count(found, Severity.ERROR);
        long warnings = count(found, Severity.WARNING);
        String files = plural(tree.files().size(), "file");
        console.out()
                .println(
                        found.isEmpty()
                                ? "ok: %s".formatted(files)
                                : "%s, %s in %s"
                                        .formatted(
                                                plural(errors, "error"),
                                                plural(warnings, "warning"),
                                                files));
    }

    /// Tells of tests that this command does not run: it says whether a policy compiles, at once.
    private void tests(CheckResult result) {
        if (result instanceof CheckResult.Usable usable && !usable.policy().tests().isEmpty()) {
            console.out()
                    .println(
                            "%s, which `writ test` runs"
                                    .formatted(plural(usable.policy().tests().size(), "test")));
        }
    }

    /// Prints diagnostics with the author's text.
    static void show(PrintWriter to, boolean colour, List<Diagnostic> found) {
        DiagnosticText.Style style =
                colour ? DiagnosticText.Style.TERMINAL : DiagnosticText.Style.PLAIN;
        for (Diagnostic diagnostic : found) {
            to.println(DiagnosticText.render(diagnostic, style));
            to.println();
        }
    }

    /// Returns a count with its noun.
    static String plural(long count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }

    private static long count(List<Diagnostic> found, Severity severity) {
        return found.stream().filter(d -> d.code().severity() == severity).count();
    }

    private static String json(
            boolean fine, SourceTree tree, List<Diagnostic> found, List<WorstCase.Line> costs) {
        return written(
                json -> {
                    json.writeStartObject();
                    json.writeBooleanField("ok", fine);
                    json.writeNumberField("files", tree.files().size());
                    json.writeNumberField("errors", count(found, Severity.ERROR));
                    json.writeNumberField("warnings", count(found, Severity.WARNING));
                    json.writeFieldName("diagnostics");
                    DiagnosticJson.write(json, found);
                    if (!costs.isEmpty()) {
                        json.writeFieldName("worst_case");
                        CostText.write(json, costs);
                    }
                    json.writeEndObject();
                });
    }

    /// Paths of findings are made relative to the working folder, as code hosts want them.
    private String sarif(List<Diagnostic> found) {
        return sarif(policy, found);
    }

    /// Returns findings about a policy as SARIF.
    static String sarif(Path policy, List<Diagnostic> found) {
        Path folder = Files.isDirectory(policy) ? policy : policy.getParent();
        String path = folder == null ? "" : folder.normalize().toString().replace('\\', '/');
        String prefix = path.isEmpty() ? "" : path + "/";
        return written(json -> Sarif.write(json, Writ.Version.number(), prefix, found));
    }

    /// Returns JSON as it is written.
    static String written(JsonWriting writing) {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(out)) {
            writing.write(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString();
    }

    /// Writes JSON.
    interface JsonWriting {
        void write(JsonGenerator json) throws IOException;
    }
}
