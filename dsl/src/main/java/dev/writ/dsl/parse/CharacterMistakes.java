package dev.writ.dsl.parse;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.diagnostic.Edit;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.Span;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Mistakes that show in characters already: texts that never end, signs without meaning, numbers
/// with endings that nobody knows.
final class CharacterMistakes {
    /// How many control characters tell that a file is no text.
    private static final int CONTROLS_MIN = 5;

    private static final Map<String, String> QUOTES =
            Map.of("'", "'", "“", "”", "”", "”", "„", "“", "‘", "’", "’", "’", "«", "»");

    /// What people write behind numbers, and how the language spells it.
    private static final Map<String, String> ENDINGS =
            Map.ofEntries(
                    Map.entry("sec", "s"),
                    Map.entry("secs", "s"),
                    Map.entry("second", "s"),
                    Map.entry("seconds", "s"),
                    Map.entry("msec", "ms"),
                    Map.entry("millis", "ms"),
                    Map.entry("m", "min"),
                    Map.entry("mins", "min"),
                    Map.entry("minute", "min"),
                    Map.entry("minutes", "min"),
                    Map.entry("hr", "h"),
                    Map.entry("hrs", "h"),
                    Map.entry("hour", "h"),
                    Map.entry("hours", "h"),
                    Map.entry("day", "d"),
                    Map.entry("days", "d"),
                    Map.entry("K", "k"),
                    Map.entry("mil", "M"),
                    Map.entry("g", "G"),
                    Map.entry("B", "G"),
                    Map.entry("bn", "G"),
                    Map.entry("b", " bytes"),
                    Map.entry("kb", "k bytes"),
                    Map.entry("kB", "k bytes"),
                    Map.entry("KB", "k bytes"),
                    Map.entry("MB", "M bytes"),
                    Map.entry("GB", "G bytes"),
                    Map.entry("tok", " tokens"),
                    Map.entry("tokens", " tokens"),
                    Map.entry("ktokens", "k tokens"),
                    Map.entry("Mtokens", "M tokens"),
                    Map.entry("requests", " requests"),
                    Map.entry("calls", " calls"),
                    Map.entry("bytes", " bytes"),
                    Map.entry("pct", "%"),
                    Map.entry("percent", "%"));

    private static final Map<String, String> MONEY_ENDINGS =
            Map.of("K", "k", "m", "M", "mil", "M", "b", "B", "bn", "B", "G", "B");

    private CharacterMistakes() {}

    static @Nullable Diagnostic of(Failure failure) {
        return failure.at() < failure.to() ? of(failure.tokens(), failure.at()) : null;
    }

    /// Returns the message about a file that is no text at all, or null if it may be one.
    static @Nullable Diagnostic junk(Tokens tokens) {
        int first = -1;
        int count = 0;
        for (int i = 0; i < tokens.size() - 1; i++) {
            if (tokens.type(i) == WritParser.BAD && isControl(tokens.text(i).codePointAt(0))) {
                first = first < 0 ? i : first;
                count++;
            }
        }
        return count >= CONTROLS_MIN ? control(tokens.span(first), tokens.text(first)) : null;
    }

    private static boolean isControl(int c) {
        return Character.isISOControl(c) || c == 0xFFFD;
    }

    private static Diagnostic control(Span span, String text) {
        return Diagnostic.of(DiagnosticCode.BAD_TEXT, span, "this is not text")
                .at("the character U+%04X".formatted(text.codePointAt(0)))
                .hint("Remove it, or look whether this is a policy file at all.");
    }

    /// Returns what is wrong with a token wherever it stands, or null.
    static @Nullable Diagnostic of(Tokens tokens, int index) {
        Span span = tokens.span(index);
        String text = tokens.text(index);
        return switch (tokens.type(index)) {
            case WritParser.OPEN_STRING -> {
                Diagnostic open =
                        Diagnostic.of(DiagnosticCode.BAD_TEXT, span, "this text is never closed")
                                .at("goes on to the end of the line");
                yield text.endsWith("\\\"")
                        ? open.hint(
                                "`\\\"` is a quote inside the text. Write `\\\\` for a backslash,"
                                        + " and `\"` at the end.")
                        : open.hint("Put `\"` where it ends. A text ends on its line.");
            }
            case WritParser.OPEN_QUOTED ->
                    text.equals("``")
                            ? Diagnostic.of(DiagnosticCode.BAD_TEXT, span, "this name is empty")
                                    .hint("Write the name between the back quotes.")
                            : Diagnostic.of(
                                            DiagnosticCode.BAD_TEXT,
                                            span,
                                            "this name is never closed")
                                    .at("goes on to the end of the line")
                                    .hint("Put a back quote where it ends.");
            case WritParser.OPEN_COMMENT ->
                    Diagnostic.of(
                                    DiagnosticCode.BAD_TEXT,
                                    new Span(span.source(), span.start(), span.start() + 2),
                                    "this comment is never closed")
                            .at("everything behind it is taken for a comment")
                            .hint("Put `*/` where it ends.");
            case WritParser.BAD_NUMBER -> badNumber(span, text);
            case WritParser.SEMICOLON -> semicolon(span);
            case WritParser.BAD -> bad(span, text);
            default -> null;
        };
    }

    static Diagnostic semicolon(Span span) {
        return Diagnostic.of(DiagnosticCode.UNEXPECTED_TOKEN, span, "nothing ends with `;`")
                .hint("Remove it here and elsewhere: nothing stands between one and the next.")
                .fix("Remove `;`", separated(span));
    }

    /// Takes a sign away, or puts blanks in its place where it parts two things.
    private static Edit separated(Span sign) {
        String text = sign.source().text();
        boolean parts =
                sign.start() > 0
                        && sign.end() < text.length()
                        && !Character.isWhitespace(text.charAt(sign.start() - 1))
                        && !Character.isWhitespace(text.charAt(sign.end()));
        return parts ? new Edit(sign, "  ") : Edit.remove(sign);
    }

    private static Diagnostic badNumber(Span span, String text) {
        int end = 0;
        while (end < text.length() && "$0123456789_.".indexOf(text.charAt(end)) >= 0) {
            end++;
        }
        String number = text.substring(0, end);
        String ending = text.substring(end);
        boolean money = text.startsWith("$");
        Diagnostic diagnostic =
                Diagnostic.of(
                                DiagnosticCode.BAD_TEXT,
                                span,
                                "`%s` is no %s"
                                        .formatted(
                                                MistakeExplainer.shortened(text),
                                                money ? "amount of money" : "number"))
                        .at("ends in `%s`".formatted(MistakeExplainer.shortened(ending)));
        if (!money && text.length() >= 16) {
            return diagnostic
                    .hint("A text such as a hash stands in double quotes.")
                    .fix("Put it in quotes", span, "\"%s\"".formatted(text));
        }
        String meant = (money ? MONEY_ENDINGS : ENDINGS).get(ending);
        if (ending.equals("m") && !money) {
            return diagnostic
                    .hint(
                            "Write `%smin` for minutes, `%sM` for millions."
                                    .formatted(number, number))
                    .fixByWriting(span, number + "min")
                    .fixByWriting(span, number + "M");
        }
        if (meant != null) {
            return diagnostic
                    .hint("Write `%s%s`.".formatted(number, meant))
                    .fixByWriting(span, number + meant);
        }
        return diagnostic.hint(
                money
                        ? "Amounts of money may end in `k`, `M` or `B`."
                        : "Numbers may end in `k`, `M` or `G`, times end in `ms`, `s`, `min`, `h` or"
                                + " `d`, shares in `%`; units such as `tokens` stand apart.");
    }

    private static Diagnostic bad(Span span, String text) {
        String closing = QUOTES.get(text);
        if (closing != null) {
            return quoted(span, closing);
        }
        if (isControl(text.codePointAt(0))) {
            return control(span, text);
        }
        Diagnostic diagnostic =
                Diagnostic.of(
                        DiagnosticCode.BAD_TEXT, span, "`%s` means nothing here".formatted(text));
        return switch (text) {
            case "#" -> diagnostic.hint("Comments begin with `//`.").fix("Write `//`", span, "//");
            case "$" ->
                    diagnostic.hint(
                            "The digits of an amount of money stand right behind the `$`: `$2.00`.");
            case "€", "£", "¥" -> diagnostic.hint("Amounts of money are in US dollars: `$2.00`.");
            case "%" -> diagnostic.hint("It stands right behind its number: `5%`.");
            case "→" -> diagnostic.hint("Write `->`.").fixByWriting(span, "->");
            case "≥" -> diagnostic.hint("Write `>=`.").fixByWriting(span, ">=");
            case "≤" -> diagnostic.hint("Write `<=`.").fixByWriting(span, "<=");
            case "≠" -> diagnostic.hint("Write `!=`.").fixByWriting(span, "!=");
            default ->
                    diagnostic.hint(
                            "Remove it, or put the text that it belongs to in double quotes.");
        };
    }

    /// Marks a text in quotes of another sort as a whole.
    private static Diagnostic quoted(Span quote, String closing) {
        Source source = quote.source();
        int line = quote.line();
        String lineText = source.lineText(line);
        int start = quote.start() - source.lineStart(line);
        int close = lineText.indexOf(closing, start + 1);
        Span span =
                close < 0
                        ? quote
                        : new Span(
                                source,
                                quote.start(),
                                source.lineStart(line) + close + closing.length());
        Diagnostic diagnostic =
                Diagnostic.of(DiagnosticCode.BAD_TEXT, span, "texts stand in double quotes");
        return close < 0
                ? diagnostic.hint("Write `\"` for `%s`.".formatted(quote.text()))
                : diagnostic
                        .hint(
                                "Write `\"%s\"`."
                                        .formatted(
                                                MistakeExplainer.shortened(
                                                        lineText.substring(start + 1, close))))
                        .fix(
                                "Use double quotes",
                                span,
                                Spelling.text(lineText.substring(start + 1, close)));
    }
}
