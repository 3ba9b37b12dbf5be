package dev.writ.dsl.parse;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.source.Span;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Values of another sort than the one that is needed: a number without its unit, a name in quotes,
/// a text without.
final class ValueMistakes {
    private ValueMistakes() {}

    static @Nullable Diagnostic of(Failure failure) {
        if (failure.isCutShort()) {
            return null;
        }
        String text = failure.at() < failure.to() ? failure.text() : "";
        return switch (failure.type()) {
            case WritParser.NUMBER -> number(failure, text);
            case WritParser.DURATION, WritParser.PERCENT, WritParser.MONEY ->
                    failure.expects(WritParser.NUMBER)
                                    && failure.goesOnAfterReplacing(WritParser.NUMBER)
                            ? MistakeExplainer.at(
                                    failure,
                                    "`%s` stands where a plain number should".formatted(text))
                            : null;
            case WritParser.STRING -> quoted(failure, text);
            case WritParser.SLASH -> failure.expects(WritParser.PER) ? rate(failure) : null;
            case WritParser.COMMA -> comma(failure);
            default -> word(failure, text);
        };
    }

    private static @Nullable Diagnostic number(Failure failure, String text) {
        if (failure.expects(WritParser.DURATION)
                && failure.goesOnAfterReplacing(WritParser.DURATION)) {
            Diagnostic time =
                    MistakeExplainer.at(failure, "a time needs a unit")
                            .at("%s of what?".formatted(text))
                            .hint(
                                    "Write `%sms`, `%ss`, `%smin` or `%sh`."
                                            .formatted(text, text, text, text));
            for (String unit : List.of("s", "ms", "min", "h")) {
                time = time.fixByWriting(failure.place(), text + unit);
            }
            return time;
        }
        if (failure.expects(WritParser.PERCENT)
                && failure.goesOnAfterReplacing(WritParser.PERCENT)) {
            return MistakeExplainer.at(failure, "a share needs a percent sign")
                    .at("%s of what?".formatted(text))
                    .hint("Write `%s%%`.".formatted(text))
                    .fixByWriting(failure.place(), text + "%");
        }
        if (failure.expects(WritParser.MONEY) && failure.goesOnAfterReplacing(WritParser.MONEY)) {
            return MistakeExplainer.at(failure, "an amount of money begins with `$`")
                    .hint("Write `$%s`.".formatted(text))
                    .fixByWriting(failure.place(), "$" + text);
        }
        return null;
    }

    private static @Nullable Diagnostic quoted(Failure failure, String text) {
        String content = text.substring(1, text.length() - 1);
        if (failure.expects(WritParser.IDENT) && failure.goesOnAfterReplacing(WritParser.IDENT)) {
            return MistakeExplainer.at(failure, "a name stands without quotes")
                    .hint("Write `%s`.".formatted(ShapeMistakes.asName(content)))
                    .fix("Remove the quotes", failure.place(), Spelling.name(content));
        }
        for (int type :
                new int[] {
                    WritParser.NUMBER, WritParser.DURATION, WritParser.PERCENT, WritParser.MONEY
                }) {
            if (failure.expects(type) && failure.goesOnAfterReplacing(type)) {
                return MistakeExplainer.at(failure, "a value of this sort stands without quotes")
                        .at("expected %s".formatted(Nouns.token(type)));
            }
        }
        return null;
    }

    private static Diagnostic rate(Failure failure) {
        Tokens tokens = failure.tokens();
        int first = failure.at();
        while (first - 1 > failure.from() && tokens.type(first) != WritParser.NUMBER) {
            first--;
        }
        StringBuilder amount = new StringBuilder();
        for (int i = first; i < failure.at(); i++) {
            amount.append(tokens.text(i)).append(' ');
        }
        boolean named = Words.isName(failure.type(1));
        String period = named ? tokens.text(failure.at() + 1) : "minute";
        Span before = tokens.span(failure.at() - 1);
        Span last = named ? tokens.span(failure.at() + 1) : failure.place();
        return MistakeExplainer.at(failure, "a rate is written with `per`")
                .hint("Write `%sper %s`.".formatted(amount, period))
                .fix(
                        "Write `per %s`".formatted(period),
                        new Span(before.source(), before.end(), last.end()),
                        " per " + period);
    }

    private static @Nullable Diagnostic comma(Failure failure) {
        if (failure.typeBefore() == WritParser.COMMA) {
            return MistakeExplainer.at(failure, "two commas stand in a row")
                    .hint("Remove one.")
                    .fixByRemoving(failure.place());
        }
        return isInNumber(failure.tokens(), failure.at())
                ? MistakeExplainer.at(failure, "digits are grouped with `_`, not with `,`")
                        .hint(
                                "Write `%s_%s`."
                                        .formatted(
                                                failure.tokens().text(failure.at() - 1),
                                                failure.tokens().text(failure.at() + 1)))
                        .fix("Write `_`", failure.place(), "_")
                : null;
    }

    /// Tells whether a comma stands as in `1,000`.
    static boolean isInNumber(Tokens tokens, int comma) {
        return comma > 0
                && tokens.type(comma - 1) == WritParser.NUMBER
                && tokens.type(comma + 1) == WritParser.NUMBER
                && tokens.span(comma - 1).end() == tokens.span(comma).start()
                && tokens.span(comma).end() == tokens.span(comma + 1).start();
    }

    private static @Nullable Diagnostic word(Failure failure, String text) {
        if (failure.whole()
                && failure.typeBefore() == WritParser.NUMBER
                && Fit.begins(WritParser.RULE_unit, failure.type())
                && failure.goesOnAfterRemoving()) {
            return MistakeExplainer.at(
                            failure,
                            "`%s` is a plain number, without a unit"
                                    .formatted(failure.tokens().text(failure.at() - 1)))
                    .hint("Remove `%s`.".formatted(text))
                    .fixByRemoving(failure.place());
        }
        if (failure.expects(WritParser.STRING)
                && failure.at() < failure.to()
                && Words.isWord(failure.tokens(), failure.at())
                && failure.goesOnAfterReplacing(WritParser.STRING)) {
            String shown = MistakeExplainer.shortened(text);
            return MistakeExplainer.at(failure, "a text stands in double quotes")
                    .hint("Write `\"%s\"`.".formatted(shown))
                    .fix("Put it in quotes", failure.place(), "\"%s\"".formatted(text));
        }
        return null;
    }
}
