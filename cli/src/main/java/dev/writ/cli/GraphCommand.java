package dev.writ.cli;

import dev.writ.cli.graph.DotText;
import dev.writ.cli.graph.Graph;
import dev.writ.cli.graph.MermaidText;
import dev.writ.cli.graph.PolicyGraph;
import dev.writ.cli.graph.SvgText;
import dev.writ.dsl.diagnostic.Suggestions;
import dev.writ.dsl.policy.Policy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `writ graph`: draws who may call what, and where it goes.
@Command(
        name = "graph",
        description = {
            "Draw who may call what, and where it goes.",
            "Shown are teams, routes with their arms, pools with shares and fallbacks, models and",
            "providers with their regions; what ends in one region has its colour. Rules are not",
            "drawn."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Exit codes: 0 drawn, 3 the policy does not compile.",
            "",
            "Examples:",
            "  writ graph policies/residency --output residency.svg",
            "  writ graph policies/residency --team clinic --format svg --output clinic.svg",
            "  writ graph --format mermaid"
        })
final class GraphCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(
            arity = "0..1",
            paramLabel = "POLICY",
            defaultValue = ".",
            description = "A policy file or a folder of policy files; the current folder.")
    Path policy = Path.of(".");

    @Option(
            names = "--format",
            description = {
                "${COMPLETION-CANDIDATES}; that of the file that is written, else mermaid."
            })
    @Nullable Format format;

    @Option(
            names = "--team",
            paramLabel = "NAME",
            description = "Only what this team can reach, without the arms it never takes.")
    @Nullable String team;

    @Option(
            names = "--route",
            paramLabel = "NAME",
            description = "Only what this route leads to, and the teams that may use it.")
    @Nullable String route;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Write to a file, not to standard output.")
    @Nullable Path output;

    /// How graphs are written; the constants are what people type.
    enum Format {
        mermaid,
        svg,
        dot
    }

    GraphCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws Failed {
        if (team != null && route != null) {
            throw new Failed(Exit.USAGE, "--team and --route exclude each other");
        }
        Graph graph = graph(Check.usable(console, Check.load(policy)));
        String text =
                switch (format()) {
                    case mermaid -> MermaidText.of(graph);
                    case svg -> SvgText.of(graph);
                    case dot -> DotText.of(graph);
                };
        if (output == null) {
            console.out().print(text);
        } else {
            try {
                Files.writeString(output, text);
            } catch (IOException e) {
                throw new Failed(Exit.FAILED, "%s cannot be written".formatted(output));
            }
        }
        return Exit.FINE;
    }

    private Format format() {
        if (format != null) {
            return format;
        }
        String name = String.valueOf(output);
        return name.endsWith(".svg")
                ? Format.svg
                : name.endsWith(".dot") || name.endsWith(".gv") ? Format.dot : Format.mermaid;
    }

    private Graph graph(Policy checked) throws Failed {
        if (team != null) {
            for (Policy.Team each : checked.teams()) {
                if (each.name().equals(team)) {
                    return PolicyGraph.ofTeam(checked, each);
                }
            }
            throw unknown("team", team, checked.teams().stream().map(Policy.Team::name).toList());
        }
        if (route != null) {
            for (Policy.Route each : checked.routes()) {
                if (each.aliases().contains(route)) {
                    return PolicyGraph.ofRoute(checked, each);
                }
            }
            throw unknown(
                    "route", route, checked.routes().stream().map(Policy.Route::name).toList());
        }
        return PolicyGraph.of(checked);
    }

    private static Failed unknown(String kind, String name, List<String> known) {
        String near = Suggestions.nearest(name, known);
        return new Failed(
                Exit.USAGE,
                "there is no %s `%s`%s"
                        .formatted(
                                kind,
                                name,
                                near == null ? "" : "; did you mean `%s`?".formatted(near)));
    }
}
