package dev.writ.dsl.parse;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.Span;
import dev.writ.dsl.syntax.Item;
import dev.writ.dsl.syntax.ParsedFile;
import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.BailErrorStrategy;
import org.antlr.v4.runtime.atn.PredictionMode;
import org.antlr.v4.runtime.misc.ParseCancellationException;

/// Reads policy files.
public final class PolicyParser {
    /// The longest file, in UTF-16 units.
    public static final int FILE_LENGTH_MAX = 1024 * 1024;

    /// How deep conditions, lists and braces may be nested.
    public static final int DEPTH_MAX = 250;

    private PolicyParser() {}

    /// Returns what a file says, and everything that is wrong with its form.
    ///
    /// Any text can be read. Of a declaration with mistakes what could be read is there, so that
    /// the meaning of the rest can be checked. A word that begins nothing becomes `Unknown`, with
    /// a diagnostic; what the language has but this version cannot carry out becomes `NotYet`,
    /// without one.
    public static ParsedFile parse(Source source) {
        if (source.text().length() > FILE_LENGTH_MAX) {
            Diagnostic tooLarge =
                    Diagnostic.of(
                                    DiagnosticCode.TOO_LARGE,
                                    new Span(source, 0, 0),
                                    "this file is larger than 1 MB")
                            .hint("split it, and name the parts with `use`");
            return new ParsedFile(source, null, List.of(), List.of(tooLarge));
        }
        Tokens tokens = Tokens.of(source);
        List<Diagnostic> problems = new ArrayList<>();
        LiteralReader literals = new LiteralReader(tokens, problems::add);
        ItemReader reader =
                new ItemReader(tokens, literals, new ExprReader(tokens, literals, problems::add));
        WritParser parser = new WritParser(tokens.stream());
        parser.removeErrorListeners();
        parser.setErrorHandler(new BailErrorStrategy());
        parser.getInterpreter().setPredictionMode(PredictionMode.SLL);
        try {
            WritParser.FileContext file = parser.file();
            List<Item> items = file.item().stream().map(reader::item).toList();
            return new ParsedFile(source, reader.header(file.header()), items, problems);
        } catch (ParseCancellationException e) {
            problems.add(
                    Diagnostic.of(
                            DiagnosticCode.UNEXPECTED_TOKEN,
                            tokens.span(parser.getCurrentToken()),
                            "this cannot be read"));
            return new ParsedFile(source, null, List.of(), problems);
        }
    }
}
