package dev.writ.dsl.assist;

import dev.writ.dsl.check.Analysis;
import dev.writ.dsl.parse.Lexeme;
import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.Span;
import org.jspecify.annotations.Nullable;

/// What is known of something in a file.
///
/// @param span what it is about
/// @param markdown what to tell
public record Hover(Span span, String markdown) {
    /// Returns what is known of what stands at a UTF-16 offset, or null for nothing.
    public static @Nullable Hover at(Analysis analysis, Source source, int offset) {
        Names.Named named = Names.at(analysis, source, offset);
        if (named != null) {
            String head =
                    "**%s** `%s`"
                            .formatted(named.symbol().kind().noun(), named.symbol().name().text());
            String more = Describe.symbol(analysis, named.symbol());
            return new Hover(named.span(), more.isEmpty() ? head : head + "\n\n" + more);
        }
        Lexeme word = null;
        for (Lexeme lexeme : Lexeme.listOf(source)) {
            if (lexeme.offset() > offset) {
                break;
            }
            if (lexeme.isWord() && offset <= lexeme.offset() + lexeme.text().length()) {
                word = lexeme;
            }
        }
        if (word == null) {
            return null;
        }
        Hover attribute = attribute(source, word);
        return attribute == null ? keyword(source, word) : attribute;
    }

    /// An attribute with all its parts, also where the place is in one of the first.
    private static @Nullable Hover attribute(Source source, Lexeme word) {
        String text = source.text();
        int start = word.offset();
        while (start > 0 && isPart(text.charAt(start - 1))) {
            start--;
        }
        int end = word.offset() + word.text().length();
        while (end < text.length() && isPart(text.charAt(end))) {
            end++;
        }
        String path = text.substring(start, end);
        boolean alone = path.indexOf('.') < 0;
        for (Attribute each : Attribute.values()) {
            if (each.path().equals(path) && (!alone || isCompared(text, end))) {
                return new Hover(
                        new Span(source, start, end),
                        "**attribute** `%s`: %s\n\n%s"
                                .formatted(path, Describe.type(each), Describe.attribute(each)));
            }
        }
        return null;
    }

    /// Tells whether a word of one part, such as `team`, is an attribute: it is compared.
    private static boolean isCompared(String text, int end) {
        String rest = text.substring(end, Math.min(text.length(), end + 16)).stripLeading();
        return rest.startsWith("is ")
                || rest.startsWith("in ")
                || rest.startsWith("not ")
                || rest.startsWith("present")
                || rest.startsWith("absent")
                || rest.startsWith("else ");
    }

    private static boolean isPart(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '.';
    }

    private static @Nullable Hover keyword(Source source, Lexeme word) {
        String meaning = Meanings.of(word.text(), "");
        Span span = new Span(source, word.offset(), word.offset() + word.text().length());
        return meaning.isEmpty()
                ? null
                : new Hover(span, "**`%s`**\n\n%s".formatted(word.text(), meaning));
    }
}
