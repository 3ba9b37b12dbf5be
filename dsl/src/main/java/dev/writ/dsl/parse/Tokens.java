package dev.writ.dsl.parse;

import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.Span;
import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonToken;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.ListTokenSource;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.ParseTree;
import org.antlr.v4.runtime.tree.TerminalNode;
import org.jspecify.annotations.Nullable;

/// The tokens of a file that have meaning, and where they stand in it.
///
/// ANTLR counts code points, spans count UTF-16 units; the difference stays in here.
final class Tokens {
    private final Source source;
    private final List<Token> list;
    private final int[] types;
    private final int @Nullable [] utf16;

    private Tokens(Source source, List<Token> list, int @Nullable [] utf16) {
        this.source = source;
        this.list = list;
        this.types = list.stream().mapToInt(Token::getType).toArray();
        this.utf16 = utf16;
    }

    static Tokens of(Source source) {
        WritLexer lexer = new WritLexer(CharStreams.fromString(source.text(), source.path()));
        lexer.removeErrorListeners();
        List<Token> visible = new ArrayList<>();
        for (Token token : lexer.getAllTokens()) {
            if (token.getChannel() == Token.DEFAULT_CHANNEL) {
                visible.add(token);
            }
        }
        visible.add(lexer.emitEOF());
        return new Tokens(source, visible, utf16Offsets(source.text()));
    }

    Source source() {
        return source;
    }

    /// Returns a new stream of them, in which the index of a token is its index here.
    CommonTokenStream stream() {
        return filled(list);
    }

    /// Returns a new stream of those from one index up to another, and the end of the file.
    CommonTokenStream stream(int from, int to) {
        List<Token> part = new ArrayList<>(list.subList(from, to));
        CommonToken end = new CommonToken(list.getLast());
        part.add(end);
        return filled(part);
    }

    private static CommonTokenStream filled(List<Token> tokens) {
        CommonTokenStream stream = new CommonTokenStream(new ListTokenSource(tokens));
        stream.fill();
        return stream;
    }

    /// Returns how many there are, the end of the file included.
    int size() {
        return list.size();
    }

    /// Returns a token; the last one is the end of the file.
    Token get(int index) {
        return list.get(index);
    }

    int type(int index) {
        return types[Math.min(index, types.length - 1)];
    }

    /// Returns the types of all; not to be changed.
    int[] types() {
        return types;
    }

    /// Takes a token for another one from now on; it stays where it is.
    void replace(int index, int type, String text) {
        CommonToken token = new CommonToken(get(index));
        token.setType(type);
        token.setText(text);
        list.set(index, token);
        types[index] = type;
    }

    /// Returns these without the last one before the end of the file.
    Tokens withoutLast() {
        List<Token> fewer = new ArrayList<>(list);
        fewer.remove(fewer.size() - 2);
        return new Tokens(source, fewer, utf16);
    }

    String text(int index) {
        return get(index).getText();
    }

    /// Returns in which column of its line a token stands, counted from 0.
    int column(int index) {
        return get(index).getCharPositionInLine();
    }

    /// Tells whether a token is the first of its line. Only comments span lines.
    boolean startsLine(int index) {
        return index == 0 || get(index).getLine() != get(index - 1).getLine();
    }

    Span span(Token token) {
        int end = token.getType() == Token.EOF ? token.getStartIndex() : token.getStopIndex() + 1;
        return new Span(source, utf16(token.getStartIndex()), utf16(end));
    }

    Span span(int index) {
        return span(get(index));
    }

    /// Returns what the tokens from one index up to another cover, at least one.
    Span span(int from, int to) {
        return span(get(from), get(Math.max(from, to - 1)));
    }

    /// Returns what lies from the start of one token to the end of another.
    Span span(Token first, Token last) {
        return new Span(source, span(first).start(), span(last).end());
    }

    Span span(ParserRuleContext tree) {
        return span(tree.getStart(), tree.getStop());
    }

    /// Returns what a tree of at least one token covers.
    Span span(ParseTree tree) {
        return tree instanceof TerminalNode leaf
                ? span(leaf.getSymbol())
                : span((ParserRuleContext) tree);
    }

    private int utf16(int codePoints) {
        return utf16 == null ? codePoints : utf16[codePoints];
    }

    /// Returns for each code point where it starts, or null if each has one unit.
    private static int @Nullable [] utf16Offsets(String text) {
        int codePoints = text.codePointCount(0, text.length());
        if (codePoints == text.length()) {
            return null;
        }
        int[] offsets = new int[codePoints + 1];
        for (int i = 0, offset = 0; i <= codePoints; i++) {
            offsets[i] = offset;
            offset += i < codePoints ? Character.charCount(text.codePointAt(offset)) : 0;
        }
        return offsets;
    }
}
