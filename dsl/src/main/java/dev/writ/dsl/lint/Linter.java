package dev.writ.dsl.lint;

import dev.writ.dsl.parse.PolicyParser;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.SourceTree;
import dev.writ.dsl.syntax.Item;
import dev.writ.dsl.syntax.ParsedFile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Finds what could be written better in a policy.
public final class Linter {
    private Linter() {}

    /// Returns the findings of every file, by file and place, without those that are acknowledged.
    /// A file with mistakes of form has none.
    public static List<Lint> lint(SourceTree tree) {
        List<Lint> found = new ArrayList<>();
        for (Source source : tree.files()) {
            ParsedFile file = PolicyParser.parse(source);
            if (file.diagnostics().isEmpty()) {
                found.addAll(lint(file));
            }
        }
        return found;
    }

    private static List<Lint> lint(ParsedFile file) {
        List<Lint> found = new ArrayList<>();
        for (Item item : file.items()) {
            Declarations.lint(item, found);
            Expressions.lint(item, found);
        }
        List<Lint> told = Acknowledgements.of(file.source()).apply(found);
        told.sort(Comparator.comparingInt(lint -> lint.diagnostic().primary().span().start()));
        return told;
    }

    /// Returns a file with its fixes carried out; where two overlap, only the first is.
    public static String fixed(Source source, List<Lint> lints) {
        List<Lint.Fix> fixes = new ArrayList<>();
        for (Lint lint : lints) {
            Lint.Fix fix = lint.fix();
            if (fix != null && fix.span().source() == source) {
                fixes.add(fix);
            }
        }
        fixes.sort(Comparator.comparingInt(fix -> fix.span().start()));
        StringBuilder text = new StringBuilder();
        int done = 0;
        for (Lint.Fix fix : fixes) {
            if (fix.span().start() >= done) {
                text.append(source.text(), done, fix.span().start()).append(fix.text());
                done = fix.span().end();
            }
        }
        return text.append(source.text().substring(done)).toString();
    }
}
