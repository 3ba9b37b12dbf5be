package dev.writ.dsl.parse;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.Span;
import dev.writ.dsl.syntax.Item;
import dev.writ.dsl.syntax.ParsedFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.antlr.v4.runtime.BailErrorStrategy;
import org.antlr.v4.runtime.atn.PredictionMode;
import org.antlr.v4.runtime.misc.ParseCancellationException;
import org.jspecify.annotations.Nullable;

/// Reads policy files.
public final class PolicyParser {
    /// The longest file, in UTF-16 units.
    public static final int FILE_LENGTH_MAX = 1024 * 1024;

    /// How deep conditions, lists and braces may be nested.
    public static final int DEPTH_MAX = 250;

    /// How deep a file may be nested to be read on the stack of whoever asks.
    private static final int DEPTH_SHALLOW = 40;

    private static final long STACK_BYTES = 16 * 1024 * 1024;

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
                            .hint("Split it, and name the parts with `use`.");
            return new ParsedFile(source, null, List.of(), List.of(tooLarge));
        }
        Tokens tokens = Tokens.of(source);
        Brackets brackets = Brackets.of(tokens.types());
        if (brackets.deepest() <= DEPTH_SHALLOW) {
            ParsedFile parsed = whole(tokens);
            return parsed == null ? broken(tokens) : parsed;
        }
        return onDeepStack(
                () -> {
                    ParsedFile parsed = brackets.deepest() > DEPTH_MAX ? null : whole(tokens);
                    return parsed == null ? broken(tokens) : parsed;
                });
    }

    /// Reads a file that fits the grammar; returns null for any other.
    private static @Nullable ParsedFile whole(Tokens tokens) {
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
            return new ParsedFile(tokens.source(), reader.header(file.header()), items, problems);
        } catch (ParseCancellationException _) {
            return null;
        }
    }

    private static ParsedFile broken(Tokens tokens) {
        Mistakes mistakes = new Mistakes();
        Tokens kept = tokens;
        int last = tokens.size() - 2;
        boolean cut = last >= 0 && tokens.type(last) == WritParser.OPEN_COMMENT;
        if (cut) {
            mistakes.add(Objects.requireNonNull(CharacterMistakes.of(tokens, last)));
            kept = tokens.withoutLast();
        }
        Diagnostic junk = CharacterMistakes.junk(kept);
        if (junk != null) {
            return new ParsedFile(tokens.source(), null, List.of(), List.of(junk));
        }
        LiteralReader literals = new LiteralReader(kept, mistakes::add);
        ExprReader exprs = new ExprReader(kept, literals, mistakes::add);
        ItemReader reader = new ItemReader(kept, literals, exprs);
        ParsedFile parsed =
                new BrokenFile(kept, Brackets.of(kept.types()), reader, exprs, mistakes, cut)
                        .read();
        if (parsed.diagnostics().isEmpty()) {
            throw new IllegalStateException("%s does not fit, but why?".formatted(kept.source()));
        }
        return parsed;
    }

    /// Runs on a stack of its own: each level of nesting takes eight calls, and the threads of a
    /// gateway have small stacks.
    private static ParsedFile onDeepStack(Supplier<ParsedFile> reading) {
        return CompletableFuture.supplyAsync(
                        reading, task -> new Thread(null, task, "writ-parse", STACK_BYTES).start())
                .join();
    }
}
