package dev.writ.dsl.assist;

import dev.writ.dsl.check.Analysis;
import dev.writ.dsl.check.Mention;
import dev.writ.dsl.check.Symbol;
import dev.writ.dsl.parse.PolicyFiles;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.Span;
import dev.writ.dsl.syntax.Item;
import dev.writ.dsl.syntax.ParsedFile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What names mean, and where they are used.
public final class Names {
    private Names() {}

    /// A name at a place, and what it stands for.
    ///
    /// @param span the name
    public record Named(Span span, Symbol symbol) {}

    /// Returns the declared name that touches a UTF-16 offset, or null.
    public static @Nullable Named at(Analysis analysis, Source source, int offset) {
        for (Mention mention : analysis.mentions()) {
            if (touches(mention.span(), source, offset)) {
                return new Named(mention.span(), mention.symbol());
            }
        }
        for (Symbol symbol : analysis.symbols()) {
            if (touches(symbol.name().span(), source, offset)) {
                return new Named(symbol.name().span(), symbol);
            }
        }
        return null;
    }

    /// Returns where what stands at an offset is declared: a name, or the start of a file that is
    /// used; null if nothing is.
    public static @Nullable Span definition(Analysis analysis, Source source, int offset) {
        Named named = at(analysis, source, offset);
        if (named != null) {
            return named.symbol().name().span();
        }
        Source used = usedFile(analysis, source, offset);
        return used == null ? null : new Span(used, 0, 0);
    }

    private static @Nullable Source usedFile(Analysis analysis, Source source, int offset) {
        ParsedFile file = analysis.file(source.path());
        Analysis.Sight sight = analysis.scopes().get(source);
        if (file == null || sight == null) {
            return null;
        }
        for (Item item : file.items()) {
            if (item instanceof Item.Use use && touches(use.span(), source, offset)) {
                String path = PolicyFiles.resolve(source.path(), use.file().value());
                ParsedFile used = path == null ? null : analysis.file(path);
                return used == null ? null : used.source();
            }
        }
        return sight.aliases().get(wordAt(source, offset));
    }

    private static String wordAt(Source source, int offset) {
        String text = source.text();
        int start = offset;
        while (start > 0 && isPart(text.charAt(start - 1))) {
            start--;
        }
        int end = offset;
        while (end < text.length() && isPart(text.charAt(end))) {
            end++;
        }
        boolean before = end < text.length() && text.charAt(end) == '.';
        return before ? text.substring(start, end) : "";
    }

    private static boolean isPart(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '-';
    }

    /// Returns where a name is used, in the order of files and places.
    ///
    /// @param withDeclaration whether the place where it is declared counts too
    public static List<Span> references(Analysis analysis, Symbol symbol, boolean withDeclaration) {
        List<Span> spans = new ArrayList<>();
        if (withDeclaration) {
            spans.add(symbol.name().span());
        }
        for (Mention mention : analysis.mentions()) {
            if (mention.symbol().equals(symbol)) {
                spans.add(mention.span());
            }
        }
        spans.sort(
                Comparator.comparing((Span span) -> span.source().path())
                        .thenComparingInt(Span::start));
        return spans;
    }

    static boolean touches(Span span, Source source, int offset) {
        return span.source() == source && span.start() <= offset && offset <= span.end();
    }
}
