package dev.writ.dsl.check;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.parse.PolicyParser;
import dev.writ.dsl.policy.Calendar;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.PolicyTest;
import dev.writ.dsl.policy.Vocabulary;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.SourceTree;
import dev.writ.dsl.source.Span;
import dev.writ.dsl.syntax.Item;
import dev.writ.dsl.syntax.ParsedFile;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/// From texts to a checked policy, or to everything that is wrong with them.
public final class Checker {
    private static final BigDecimal LANGUAGE = BigDecimal.ONE;

    private Checker() {}

    /// Parses and checks a tree of policy files.
    ///
    /// Every mistake is told once: what could not be read or resolved is taken as right from there
    /// on. The same tree and vocabulary always give the same result.
    ///
    /// @param vocabulary what providers there are, from whoever will speak to them
    public static CheckResult check(SourceTree tree, Vocabulary vocabulary) {
        return analyze(tree, vocabulary, PolicyParser::parse).result();
    }

    /// Does the same, and tells what it knows of the names in the tree.
    ///
    /// @param reader reads a file as [PolicyParser#parse] does; it may remember what it has read,
    ///     because a file that was read is the same in every tree
    public static Analysis analyze(
            SourceTree tree, Vocabulary vocabulary, Function<Source, ParsedFile> reader) {
        Report report = new Report(tree.files());
        if (tree.files().size() > Limits.FILES_MAX) {
            report.add(tooManyFiles(tree));
            return new Analysis(
                    new CheckResult.Unusable(report.diagnostics()),
                    List.of(),
                    List.of(),
                    List.of(),
                    Analysis.Known.NONE,
                    Map.of(),
                    Map.of(),
                    vocabulary);
        }
        List<ParsedFile> files = tree.files().stream().map(reader).toList();
        for (ParsedFile file : files) {
            report.addAll(file.diagnostics());
            words(file, report);
        }
        Declarations declarations = Declarations.of(files, report);
        Map<Source, Scope> scopes = Imports.resolve(files, declarations, report);
        boolean readable = files.stream().allMatch(file -> file.diagnostics().isEmpty());
        Labels labels = Labels.of(declarations, readable);
        FactTable facts = new FactTable(labels, report);
        Unit unit =
                new Unit(vocabulary, declarations, scopes, labels, facts, new CaseTable(), report);

        Map<String, Policy.Provider> providers = Providers.check(unit);
        Map<String, Policy.Model> models = Models.check(unit, providers);
        Map<String, Policy.Pool> pools = Pools.check(unit, models);
        Routes.Checked routes = Routes.check(unit, models, pools);
        Teams.Checked teams = Teams.check(unit, routes.routes());
        Identities.Checked identities = Identities.check(unit, teams.teams());
        Teams.reportStrangers(unit, teams, identities);
        List<Policy.Rule> rules = Rules.check(unit);
        new StreamRules(unit.report()).check(rules);
        List<Calendar> calendars = Calendars.check(unit);
        List<PolicyTest> tests =
                PolicyTests.check(unit, files, teams, identities.identities(), routes.routes());

        Characters.checkNames(declarations, report);
        for (Source file : tree.files()) {
            Characters.checkText(file, report);
            Credentials.check(file, report);
        }
        prove(unit, models, routes, teams, identities, rules);

        Analysis.Known known =
                new Analysis.Known(
                        providers,
                        models,
                        pools,
                        routes.routes(),
                        teams.teams(),
                        identities.identities());
        List<Diagnostic> diagnostics = report.diagnostics();
        if (report.hasErrors()) {
            return Analysis.of(new CheckResult.Unusable(diagnostics), files, unit, known);
        }
        Policy policy =
                new Policy(
                        name(tree, files),
                        PolicyId.of(tree),
                        List.copyOf(providers.values()),
                        List.copyOf(models.values()),
                        List.copyOf(pools.values()),
                        List.copyOf(routes.routes().values()),
                        List.copyOf(teams.teams().values()),
                        identities.identities(),
                        rules,
                        calendars,
                        facts.all(),
                        tests);
        return Analysis.of(new CheckResult.Usable(policy, diagnostics), files, unit, known);
    }

    private static Diagnostic tooManyFiles(SourceTree tree) {
        Source first = tree.files().get(Limits.FILES_MAX);
        return Diagnostic.of(
                        DiagnosticCode.TOO_LARGE,
                        new Span(first, 0, 0),
                        "the policy has too many files")
                .at(
                        String.format(
                                Locale.ROOT,
                                "%,d; a policy may have %,d",
                                tree.files().size(),
                                Limits.FILES_MAX));
    }

    /// Reports words at the place of declarations, and a version of the language that is not ours.
    private static void words(ParsedFile file, Report report) {
        ParsedFile.Header header = file.header();
        if (header != null
                && (header.language().unit() != null
                        || header.language().amount().compareTo(LANGUAGE) != 0)) {
            report.add(
                    Diagnostic.of(
                                    DiagnosticCode.LANGUAGE_VERSION,
                                    header.language().span(),
                                    "this version of Writ knows language 1 only")
                            .at("another language")
                            .hint("Write `language 1`, or use a version of Writ that knows it.")
                            .fixByWriting(header.language().span(), "1"));
        }
        for (Item item : file.items()) {
            Diagnostic notYet = NotYet.declaration(item);
            if (notYet != null) {
                report.add(notYet);
            }
        }
    }

    private static void prove(
            Unit unit,
            Map<String, Policy.Model> models,
            Routes.Checked routes,
            Teams.Checked teams,
            Identities.Checked identities,
            List<Policy.Rule> rules) {
        Reachability reachability = new Reachability(unit);
        Abilities abilities = new Abilities(unit);
        Set<String> provable = new HashSet<>(routes.whole());
        provable.removeAll(reachability.rings(routes.routes()));
        for (Policy.Route route : routes.routes().values()) {
            if (routes.whole().contains(route.name())) {
                reachability.arms(route);
                abilities.check(route);
            }
        }
        reachability.conditions(teams.teams().values(), rules);
        reachability.unused();
        new Conflicts(unit).check(rules);
        new Denied(unit).check(rules);
        if (unit.labels().regionsAreComplete()
                && models.size() == unit.declarations().of(Kind.MODEL).size()) {
            Ways ways =
                    new Ways(
                            routes.routes(),
                            provable,
                            Rules.changed(rules, unit.facts()),
                            unit.cases());
            Callers callers = new Callers(unit.facts(), routes.routes(), identities.identities());
            new Residency(unit, routes.routes(), ways, callers).check(teams, models.values());
            if (identities.whole()
                    && teams.whole().size() == unit.declarations().of(Kind.TEAM).size()
                    && provable.size() == unit.declarations().of(Kind.ROUTE).size()) {
                new TeamReach(unit, routes.routes(), ways, callers).check(teams.teams().values());
            }
        }
    }

    /// Returns the name that the header of the entry file gives.
    private static String name(SourceTree tree, List<ParsedFile> files) {
        return files.stream()
                .filter(file -> file.source().path().equals(tree.entry()))
                .findFirst()
                .map(file -> Objects.requireNonNull(file.header()).name().value())
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "%s is no file of the tree".formatted(tree.entry())));
    }
}
