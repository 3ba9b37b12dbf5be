package dev.writ.dsl.parse;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.parse.Repairs.Repair;
import dev.writ.dsl.source.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntPredicate;
import org.antlr.v4.runtime.BailErrorStrategy;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.atn.PredictionMode;

/// Reads the pieces of broken declarations, each on its own.
final class PieceReader {
    /// How many mistakes of one piece are set right, so that more of it can be read.
    private static final int REPAIRS_MAX = 10;

    /// How many tokens of a line are looked at for the piece with which reading goes on.
    private static final int LOOKAHEAD_MAX = 200;

    private final Tokens tokens;
    private final Brackets brackets;
    private final Mistakes mistakes;

    PieceReader(Tokens tokens, Brackets brackets, Mistakes mistakes) {
        this.tokens = tokens;
        this.brackets = brackets;
        this.mistakes = mistakes;
    }

    /// What came of a piece.
    sealed interface Reading {
        /// It fits.
        ///
        /// @param end where it ends, exclusive
        record Fits(int end) implements Reading {}

        /// It does not.
        record Fails(Failure failure) implements Reading {}
    }

    /// Fits a piece, and tells of what it sets right for that.
    ///
    /// @param to where its surroundings end, exclusive
    /// @param mayFollow whether the piece may end before the token of an index
    Reading read(Form form, int from, int to, IntPredicate mayFollow) {
        Fit fit = repaired(form, from, to);
        int end = fit.end();
        boolean goesOn = end >= 0 && end < to && isSeparator(end) && fit.reached() > end;
        return end >= 0 && (end == to || (mayFollow.test(end) && !goesOn))
                ? new Reading.Fits(end)
                : new Reading.Fails(Failure.of(form, tokens, from, to, fit));
    }

    /// Fits a piece that others follow.
    ///
    /// A piece that is cut short takes the first words of the next line for its own. So lines
    /// count where the next line makes sense alone.
    ///
    /// @param next what follows
    Reading read(Form form, Form next, int from, int to) {
        Reading reading =
                read(form, from, to, index -> tokens.startsLine(index) || begins(next, index, to));
        int line =
                switch (reading) {
                    case Reading.Fits(int end) ->
                            end == to || tokens.startsLine(end) ? from : lineStart(end, from);
                    case Reading.Fails(Failure failure) ->
                            lineStart(Math.min(failure.at(), to - 1), from);
                };
        if (line == from || !isBegun(next, line, to)) {
            return reading;
        }
        Fit fit = Fit.of(form.rule(), tokens.types(), from, line);
        return fit.isWhole()
                ? new Reading.Fits(line)
                : new Reading.Fails(Failure.of(form, tokens, from, line, fit));
    }

    /// Returns where reading goes on behind a piece that failed: at a new line, at the end of the
    /// block, or at a piece on the same line that is beyond doubt.
    int next(Failure failure, int to) {
        int index = Math.max(failure.at(), failure.from() + 1);
        int looked = 0;
        while (index < to) {
            int type = tokens.type(index);
            if (tokens.startsLine(index) || type == WritParser.RBRACE) {
                return index;
            }
            boolean number = type == WritParser.NUMBER || type == WritParser.PERCENT;
            if (looked++ < LOOKAHEAD_MAX
                    && !(number && index == failure.at())
                    && begins(failure.form(), index)
                    && !isSeparator(index)
                    && standsAlone(failure.form(), index, to)) {
                return index;
            }
            int close = type == WritParser.LBRACE ? brackets.partner(index) : -1;
            index = close > index && close < to ? close + 1 : index + 1;
        }
        return to;
    }

    /// Reads a stretch that fits.
    <T extends ParserRuleContext> T tree(int from, int to, Function<WritParser, T> rule) {
        WritParser parser = new WritParser(tokens.stream(from, to));
        parser.removeErrorListeners();
        parser.setErrorHandler(new BailErrorStrategy());
        parser.getInterpreter().setPredictionMode(PredictionMode.LL);
        return rule.apply(parser);
    }

    /// Tells whether what stands there parts pieces in other languages, and not digits.
    boolean isSeparator(int index) {
        int type = tokens.type(index);
        return type == WritParser.SEMICOLON
                || (type == WritParser.COMMA && !ValueMistakes.isInNumber(tokens, index));
    }

    private boolean begins(Form form, int index) {
        return Fit.begins(form.rule(), tokens.type(index))
                || tokens.type(index) == WritParser.RBRACE
                || (form == Form.EFFECT && tokens.type(index) == WritParser.LBRACE)
                || isSeparator(index);
    }

    /// Tells whether a piece begins there in the middle of a line: an arm only with what follows
    /// its name, because everything can be a name.
    private boolean begins(Form form, int index, int to) {
        return begins(form, index)
                && (form != Form.ARM
                        || !Words.isName(tokens.type(index))
                        || isBegun(form, index, to));
    }

    /// Tells whether the first words of a piece stand there.
    private boolean isBegun(Form form, int from, int to) {
        int limit = Math.min(from + 2, to);
        return standsAlone(form, from, to)
                || (limit == from + 2
                        && !tokens.startsLine(from + 1)
                        && Fit.of(form.rule(), tokens.types(), from, limit).reached() == limit);
    }

    /// Tells whether a piece begins there and ends with a line or with the block.
    boolean standsAlone(Form form, int from, int to) {
        int limit = from + 1;
        while (limit < to && !tokens.startsLine(limit) && limit < from + LOOKAHEAD_MAX) {
            limit++;
        }
        Fit fit = Fit.of(form.rule(), tokens.types(), from, limit);
        return fit.end() >= 0 && (fit.end() == limit || begins(form, fit.end()));
    }

    private int lineStart(int index, int from) {
        int start = index;
        while (start > from && !tokens.startsLine(start)) {
            start--;
        }
        return start;
    }

    private Fit repaired(Form form, int from, int to) {
        Fit fit = Fit.of(form.rule(), tokens.types(), from, to);
        for (int i = 0; i < REPAIRS_MAX && !mistakes.isFull(); i++) {
            Repair repair = Repairs.of(Failure.of(form, tokens, from, to, fit));
            if (repair == null) {
                return fit;
            }
            if (repair.habit().isEmpty()) {
                mistakes.add(repair.diagnostic());
            } else {
                mistakes.addHabit(repair.habit(), repair.diagnostic());
                alike(fit.reached(), to).forEach(span -> again(span, repair));
            }
            replace(fit.reached(), to, repair);
            fit = Fit.of(form.rule(), tokens.types(), from, to);
        }
        return fit;
    }

    /// Returns where the same token stands again on its line.
    private List<Span> alike(int at, int to) {
        List<Span> spans = new ArrayList<>();
        for (int i = at + 1; i < to && !tokens.startsLine(i); i++) {
            if (tokens.type(i) == tokens.type(at) && tokens.text(i).equals(tokens.text(at))) {
                spans.add(tokens.span(i));
            }
        }
        return spans;
    }

    private void again(Span span, Repair repair) {
        String text = repair.diagnostic().fixes().getFirst().edits().getFirst().text();
        mistakes.addHabit(
                repair.habit(),
                Diagnostic.of(repair.diagnostic().code(), span, "").fixByWriting(span, text));
    }

    /// Puts what was meant in the place of a token, and of every other like it on its line.
    private void replace(int at, int to, Repair repair) {
        String written = tokens.text(at);
        int type = tokens.type(at);
        for (int i = at; i < to && (i == at || !tokens.startsLine(i)); i++) {
            if (tokens.type(i) == type && tokens.text(i).equals(written)) {
                tokens.replace(i, repair.type(), repair.text());
                if (repair.habit().isEmpty()) {
                    return;
                }
            }
        }
    }
}
