package dev.writ.dsl.assist;

import dev.writ.dsl.check.Analysis;
import dev.writ.dsl.check.CheckResult;
import dev.writ.dsl.check.Checker;
import dev.writ.dsl.check.Mention;
import dev.writ.dsl.check.Symbol;
import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode.Severity;
import dev.writ.dsl.diagnostic.Edit;
import dev.writ.dsl.diagnostic.Fix;
import dev.writ.dsl.parse.PolicyParser;
import dev.writ.dsl.parse.Spelling;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.SourceTree;
import dev.writ.dsl.syntax.ParsedFile;
import java.util.ArrayList;
import java.util.List;

/// A new name for a declaration, in all files of its tree.
public sealed interface Renaming {
    /// What has to be changed.
    record Edits(List<Edit> edits) implements Renaming {
        public Edits {
            edits = List.copyOf(edits);
        }
    }

    /// It is not done.
    ///
    /// @param why a clause for people
    record Refused(String why) implements Renaming {}

    /// Renames a declaration and every use of it, or says why not: a text that is no name, a name
    /// that another declaration of the kind has, a tree in which a use may stand where nothing can
    /// be read.
    static Renaming of(Analysis analysis, Symbol symbol, String name) {
        if (!Spelling.canBeName(name)) {
            return new Refused("`%s` cannot be a name".formatted(name));
        }
        Symbol taken = analysis.symbol(symbol.kind(), name);
        if (taken != null && !taken.equals(symbol)) {
            return new Refused(
                    "there is %s `%s` already, in %s"
                            .formatted(symbol.kind().aNoun(), name, taken.file().path()));
        }
        for (ParsedFile file : analysis.files()) {
            for (Diagnostic diagnostic : file.diagnostics()) {
                if (diagnostic.code().severity() == Severity.ERROR) {
                    return new Refused(
                            "%s cannot be read as a whole: %s"
                                    .formatted(diagnostic.primary().span(), diagnostic.headline()));
                }
            }
        }
        List<Edit> edits = new ArrayList<>();
        edits.add(new Edit(symbol.name().span(), Spelling.name(name)));
        for (Mention mention : analysis.mentions()) {
            if (mention.symbol().equals(symbol)) {
                edits.add(
                        new Edit(
                                mention.span(),
                                mention.inText() ? escaped(name) : Spelling.name(name)));
            }
        }
        return checked(analysis, edits);
    }

    private static String escaped(String name) {
        String quoted = Spelling.text(name);
        return quoted.substring(1, quoted.length() - 1);
    }

    /// Refuses what would bring a mistake that was not there before.
    private static Renaming checked(Analysis analysis, List<Edit> edits) {
        List<Source> renamed = new ArrayList<>();
        for (ParsedFile file : analysis.files()) {
            boolean touched =
                    edits.stream().anyMatch(edit -> edit.span().source() == file.source());
            renamed.add(
                    touched
                            ? new Source(file.source().path(), Fix.apply(file.source(), edits))
                            : file.source());
        }
        SourceTree tree = new SourceTree(renamed.getFirst().path(), renamed);
        CheckResult after =
                Checker.analyze(tree, analysis.vocabulary(), PolicyParser::parse).result();
        List<String> before = new ArrayList<>();
        analysis.result().diagnostics().forEach(d -> before.add(d.code().id()));
        for (Diagnostic diagnostic : after.diagnostics()) {
            if (!before.remove(diagnostic.code().id())
                    && diagnostic.code().severity() == Severity.ERROR) {
                return new Refused("then %s".formatted(diagnostic.headline()));
            }
        }
        return new Edits(edits);
    }
}
