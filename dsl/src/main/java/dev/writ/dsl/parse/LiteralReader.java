package dev.writ.dsl.parse;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.source.Span;
import dev.writ.dsl.syntax.Literal;
import java.math.BigDecimal;
import java.util.function.Consumer;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.TerminalNode;

/// Literals as written to their values.
final class LiteralReader {
    /// The most characters of a number.
    static final int NUMBER_LENGTH_MAX = 40;

    /// The longest time that fits: about 292 years.
    private static final BigDecimal NANOS_MAX = BigDecimal.valueOf(Long.MAX_VALUE);

    private final Tokens tokens;
    private final Consumer<Diagnostic> problems;

    LiteralReader(Tokens tokens, Consumer<Diagnostic> problems) {
        this.tokens = tokens;
        this.problems = problems;
    }

    Literal literal(WritParser.LiteralContext tree) {
        if (tree.quantity() != null) {
            return quantity(tree.quantity());
        }
        TerminalNode leaf = (TerminalNode) tree.getChild(0);
        Span span = tokens.span(leaf);
        return switch (leaf.getSymbol().getType()) {
            case WritParser.MONEY -> money(leaf);
            case WritParser.PERCENT -> percent(leaf);
            case WritParser.DURATION -> time(leaf);
            case WritParser.STRING -> text(leaf);
            default -> new Literal.Bool(span, leaf.getSymbol().getType() == WritParser.TRUE);
        };
    }

    Literal.Quantity quantity(WritParser.QuantityContext tree) {
        return new Literal.Quantity(
                tokens.span(tree),
                number(tree.NUMBER().getSymbol(), 0),
                tree.unit() == null ? null : tree.unit().getText());
    }

    /// Reads a number without a unit.
    Literal.Quantity number(TerminalNode leaf) {
        return new Literal.Quantity(tokens.span(leaf), number(leaf.getSymbol(), 0), null);
    }

    Literal.Money money(TerminalNode leaf) {
        return new Literal.Money(tokens.span(leaf), number(leaf.getSymbol(), 1));
    }

    Literal.Percent percent(TerminalNode leaf) {
        return new Literal.Percent(tokens.span(leaf), number(leaf.getSymbol(), 0));
    }

    Literal.Time time(TerminalNode leaf) {
        String text = leaf.getText();
        long nanosPerUnit;
        if (text.endsWith("ms")) {
            nanosPerUnit = 1_000_000L;
        } else if (text.endsWith("s")) {
            nanosPerUnit = 1_000_000_000L;
        } else if (text.endsWith("min")) {
            nanosPerUnit = 60_000_000_000L;
        } else if (text.endsWith("h")) {
            nanosPerUnit = 3_600_000_000_000L;
        } else {
            nanosPerUnit = 86_400_000_000_000L;
        }
        BigDecimal nanos = number(leaf.getSymbol(), 0).multiply(BigDecimal.valueOf(nanosPerUnit));
        Span span = tokens.span(leaf);
        if (nanos.compareTo(NANOS_MAX) > 0) {
            problems.accept(
                    Diagnostic.of(DiagnosticCode.TOO_LARGE, span, "this time is too long")
                            .hint("The longest is `106_751d`."));
            nanos = NANOS_MAX;
        }
        return new Literal.Time(span, nanos.longValue());
    }

    /// Reads the digits from an offset on, and the suffix that multiplies them if there is one.
    private BigDecimal number(Token token, int from) {
        String text = token.getText();
        StringBuilder digits = new StringBuilder();
        int at = from;
        while (at < text.length() && isPartOfNumber(text.charAt(at))) {
            if (text.charAt(at) != '_') {
                digits.append(text.charAt(at));
            }
            at++;
        }
        if (digits.length() > NUMBER_LENGTH_MAX) {
            problems.accept(
                    Diagnostic.of(
                                    DiagnosticCode.TOO_LARGE,
                                    tokens.span(token),
                                    "this number has too many digits")
                            .hint("Numbers have at most %d digits.".formatted(NUMBER_LENGTH_MAX)));
            return BigDecimal.ONE;
        }
        BigDecimal number = new BigDecimal(digits.toString());
        String suffix = text.substring(at);
        return switch (suffix) {
            case "k" -> number.multiply(BigDecimal.valueOf(1_000L));
            case "M" -> number.multiply(BigDecimal.valueOf(1_000_000L));
            case "G", "B" -> number.multiply(BigDecimal.valueOf(1_000_000_000L));
            default -> number;
        };
    }

    private static boolean isPartOfNumber(char c) {
        return (c >= '0' && c <= '9') || c == '.' || c == '_';
    }

    /// Reads a text, escapes resolved.
    Literal.Text text(TerminalNode leaf) {
        Span span = tokens.span(leaf);
        String quoted = span.text();
        if (quoted.indexOf('\\') < 0) {
            return new Literal.Text(span, quoted.substring(1, quoted.length() - 1));
        }
        StringBuilder value = new StringBuilder();
        int at = 1;
        while (at < quoted.length() - 1) {
            if (quoted.charAt(at) == '\\') {
                at = escape(span, quoted, at, value);
            } else {
                value.append(quoted.charAt(at++));
            }
        }
        return new Literal.Text(span, value.toString());
    }

    /// Resolves the escape at an offset and returns where it ends.
    private int escape(Span span, String quoted, int at, StringBuilder value) {
        char letter = quoted.charAt(at + 1);
        switch (letter) {
            case '"', '\\' -> value.append(letter);
            case 'n' -> value.append('\n');
            case 't' -> value.append('\t');
            case 'r' -> value.append('\r');
            case 'u' -> {
                return codePoint(span, quoted, at, value);
            }
            default -> {
                int end = at + 1 + Character.charCount(quoted.codePointAt(at + 1));
                problems.accept(
                        badEscape(span, at, end)
                                .hint("Write `\\\\` for a backslash, also in patterns."));
                return end;
            }
        }
        return at + 2;
    }

    /// Resolves the escape of a character by its number, at the backslash of it.
    private int codePoint(Span span, String quoted, int at, StringBuilder value) {
        int end = at + 2;
        int codePoint = 0;
        int digits = 0;
        if (quoted.charAt(end) == '{') {
            end++;
            while (Character.digit(quoted.charAt(end), 16) >= 0 && digits < 7) {
                codePoint = codePoint * 16 + Character.digit(quoted.charAt(end++), 16);
                digits++;
            }
            boolean isCharacter =
                    Character.isValidCodePoint(codePoint)
                            && !(codePoint >= Character.MIN_SURROGATE
                                    && codePoint <= Character.MAX_SURROGATE);
            if (quoted.charAt(end) == '}' && digits > 0 && isCharacter) {
                value.appendCodePoint(codePoint);
                return end + 1;
            }
        }
        problems.accept(
                badEscape(span, at, end)
                        .hint("Write the number of the character in hexadecimal: `\\u{1F600}`."));
        return end;
    }

    private static Diagnostic badEscape(Span text, int from, int to) {
        Span span = new Span(text.source(), text.start() + from, text.start() + to);
        return Diagnostic.of(
                DiagnosticCode.BAD_TEXT, span, "`%s` is no escape".formatted(span.text()));
    }
}
