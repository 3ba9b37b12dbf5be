package dev.writ.dsl.check;

import dev.writ.dsl.check.Declarations.Declared;
import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.diagnostic.Edit;
import dev.writ.dsl.diagnostic.Fix;
import dev.writ.dsl.parse.PolicyFiles;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.Span;
import dev.writ.dsl.syntax.Name;
import dev.writ.dsl.syntax.QualifiedName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What one file can name: its own declarations and those of the files that it uses.
///
/// @param visible this file and the files that it uses
/// @param aliases what `use … as` called them
/// @param complete false where a `use` led nowhere, so that a missing name may have been meant to
///     come from there
record Scope(
        Source file,
        Set<Source> visible,
        Map<String, Source> aliases,
        boolean complete,
        Declarations declarations,
        Report report) {
    Scope {
        visible = Set.copyOf(visible);
        aliases = Map.copyOf(aliases);
    }

    /// Returns what the name stands for and notes that it is used, or reports it and returns null.
    @Nullable Declared resolve(Kind kind, QualifiedName name) {
        return resolve(kind, name.span(), name.parts());
    }

    @Nullable Declared resolve(Kind kind, Name name) {
        return resolve(kind, name.span(), List.of(name));
    }

    private @Nullable Declared resolve(Kind kind, Span span, List<Name> parts) {
        Declared declared = find(kind, parts);
        if (declared != null) {
            declarations.use(declared);
            declarations.mention(parts.getLast().span(), declared);
            return declared;
        }
        if (complete) {
            report.add(unknown(kind, kind.unknown(), span, parts));
        }
        return null;
    }

    /// Returns what the name stands for in this file, or null.
    @Nullable Declared find(Kind kind, List<Name> parts) {
        Declared declared = declarations.find(kind, parts.getLast().text());
        if (declared == null || parts.size() > 2) {
            return null;
        }
        if (parts.size() == 1) {
            return visible.contains(declared.file()) ? declared : null;
        }
        return declared.file() == aliases.get(parts.getFirst().text()) ? declared : null;
    }

    /// Returns the message about a name that stands for nothing of its kind in this file.
    Diagnostic unknown(Kind kind, DiagnosticCode code, Span span, List<Name> parts) {
        String word = String.join(".", parts.stream().map(Name::text).toList());
        Diagnostic unknown =
                Diagnostic.of(code, span, "unknown %s `%s`".formatted(kind.noun(), word));
        Declared elsewhere = declarations.find(kind, parts.getLast().text());
        if (parts.size() == 1 && elsewhere != null) {
            return unknown.at("not visible in this file")
                    .because(elsewhere.name().span(), "declared here")
                    .hint(
                            "Add `use \"%s\"` to this file."
                                    .formatted(
                                            PolicyFiles.relative(
                                                    file.path(), elsewhere.file().path())))
                    .fix(use(PolicyFiles.relative(file.path(), elsewhere.file().path())));
        }
        if (parts.size() > 1 && !aliases.containsKey(parts.getFirst().text())) {
            return Suggested.hint(
                    unknown.at("no file is used as `%s`".formatted(parts.getFirst().text())),
                    parts.getFirst().text(),
                    aliases.keySet().stream().sorted().toList(),
                    "name of a used file");
        }
        for (Kind other : Kind.values()) {
            if (parts.size() == 1 && other != kind && find(other, parts) != null) {
                return unknown.at("`%s` is %s, not %s".formatted(word, other.aNoun(), kind.aNoun()))
                        .hint(instead(kind, other, word))
                        .withFixes(prefixed(kind, other, span));
            }
        }
        return Suggested.hint(
                unknown.at("no such %s".formatted(kind.noun())), word, names(kind), kind.noun());
    }

    /// Returns the fix that makes another file visible: behind the header, and behind other such
    /// lines.
    private Fix use(String path) {
        String text = file.text();
        int at = 0;
        for (int line = 1; line <= file.lineCount(); line++) {
            String written = file.lineText(line).strip();
            if (written.startsWith("use ") || (at == 0 && written.startsWith("policy "))) {
                at = Math.min(text.length(), file.lineStart(line) + file.lineText(line).length());
            }
        }
        boolean first = at == 0;
        String added = first ? "use \"%s\"\n" : "\nuse \"%s\"";
        return new Fix(
                "Add `use \"%s\"`".formatted(path),
                List.of(new Edit(new Span(file, at, at), added.formatted(path))));
    }

    /// Returns the fix for a target that misses the word that says what it is.
    private static List<Fix> prefixed(Kind kind, Kind other, Span span) {
        boolean said = kind == Kind.MODEL && (other == Kind.POOL || other == Kind.ROUTE);
        return said
                ? List.of(
                        new Fix(
                                "Write `%s`".formatted(other.noun()),
                                List.of(Edit.before(span, other.noun() + " "))))
                : List.of();
    }

    private static String instead(Kind kind, Kind other, String word) {
        boolean target = kind == Kind.MODEL || kind == Kind.POOL || kind == Kind.ROUTE;
        return switch (other) {
            case POOL, ROUTE -> {
                if (target) {
                    yield "Write `%s %s` where a %s can stand, or name a %s."
                            .formatted(other.noun(), word, other.noun(), kind.noun());
                }
                yield "Name %s here.".formatted(kind.aNoun());
            }
            case MODEL -> target ? "Write `%s` alone.".formatted(word) : "Name a provider here.";
            case SECRET,
                    PROVIDER,
                    TEAM,
                    IDENTITY,
                    CALENDAR,
                    SIGNAL,
                    CACHE,
                    GUARD,
                    BUDGET,
                    LIMIT,
                    SERVER,
                    RULE ->
                    "Name %s here.".formatted(kind.aNoun());
        };
    }

    /// Returns the names of a kind as this file can write them.
    List<String> names(Kind kind) {
        List<String> names = new ArrayList<>();
        for (Declared declared : declarations.of(kind).values()) {
            if (visible.contains(declared.file())) {
                names.add(declared.name().text());
            }
        }
        return names;
    }
}
