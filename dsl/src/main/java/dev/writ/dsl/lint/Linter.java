package dev.writ.dsl.lint;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.Edit;
import dev.writ.dsl.diagnostic.Fix;
import dev.writ.dsl.parse.PolicyParser;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.SourceTree;
import dev.writ.dsl.source.Span;
import dev.writ.dsl.syntax.Item;
import dev.writ.dsl.syntax.ParsedFile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Finds what could be written better in a policy.
public final class Linter {
    private Linter() {}

    /// Returns the findings of every file, by file and place, without those that are acknowledged.
    public static List<Diagnostic> lint(SourceTree tree) {
        List<Diagnostic> found = new ArrayList<>();
        for (Source source : tree.files()) {
            found.addAll(lint(PolicyParser.parse(source)));
        }
        return found;
    }

    /// Returns the findings of one file, by place, without those that are acknowledged. A
    /// declaration with mistakes of form has none.
    ///
    /// The last fix of each finding acknowledges it: the reason is left to the author.
    public static List<Diagnostic> lint(ParsedFile file) {
        List<Diagnostic> found = new ArrayList<>();
        for (Item item : file.items()) {
            if (isWhole(item, file)) {
                Declarations.lint(item, found);
                Expressions.lint(item, found);
            }
        }
        boolean whole = file.diagnostics().isEmpty();
        List<Diagnostic> told = Acknowledgements.of(file.source()).apply(found, whole);
        told.sort(Comparator.comparingInt(diagnostic -> diagnostic.primary().span().start()));
        return told;
    }

    private static boolean isWhole(Item item, ParsedFile file) {
        for (Diagnostic diagnostic : file.diagnostics()) {
            Span mistake = diagnostic.primary().span();
            if (mistake.start() <= item.span().end() && item.span().start() <= mistake.end()) {
                return false;
            }
        }
        return true;
    }

    /// Returns a finding with what to write instead, as its hint and as a fix that needs no asking.
    ///
    /// @param better the whole text that the hint shows
    static Diagnostic written(Diagnostic diagnostic, String better, Edit edit) {
        String title = "Write `%s`".formatted(better.strip());
        return diagnostic.hint(title + ".").fix(new Fix(title, List.of(edit), true));
    }

    /// Returns a file with the fixes made that need no asking; where two overlap, only the first
    /// is.
    public static String fixed(Source source, List<Diagnostic> found) {
        List<Edit> edits = new ArrayList<>();
        for (Diagnostic diagnostic : found) {
            for (Fix fix : diagnostic.fixes()) {
                if (fix.automatic()) {
                    edits.addAll(fix.edits());
                }
            }
        }
        edits.removeIf(edit -> edit.span().source() != source);
        edits.sort(Comparator.comparingInt(edit -> edit.span().start()));
        List<Edit> apart = new ArrayList<>();
        int done = 0;
        for (Edit edit : edits) {
            if (edit.span().start() >= done) {
                apart.add(edit);
                done = edit.span().end();
            }
        }
        return Fix.apply(source, apart);
    }
}
