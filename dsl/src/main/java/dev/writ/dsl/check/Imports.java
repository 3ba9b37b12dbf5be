package dev.writ.dsl.check;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.diagnostic.Edit;
import dev.writ.dsl.parse.PolicyFiles;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.syntax.Item;
import dev.writ.dsl.syntax.Name;
import dev.writ.dsl.syntax.ParsedFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which file of a tree uses which, from their `use` lines.
final class Imports {
    private record Edge(Item.Use use, Source to) {}

    private final Map<String, Source> byPath = new LinkedHashMap<>();
    private final Map<Source, List<Edge>> edges = new LinkedHashMap<>();
    private final Report report;

    private Imports(Report report) {
        this.report = report;
    }

    /// Returns what each file can name.
    static Map<Source, Scope> resolve(
            List<ParsedFile> files, Declarations declarations, Report report) {
        Imports imports = new Imports(report);
        files.forEach(file -> imports.byPath.put(file.source().path(), file.source()));
        Map<Source, Scope> scopes = new LinkedHashMap<>();
        for (ParsedFile file : files) {
            scopes.put(file.source(), imports.scope(file, declarations));
        }
        imports.reportRings();
        return scopes;
    }

    private Scope scope(ParsedFile file, Declarations declarations) {
        Source from = file.source();
        Set<Source> visible = new HashSet<>(Set.of(from));
        Map<String, Source> aliases = new HashMap<>();
        boolean complete = true;
        List<Edge> out = new ArrayList<>();
        for (Item item : file.items()) {
            if (item instanceof Item.Broken broken && mayNameAnything(broken)) {
                complete = false;
            }
            if (item instanceof Item.Use use) {
                Source to = target(from, use);
                if (to == null) {
                    complete = false;
                    continue;
                }
                visible.add(to);
                out.add(new Edge(use, to));
                Name alias = use.alias();
                if (alias != null && aliases.putIfAbsent(alias.text(), to) != null) {
                    report.add(
                            Diagnostic.of(
                                            DiagnosticCode.DUPLICATE_NAME,
                                            alias.span(),
                                            "two files are used as `%s`".formatted(alias.text()))
                                    .at("again here")
                                    .hint("Give one of them another name."));
                }
            }
        }
        edges.put(from, out);
        return new Scope(from, visible, aliases, complete, declarations, report);
    }

    /// Tells whether a name that is missing may be that of the declaration, or come from its file.
    private static boolean mayNameAnything(Item.Broken broken) {
        return broken.name() == null || broken.keyword().text().equals("use");
    }

    private @Nullable Source target(Source from, Item.Use use) {
        String written = use.file().value();
        String path = PolicyFiles.resolve(from.path(), written);
        Source to = path == null ? null : byPath.get(path);
        if (to == null) {
            Diagnostic missing =
                    Diagnostic.of(
                            DiagnosticCode.UNKNOWN_FILE,
                            use.file().span(),
                            "there is no file `%s` to use".formatted(written));
            report.add(
                    path == null
                            ? missing.at("leaves the folder of the policy")
                                    .hint("Move the file into the folder of the policy.")
                            : Suggested.hint(
                                    missing.at("looked for `%s`".formatted(path)),
                                    written,
                                    byPath.keySet().stream()
                                            .filter(known -> !known.equals(from.path()))
                                            .map(known -> PolicyFiles.relative(from.path(), known))
                                            .toList(),
                                    "other file"));
            return null;
        }
        if (to == from) {
            report.add(
                    Diagnostic.of(
                                    DiagnosticCode.IMPORT_CYCLE,
                                    use.span(),
                                    "`%s` uses itself".formatted(from.path()))
                            .hint("Remove the line: a file sees its own declarations.")
                            .fix("Remove the line", Edit.remove(use.span())));
        }
        return to;
    }

    /// Reports each ring once, at the line that closes it.
    private void reportRings() {
        Set<Source> done = new HashSet<>();
        for (Source start : edges.keySet()) {
            walk(start, new ArrayList<>(), done);
        }
    }

    private void walk(Source file, List<Source> path, Set<Source> done) {
        if (done.contains(file)) {
            return;
        }
        path.add(file);
        for (Edge edge : edges.getOrDefault(file, List.of())) {
            int at = path.indexOf(edge.to());
            if (at >= 0 && edge.to() != file) {
                List<String> ring = new ArrayList<>();
                path.subList(at, path.size()).forEach(f -> ring.add(f.path()));
                ring.add(edge.to().path());
                report.add(
                        Diagnostic.of(
                                        DiagnosticCode.IMPORT_CYCLE,
                                        edge.use().span(),
                                        "files use each other in a ring")
                                .at("this closes the ring")
                                .note("the ring: " + String.join(" → ", ring))
                                .hint("Move what both need into a file that uses neither."));
            } else if (at < 0) {
                walk(edge.to(), path, done);
            }
        }
        path.removeLast();
        done.add(file);
    }
}
