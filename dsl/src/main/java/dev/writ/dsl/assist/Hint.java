package dev.writ.dsl.assist;

import dev.writ.dsl.check.Analysis;
import dev.writ.dsl.check.Kind;
import dev.writ.dsl.check.Mention;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.Span;
import dev.writ.dsl.syntax.Item;
import dev.writ.dsl.syntax.ParsedFile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/// A few words that an editor shows between those of the author.
///
/// @param at where they stand; an empty span
/// @param text what they say
public record Hint(Span at, String text) {
    /// Returns the hints of a file: where a model runs and what it costs where a pool or an arm
    /// names it, and where a team's requests may go.
    public static List<Hint> of(Analysis analysis, Source source) {
        List<Hint> hints = new ArrayList<>();
        ParsedFile file = analysis.file(source.path());
        if (file == null) {
            return hints;
        }
        for (Item item : file.items()) {
            if (item instanceof Item.Pool || item instanceof Item.Route) {
                models(analysis, source, item.span(), hints);
            } else if (item instanceof Item.Team team) {
                Policy.Team known = analysis.known().teams().get(team.name().text());
                Set<String> regions = known == null ? Set.of() : Reach.regions(analysis, known);
                if (!regions.isEmpty()) {
                    hints.add(behind(team.name().span(), "reaches " + String.join(", ", regions)));
                }
            }
        }
        hints.sort(Comparator.comparingInt(hint -> hint.at().start()));
        return hints;
    }

    private static void models(Analysis analysis, Source source, Span around, List<Hint> hints) {
        for (Mention mention : analysis.mentions()) {
            Span span = mention.span();
            if (mention.symbol().kind() == Kind.MODEL
                    && !mention.inText()
                    && span.source() == source
                    && span.start() >= around.start()
                    && span.end() <= around.end()) {
                Policy.Model model = analysis.known().models().get(mention.symbol().name().text());
                if (model != null) {
                    String price = Describe.price(model);
                    String region = model.provider().region();
                    hints.add(behind(span, price.isEmpty() ? region : region + ", " + price));
                }
            }
        }
    }

    private static Hint behind(Span span, String text) {
        return new Hint(new Span(span.source(), span.end(), span.end()), text);
    }
}
