package dev.writ.dsl.assist;

import dev.writ.dsl.check.Analysis;
import dev.writ.dsl.check.Kind;
import dev.writ.dsl.check.Mention;
import dev.writ.dsl.check.Symbol;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.Span;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// A line that an editor shows above a declaration.
///
/// @param at the name of the declaration
/// @param title what it says
/// @param places where what it speaks of stands; whoever picks the line sees them
public record Lens(Span at, String title, List<Span> places) {
    private static final Set<Kind> USED = EnumSet.of(Kind.MODEL, Kind.POOL, Kind.PROVIDER);

    public Lens {
        places = List.copyOf(places);
    }

    /// Returns the lines of a file: how many teams may use a route, and where pools and models are
    /// used.
    public static List<Lens> of(Analysis analysis, Source source) {
        List<Lens> lenses = new ArrayList<>();
        for (Symbol symbol : analysis.symbols()) {
            if (symbol.file() == source) {
                if (symbol.kind() == Kind.ROUTE) {
                    lenses.add(route(analysis, symbol));
                } else if (USED.contains(symbol.kind())) {
                    lenses.add(used(analysis, symbol));
                }
            }
        }
        lenses.sort(Comparator.comparingInt(lens -> lens.at().start()));
        return lenses;
    }

    private static Lens used(Analysis analysis, Symbol symbol) {
        List<Span> places = Names.references(analysis, symbol, false);
        String title =
                places.isEmpty()
                        ? "never used"
                        : "used in " + Describe.counted(places.size(), "place");
        return new Lens(symbol.name().span(), title, places);
    }

    private static Lens route(Analysis analysis, Symbol symbol) {
        Policy.Route route = analysis.known().routes().get(symbol.name().text());
        List<Span> places = new ArrayList<>();
        int teams = 0;
        for (Policy.Team team : analysis.known().teams().values()) {
            boolean may =
                    route != null
                            && team.grants().stream()
                                    .anyMatch(grant -> grant.routes().contains(route.index()));
            if (may) {
                teams++;
            }
        }
        for (Mention mention : analysis.mentions()) {
            if (mention.symbol().equals(symbol) && mention.symbol().kind() == Kind.ROUTE) {
                places.add(mention.span());
            }
        }
        String title =
                teams == 0 ? "no team may use it" : Describe.counted(teams, "team") + " may use it";
        return new Lens(symbol.name().span(), title, places);
    }
}
