package dev.writ.dsl.parse;

import dev.writ.dsl.source.Span;
import java.util.BitSet;

/// A piece that does not fit: where its tokens leave the grammar, and what could have stood there.
///
/// @param from its first token
/// @param to where its surroundings end, exclusive
/// @param at the first token that nothing could take; `to` where something is missing at the end
/// @param whole whether the piece is complete without that token
/// @param expectedTokens types of tokens that could stand at `at`, without those that begin a rule
/// @param expectedRules rules that could begin at `at`
record Failure(
        Form form,
        Tokens tokens,
        int from,
        int to,
        int at,
        boolean whole,
        BitSet expectedTokens,
        BitSet expectedRules) {
    /// How many tokens behind the mistake a change must make sense of at most.
    private static final int WINDOW = 20;

    /// How long a piece may be, in tokens, for changes to be tried.
    private static final int LENGTH_MAX = 2_000;

    static Failure of(Form form, Tokens tokens, int from, int to, Fit fit) {
        return new Failure(
                form,
                tokens,
                from,
                to,
                fit.reached(),
                fit.end() == fit.reached(),
                fit.tokens(),
                fit.rules());
    }

    /// Returns this where a brace could stand too, as behind a head that is complete.
    Failure orBrace() {
        BitSet withBrace = (BitSet) expectedTokens.clone();
        withBrace.set(WritParser.LBRACE);
        return new Failure(form, tokens, from, to, at, false, withBrace, expectedRules);
    }

    /// Tells whether the piece ends too early: nothing on its line or between its braces is left.
    boolean isCutShort() {
        return at > from
                && (at >= to || tokens.startsLine(at) || tokens.type(at) == WritParser.RBRACE);
    }

    int type() {
        return type(0);
    }

    /// Returns the type of the token so many behind the one at `at`; that of the end of the file
    /// outside of the surroundings.
    int type(int offset) {
        int index = at + offset;
        return index >= from && index < to ? tokens.type(index) : WritParser.EOF;
    }

    /// Returns the type of the last token that fits, or that of the end of the file if none does.
    int typeBefore() {
        return type(-1);
    }

    String text() {
        return tokens.text(at);
    }

    /// Returns where the token at `at` stands, or the place behind the last one if the piece is
    /// cut short.
    Span place() {
        if (!isCutShort()) {
            return tokens.span(at);
        }
        Span last = tokens.span(at - 1);
        return new Span(last.source(), last.end(), last.end());
    }

    boolean expects(int type) {
        return expectedTokens.get(type)
                || expectedRules.stream().anyMatch(rule -> Fit.begins(rule, type));
    }

    boolean expectsRule(int... rules) {
        for (int rule : rules) {
            if (expectedRules.get(rule)) {
                return true;
            }
        }
        return false;
    }

    /// Tells whether the piece would go on with a token of this type before the one at `at`.
    boolean goesOnAfterInserting(int type) {
        return goesOn(new int[] {type}, at, 1);
    }

    /// Tells whether the piece would go on, or be complete, with a token of this type instead of
    /// the one at `at`.
    boolean goesOnAfterReplacing(int type) {
        return at < to && goesOn(new int[] {type}, at + 1, 0);
    }

    /// Tells whether the piece would go on, or be complete, without the token at `at`.
    boolean goesOnAfterRemoving() {
        return at < to && goesOn(new int[0], at + 1, 0);
    }

    /// Puts `middle` between what fits and what stands at `rest`.
    ///
    /// @param more how many tokens of the rest must fit, so that it counts
    private boolean goesOn(int[] middle, int rest, int more) {
        if (at - from > LENGTH_MAX) {
            return false;
        }
        int tail = Math.min(to, rest + WINDOW) - rest;
        int[] types = new int[at - from + middle.length + tail];
        for (int i = from; i < at; i++) {
            types[i - from] = tokens.type(i);
        }
        int border = at - from + middle.length;
        System.arraycopy(middle, 0, types, at - from, middle.length);
        for (int i = 0; i < tail; i++) {
            types[border + i] = tokens.type(rest + i);
        }
        Fit fit = Fit.of(form.rule(), types, 0, types.length);
        if (fit.reached() > border || (tail == 0 && fit.end() == types.length)) {
            return true;
        }
        return more == 0 && fit.end() == border && mayFollow(rest);
    }

    private boolean mayFollow(int index) {
        return index >= to
                || tokens.startsLine(index)
                || tokens.type(index) == WritParser.RBRACE
                || Fit.begins(form.rule(), tokens.type(index));
    }
}
