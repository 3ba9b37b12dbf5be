package dev.writ.dsl.check;

import dev.writ.dsl.check.Declarations.Declared;
import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.Span;
import dev.writ.dsl.syntax.Item;
import dev.writ.dsl.syntax.Name;
import java.lang.Character.UnicodeScript;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

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
                                    .hint("Remove the character."));
                } else {
                    report.hide(span);
                }
            }
        }
    }

    private static boolean isInvisible(char c) {
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
                        case Item.TeamProperty.MayUse _,
                                Item.TeamProperty.StayIn _,
                                Item.TeamProperty.NotYet _,
                                Item.TeamProperty.Unknown _ -> {}
                    }
                }
            }
            case Item.Use _,
                    Item.Secret _,
                    Item.Model _,
                    Item.Pool _,
                    Item.Rule _,
                    Item.NotYet _,
                    Item.Unknown _ -> {}
        }
        return names;
    }

    private static void checkName(Name name, Report report) {
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
                                                                    .map(UnicodeScript::name)
                                                                    .toList())))
                            .hint("Write it in one script: another name may look the same."));
        }
    }
}
