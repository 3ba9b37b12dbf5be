package dev.writ.cli.lsp;

import dev.writ.dsl.assist.Lens;
import dev.writ.dsl.check.CheckResult;
import dev.writ.dsl.source.Span;
import dev.writ.dsl.syntax.Item;
import dev.writ.dsl.syntax.ParsedFile;
import dev.writ.engine.testing.TestFailure;
import dev.writ.engine.testing.TestResult;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.lsp4j.CodeLens;
import org.eclipse.lsp4j.Command;
import org.eclipse.lsp4j.Location;
import org.eclipse.lsp4j.Range;

/// Lines above declarations: what is known of them, and what came of tests.
final class Lenses {
    private final Workspace.Known known;
    private final String uri;
    private final List<CodeLens> lenses = new ArrayList<>();

    private Lenses(Workspace.Known known, String uri) {
        this.known = known;
        this.uri = uri;
    }

    static List<CodeLens> of(Workspace.Known known, String uri) {
        Lenses lenses = new Lenses(known, uri);
        for (Lens lens : Lens.of(known.analysis(), known.source())) {
            lenses.places(Places.range(lens.at()), lens.title(), lens.places());
        }
        ParsedFile file = known.analysis().file(known.source().path());
        if (file != null) {
            for (Item item : file.items()) {
                if (item instanceof Item.Test test) {
                    lenses.test(test);
                }
            }
        }
        return lenses.lenses;
    }

    private void places(Range range, String title, List<Span> places) {
        List<Location> locations =
                places.stream().map(span -> Answers.location(span, known.tree().root())).toList();
        Command command =
                new Command(
                        title,
                        locations.isEmpty() ? "" : Commands.SHOW_PLACES,
                        List.of(uri, range.getStart(), locations));
        lenses.add(new CodeLens(range, command, null));
    }

    private void test(Item.Test test) {
        Range range = Places.range(test.name().span());
        String name = test.name().value();
        TestResult result = known.tree().result(name);
        boolean compiles = known.analysis().result() instanceof CheckResult.Usable;
        places(
                range,
                TestWords.lens(result, compiles),
                result == null
                        ? List.of()
                        : result.failures().stream().map(TestFailure::at).toList());
        if (compiles) {
            command(range, "Run", Commands.RUN_TESTS, name);
            command(range, "Explain", Commands.EXPLAIN_TEST, name);
        }
    }

    private void command(Range range, String title, String command, String name) {
        lenses.add(new CodeLens(range, new Command(title, command, List.of(uri, name)), null));
    }
}
