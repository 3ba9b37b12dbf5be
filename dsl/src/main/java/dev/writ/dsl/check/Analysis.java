package dev.writ.dsl.check;

import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.LabelSet;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.Vocabulary;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.syntax.ParsedFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A tree that was looked through: what is wrong with it, and what is known of its names all the
/// same.
///
/// Made by [Checker#analyze]. What could not be read or checked is missing, nothing else.
///
/// @param result what the checker found
/// @param files every file as it was read
/// @param symbols what is declared, each kind in the order of files and declarations
/// @param mentions where declared names are used, in the order in which the checker met them
/// @param known the declarations that are whole, by name
/// @param scopes what each file can name
/// @param labels the closed sets of words that conditions compare with
public record Analysis(
        CheckResult result,
        List<ParsedFile> files,
        List<Symbol> symbols,
        List<Mention> mentions,
        Known known,
        Map<Source, Sight> scopes,
        Map<Attribute, LabelSet> labels,
        Vocabulary vocabulary) {
    public Analysis {
        files = List.copyOf(files);
        symbols = List.copyOf(symbols);
        mentions = List.copyOf(mentions);
        scopes = Map.copyOf(scopes);
        labels = Map.copyOf(labels);
    }

    /// Declarations of which the checker knows the meaning, though others may have mistakes.
    public record Known(
            Map<String, Policy.Provider> providers,
            Map<String, Policy.Model> models,
            Map<String, Policy.Pool> pools,
            Map<String, Policy.Route> routes,
            Map<String, Policy.Team> teams,
            List<Policy.Identity> identities) {
        /// Nothing.
        static final Known NONE =
                new Known(Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), List.of());
    }

    /// What one file can name.
    ///
    /// @param visible the files whose declarations it sees, itself included
    /// @param aliases what it calls some of them
    public record Sight(Set<Source> visible, Map<String, Source> aliases) {
        public Sight {
            visible = Set.copyOf(visible);
            aliases = Map.copyOf(aliases);
        }
    }

    static Analysis of(CheckResult result, List<ParsedFile> files, Unit unit, Known known) {
        List<Symbol> symbols = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            unit.declarations().of(kind).values().forEach(each -> symbols.add(Symbol.of(each)));
        }
        List<Mention> mentions = new ArrayList<>();
        unit.declarations()
                .mentions()
                .forEach(
                        (span, meant) ->
                                mentions.add(
                                        new Mention(
                                                span,
                                                meant.inText(),
                                                Symbol.of(meant.declared()))));
        Map<Source, Sight> sights = new LinkedHashMap<>();
        unit.scopes()
                .forEach(
                        (file, scope) ->
                                sights.put(file, new Sight(scope.visible(), scope.aliases())));
        return new Analysis(
                result,
                files,
                symbols,
                mentions,
                known,
                sights,
                unit.labels().all(),
                unit.vocabulary());
    }

    /// Returns the file of a path as it was read, or null if the tree has none.
    public @Nullable ParsedFile file(String path) {
        for (ParsedFile file : files) {
            if (file.source().path().equals(path)) {
                return file;
            }
        }
        return null;
    }

    /// Returns what is declared under a name, or null.
    public @Nullable Symbol symbol(Kind kind, String name) {
        for (Symbol symbol : symbols) {
            if (symbol.kind() == kind && symbol.name().text().equals(name)) {
                return symbol;
            }
        }
        return null;
    }
}
