package dev.writ.dsl.check;

import dev.writ.dsl.check.Declarations.Declared;
import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.Span;
import dev.writ.dsl.syntax.Item;
import dev.writ.dsl.syntax.Name;
import dev.writ.dsl.syntax.ToolRule;
import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Text that a reader sees otherwise than the compiler: characters that turn the direction of
/// writing, and names that mix scripts so that two of them look alike.
///
/// Sources: Boucher and Anderson, Trojan Source, 2021; Unicode Technical Standard 39, section 5.2
/// (highly restrictive).
final class Characters {
    private static final List<Set<UnicodeScript>> WRITTEN_TOGETHER =
            List.of(
                    EnumSet.of(
                            UnicodeScript.LATIN,
                            UnicodeScript.HAN,
                            UnicodeScript.HIRAGANA,
                            UnicodeScript.KATAKANA),
                    EnumSet.of(UnicodeScript.LATIN, UnicodeScript.HAN, UnicodeScript.BOPOMOFO),
                    EnumSet.of(UnicodeScript.LATIN, UnicodeScript.HAN, UnicodeScript.HANGUL));

    private Characters() {}

    /// Reports characters that nobody sees, once a line.
    static void checkText(Source file, Report report) {
        String text = file.text();
        int reportedLine = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80 && isInvisible(c) && !(i == 0 && c == 0xFEFF)) {
                Span span = new Span(file, i, i + 1);
                if (span.line() != reportedLine) {
                    reportedLine = span.line();
                    report.hide(span);
                    report.add(
                            Diagnostic.of(
                                            DiagnosticCode.CONFUSABLE_NAME,
                                            span,
                                            "an invisible character makes this line look otherwise"
                                                    + " than it is")
                                    .at("U+%04X".formatted((int) c))
                                    .hint(
                                            "Remove it; where a text needs it, write `\\u{%04X}`."
                                                    .formatted((int) c)));
                } else {
                    report.hide(span);
                }
            }
        }
    }

    /// Tells whether the character is not shown, or turns the direction of what is.
    private static boolean isInvisible(int c) {
        return c == 0x061C
                || (c >= 0x200B && c <= 0x200F)
                || (c >= 0x202A && c <= 0x202E)
                || (c >= 0x2060 && c <= 0x2069)
                || c == 0xFEFF;
    }

    /// Reports declared names that mix scripts.
    static void checkNames(Declarations declarations, Report report) {
        for (Kind kind : Kind.values()) {
            for (Declared declared : declarations.of(kind).values()) {
                for (Name name : names(declared)) {
                    checkName(name, report);
                }
            }
        }
    }

    private static List<Name> names(Declared declared) {
        List<Name> names = new ArrayList<>(List.of(declared.name()));
        switch (declared.item()) {
            case Item.Route route -> route.arms().forEach(arm -> names.add(arm.name()));
            case Item.Provider provider ->
                    provider.properties().stream()
                            .filter(Item.ProviderProperty.Region.class::isInstance)
                            .map(Item.ProviderProperty.Region.class::cast)
                            .forEach(region -> names.add(region.region()));
            case Item.Team team -> {
                for (Item.TeamProperty property : team.properties()) {
                    switch (property) {
                        case Item.TeamProperty.Users users -> names.addAll(users.names());
                        case Item.TeamProperty.Key key -> names.add(key.name());
                        case Item.TeamProperty.PlainKey key -> names.add(key.name());
                        case Item.TeamProperty.Budget budget -> add(names, budget.name());
                        case Item.TeamProperty.Limit limit -> add(names, limit.name());
                        case Item.TeamProperty.MayUse _,
                                Item.TeamProperty.StayIn _,
                                Item.TeamProperty.SharedBudget _,
                                Item.TeamProperty.SharedLimit _,
                                Item.TeamProperty.Cache _,
                                Item.TeamProperty.Guards _,
                                Item.TeamProperty.Unknown _ -> {}
                    }
                }
            }
            case Item.Tools tools -> tools.rules().forEach(rule -> names.add(name(rule)));
            case Item.Use _,
                    Item.Secret _,
                    Item.Model _,
                    Item.Pool _,
                    Item.Rule _,
                    Item.Calendar _,
                    Item.Signal _,
                    Item.Cache _,
                    Item.Guard _,
                    Item.Budget _,
                    Item.Limit _,
                    Item.Server _,
                    Item.Identity _,
                    Item.Test _,
                    Item.Always _,
                    Item.Broken _,
                    Item.Unknown _ -> {}
        }
        return names;
    }

    private static void add(List<Name> names, @Nullable Name name) {
        if (name != null) {
            names.add(name);
        }
    }

    private static Name name(ToolRule rule) {
        return switch (rule) {
            case ToolRule.Named named -> named.name();
            case ToolRule.Otherwise otherwise -> otherwise.name();
            case ToolRule.Unknown unknown -> unknown.keyword();
        };
    }

    /// Tells whether another name is shown in the same way: one with whole letters instead of a
    /// letter and an accent, or one without what is not shown.
    private static boolean hasTwins(String name) {
        return !Normalizer.isNormalized(name, Normalizer.Form.NFKC)
                || name.codePoints().anyMatch(Characters::isIgnored);
    }

    /// Tells whether the character has no form of its own: Unicode's Default_Ignorable_Code_Point,
    /// without those that [#checkText] finds.
    private static boolean isIgnored(int c) {
        return c == 0x00AD
                || c == 0x034F
                || c == 0x115F
                || c == 0x1160
                || c == 0x17B4
                || c == 0x17B5
                || (c >= 0x180B && c <= 0x180F)
                || c == 0x3164
                || (c >= 0xFE00 && c <= 0xFE0F)
                || c == 0xFFA0
                || (c >= 0xE0000 && c <= 0xE0FFF);
    }

    /// Returns what people call the script: `Latin`.
    private static String word(UnicodeScript script) {
        String name = script.name().replace('_', ' ');
        return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
    }

    private static void checkName(Name name, Report report) {
        if (name.text().length() > Limits.NAME_LENGTH_MAX) {
            report.add(
                    Diagnostic.of(DiagnosticCode.TOO_LARGE, name.span(), "this name is too long")
                            .at(
                                    String.format(
                                            Locale.ROOT,
                                            "%,d characters; a name may have %,d",
                                            name.text().length(),
                                            Limits.NAME_LENGTH_MAX)));
            return;
        }
        if (hasTwins(name.text())) {
            report.add(
                    Diagnostic.of(
                                    DiagnosticCode.CONFUSABLE_NAME,
                                    name.span(),
                                    "name `%s` can be written in another way that looks the same"
                                            .formatted(name.text()))
                            .at("not in Unicode's normal form NFKC")
                            .hint("Write it with plain letters and digits."));
            return;
        }
        Set<UnicodeScript> scripts = EnumSet.noneOf(UnicodeScript.class);
        name.text()
                .codePoints()
                .filter(c -> c >= 0x80 || Character.isLetter(c))
                .mapToObj(UnicodeScript::of)
                .filter(s -> s != UnicodeScript.COMMON && s != UnicodeScript.INHERITED)
                .forEach(scripts::add);
        if (scripts.size() > 1
                && WRITTEN_TOGETHER.stream().noneMatch(set -> set.containsAll(scripts))) {
            report.add(
                    Diagnostic.of(
                                    DiagnosticCode.CONFUSABLE_NAME,
                                    name.span(),
                                    "name `%s` mixes scripts".formatted(name.text()))
                            .at(
                                    "letters of %s"
                                            .formatted(
                                                    String.join(
                                                            " and ",
                                                            scripts.stream()
                                                                    .map(Characters::word)
                                                                    .toList())))
                            .hint("Write it in one script: another name may look the same."));
        }
    }
}
