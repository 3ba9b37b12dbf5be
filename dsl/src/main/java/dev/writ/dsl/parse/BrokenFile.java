package dev.writ.dsl.parse;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.parse.PieceReader.Reading;
import dev.writ.dsl.source.Span;
import dev.writ.dsl.syntax.Item;
import dev.writ.dsl.syntax.Name;
import dev.writ.dsl.syntax.ParsedFile;
import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.BailErrorStrategy;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.atn.PredictionMode;
import org.antlr.v4.runtime.misc.ParseCancellationException;
import org.jspecify.annotations.Nullable;

/// A file that does not fit the grammar, read declaration by declaration.
///
/// Each declaration is read as if it stood alone: one that fits by ANTLR, the others by
/// [BrokenDeclaration]. Where a broken one ends, the next line tells that begins as only
/// declarations do.
final class BrokenFile {
    private final Tokens tokens;
    private final Regions regions;
    private final Brackets brackets;
    private final Mistakes mistakes;
    private final ItemReader reader;
    private final PieceReader pieces;
    private final BrokenDeclaration broken;
    private final CommonTokenStream stream;
    private final WritParser parser;
    private final List<Item> items = new ArrayList<>();
    private ParsedFile.@Nullable Header header;
    private @Nullable Span headerSpan;

    /// The index of the last token of the declaration before, and how many mistakes there were.
    private int before = -1;

    private int mistakesBefore;

    /// @param cut whether a comment that never ends hides the end of the file
    BrokenFile(
            Tokens tokens,
            Brackets brackets,
            ItemReader reader,
            ExprReader exprs,
            Mistakes mistakes,
            boolean cut) {
        this.tokens = tokens;
        this.regions = new Regions(tokens, brackets);
        this.brackets = brackets;
        this.reader = reader;
        this.mistakes = mistakes;
        this.pieces = new PieceReader(tokens, brackets, mistakes);
        this.broken = new BrokenDeclaration(tokens, brackets, reader, exprs, mistakes, cut);
        this.stream = tokens.stream();
        this.parser = new WritParser(stream);
        parser.removeErrorListeners();
        parser.setErrorHandler(new BailErrorStrategy());
        parser.getInterpreter().setPredictionMode(PredictionMode.SLL);
    }

    /// Reads what can be read, and tells everything else.
    ParsedFile read() {
        int end = tokens.size() - 1;
        int index = header();
        while (index < end) {
            int region = regions.end(index);
            int deep = brackets.tooDeep(index, region);
            if (deep >= 0) {
                mistakes.add(Problems.tooDeep(tokens.span(deep)));
                items.add(
                        new Item.Broken(tokens.span(index, region), word(index), name(index + 1)));
                index = region;
            }
            boolean open = regions.isOpen();
            while (index < region) {
                index = declaration(index, region, open);
            }
        }
        return new ParsedFile(tokens.source(), header, items, mistakes.list());
    }

    // ── The header ───────────────────────────────────────────────────────────────────────────

    /// Returns where it ends.
    private int header() {
        if (tokens.size() == 1) {
            mistakes.add(
                    Diagnostic.of(
                                    DiagnosticCode.MISSING_HEADER,
                                    new Span(tokens.source(), 0, 0),
                                    "this file is empty")
                            .hint(
                                    "A policy begins with `%s`."
                                            .formatted(Form.HEADER.example("policy")))
                            .fix(
                                    "Write a header",
                                    new Span(tokens.source(), 0, 0),
                                    "policy \"%s\" language 1\n"
                                            .formatted(ShapeMistakes.title(tokens.source()))));
            return 0;
        }
        if (tokens.type(0) == WritParser.POLICY) {
            return header(0);
        }
        if (tokens.type(1) == WritParser.STRING
                && Words.meant(tokens.text(0), Words.set(WritParser.POLICY)) != 0) {
            mistakes.add(
                    Diagnostic.of(
                                    DiagnosticCode.UNKNOWN_KEYWORD,
                                    tokens.span(0),
                                    "unknown word `%s`".formatted(tokens.text(0)))
                            .at("expected `policy`")
                            .hint("Did you mean `policy`?")
                            .fixByWriting(tokens.span(0), "policy"));
            tokens.replace(0, WritParser.POLICY, "policy");
            return header(0);
        }
        int later = laterHeader();
        if (later < 0) {
            mistakes.add(ShapeMistakes.noHeader(tokens, 0));
        } else {
            headerSpan = tokens.span(later, later + 2);
            mistakes.add(
                    Diagnostic.of(
                                    DiagnosticCode.MISSING_HEADER,
                                    tokens.span(0),
                                    "the header comes first")
                            .at("before this")
                            .because(headerSpan, "it stands here")
                            .hint("Move it into the first line."));
        }
        return 0;
    }

    private int header(int index) {
        headerSpan = tokens.span(index, Math.min(index + 2, tokens.size() - 1));
        int limit = index + 1;
        while (limit < tokens.size() - 1
                && !(tokens.startsLine(limit) && Regions.isHead(tokens, limit))) {
            limit++;
        }
        switch (pieces.read(Form.HEADER, index, limit, this::mayFollow)) {
            case Reading.Fits(int end) -> {
                header = reader.header(pieces.tree(index, end, WritParser::header));
                return end;
            }
            case Reading.Fails(Failure failure) -> {
                mistakes.add(failure);
                int next = Math.max(index + 1, failure.at());
                while (next < limit && !tokens.startsLine(next)) {
                    next++;
                }
                return next;
            }
        }
    }

    private int laterHeader() {
        for (int i = 1; i < tokens.size() - 1; i++) {
            if (tokens.type(i) == WritParser.POLICY
                    && tokens.type(i + 1) == WritParser.STRING
                    && tokens.startsLine(i)) {
                return i;
            }
        }
        return -1;
    }

    // ── Declarations ─────────────────────────────────────────────────────────────────────────

    private int declaration(int index, int region, boolean open) {
        int type = tokens.type(index);
        if (!open && Fit.begins(WritParser.RULE_item, type)) {
            int end = whole(index, region);
            if (end > index) {
                return ended(end, mistakes.count());
            }
        }
        if (type == WritParser.POLICY && tokens.type(index + 1) == WritParser.STRING) {
            return ended(secondHeader(index), mistakes.count());
        }
        if (Fit.begins(WritParser.RULE_item, type)) {
            return read(index, region);
        }
        return stray(index, region);
    }

    private int ended(int end, int mistakesAtStart) {
        before = end - 1;
        mistakesBefore = mistakesAtStart;
        return end;
    }

    /// Reads a declaration that fits; returns its end, or the index itself if it does not.
    private int whole(int index, int region) {
        parser.reset();
        stream.seek(index);
        try {
            WritParser.ItemContext tree = parser.item();
            int end = stream.index();
            if (end > region
                    || (end < region && !mayFollow(end))
                    || isSecondEffect(index, end, region)) {
                return index;
            }
            items.add(reader.item(tree));
            return end;
        } catch (ParseCancellationException _) {
            return index;
        }
    }

    private int read(int index, int region) {
        int count = mistakes.count();
        BrokenDeclaration.Read read = broken.read(index, region);
        if (read.item() != null) {
            items.add(read.item());
        }
        return ended(Math.max(index + 1, read.next()), count);
    }

    /// Tells whether a rule without braces goes on with a second effect.
    private boolean isSecondEffect(int index, int end, int region) {
        return tokens.type(index) == WritParser.RULE
                && end < region
                && !Fit.begins(WritParser.RULE_item, tokens.type(end))
                && Fit.begins(WritParser.RULE_effect, tokens.type(end));
    }

    private boolean mayFollow(int index) {
        return tokens.startsLine(index) || Fit.begins(WritParser.RULE_item, tokens.type(index));
    }

    private int secondHeader(int index) {
        int end = Fit.of(WritParser.RULE_header, tokens.types(), index, tokens.size() - 1).end();
        if (headerSpan == null) {
            return header(index);
        }
        if (headerSpan.start() != tokens.span(index).start()) {
            mistakes.add(
                    Diagnostic.of(
                                    DiagnosticCode.UNEXPECTED_TOKEN,
                                    tokens.span(index),
                                    "this file has a header already")
                            .at("a second one")
                            .because(headerSpan, "the first one")
                            .hint("Remove it, or put what follows into a file of its own."));
        } else if (end > index) {
            header = reader.header(pieces.tree(index, end, WritParser::header));
        }
        return Math.max(end, index + 1);
    }

    // ── What begins no declaration ───────────────────────────────────────────────────────────

    private int stray(int index, int region) {
        boolean clean = mistakes.count() == mistakesBefore;
        int type = tokens.type(index);
        Diagnostic character = CharacterMistakes.of(tokens, index);
        if (type == WritParser.SEMICOLON) {
            mistakes.addHabit(";", CharacterMistakes.semicolon(tokens.span(index)));
            return index + 1;
        }
        if (type == WritParser.RBRACE) {
            if (clean) {
                mistakes.add(
                        Diagnostic.of(
                                        DiagnosticCode.UNEXPECTED_TOKEN,
                                        tokens.span(index),
                                        "this `}` closes nothing")
                                .hint("Remove it.")
                                .fixByRemoving(tokens.span(index)));
            }
            return ended(index + 1, -1);
        }
        if (character != null) {
            if (tokens.text(index).equals("#")) {
                mistakes.addHabit("#", character);
            } else {
                mistakes.add(character);
            }
            return ended(region, -1);
        }
        int meant = meant(index);
        if (meant != 0) {
            tell(index, meant);
            tokens.replace(index, meant, Nouns.spelling(meant));
            return replaced(index, region);
        }
        if (clean || tokens.startsLine(index)) {
            if (clean) {
                mistakes.add(notADeclaration(index));
            }
            items.add(new Item.Unknown(tokens.span(index, region), word(index)));
        }
        return ended(region, -1);
    }

    private int replaced(int index, int region) {
        int count = mistakes.count();
        Span span = tokens.span(index);
        BrokenDeclaration.Read read = broken.read(index, region);
        items.add(read.item() == null ? new Item.Unknown(span, word(index)) : read.item());
        return ended(Math.max(index + 1, read.next()), count);
    }

    private void tell(int index, int meant) {
        mistakes.add(
                Diagnostic.of(
                                DiagnosticCode.UNKNOWN_KEYWORD,
                                tokens.span(index),
                                "unknown declaration `%s`".formatted(tokens.text(index)))
                        .at("no such declaration")
                        .hint("Did you mean `%s`?".formatted(Nouns.spelling(meant)))
                        .fixByWriting(tokens.span(index), Nouns.spelling(meant)));
    }

    /// Returns the keyword that was meant, if what follows looks as it does behind that.
    private int meant(int index) {
        if (!Words.isWord(tokens, index)) {
            return 0;
        }
        int meant = Words.meant(tokens.text(index), Words.ofDeclarations());
        return meant != 0 && Regions.isHead(tokens, index, meant) ? meant : 0;
    }

    private Diagnostic notADeclaration(int index) {
        String word = tokens.text(index);
        if (before >= 0
                && tokens.get(before).getLine() == tokens.get(index).getLine()
                && tokens.type(before) != WritParser.RBRACE) {
            return Diagnostic.of(
                            DiagnosticCode.UNEXPECTED_TOKEN,
                            tokens.span(index),
                            "%s cannot stand here".formatted(MistakeExplainer.shown(tokens, index)))
                    .hint("Remove it, or begin a declaration in a new line.");
        }
        for (Form form : Form.values()) {
            if (form.isRepeated() && form.keywords().contains(word)) {
                Diagnostic diagnostic =
                        Diagnostic.of(
                                        DiagnosticCode.UNEXPECTED_TOKEN,
                                        tokens.span(index),
                                        "`%s` stands outside of braces".formatted(word))
                                .at(form.aNoun());
                return before >= 0 && tokens.type(before) == WritParser.RBRACE
                        ? diagnostic
                                .because(tokens.span(before), "the declaration before ends here")
                                .hint("Move it into the braces of its declaration.")
                        : diagnostic.hint("Move it into the braces of its declaration.");
            }
        }
        Diagnostic unknown =
                MistakeExplainer.unknownKeyword(tokens, index, "declaration", Form.DECLARATIONS);
        return unknown == null
                ? Diagnostic.of(
                                DiagnosticCode.UNEXPECTED_TOKEN,
                                tokens.span(index),
                                "%s cannot stand here"
                                        .formatted(MistakeExplainer.shown(tokens, index)))
                        .at("expected a declaration such as `model` or `team`")
                : unknown;
    }

    private Name word(int index) {
        return new Name(tokens.span(index), MistakeExplainer.shortened(tokens.text(index)));
    }

    private @Nullable Name name(int index) {
        return Words.isName(tokens.type(index)) ? word(index) : null;
    }
}
