package dev.writ.dsl.assist;

import dev.writ.dsl.assist.Completion.Sort;
import dev.writ.dsl.check.Analysis;
import dev.writ.dsl.check.Kind;
import dev.writ.dsl.check.PropertyWords;
import dev.writ.dsl.check.Symbol;
import dev.writ.dsl.parse.Expectation;
import dev.writ.dsl.parse.Gap;
import dev.writ.dsl.parse.Gap.Frame;
import dev.writ.dsl.parse.PolicyFiles;
import dev.writ.dsl.parse.Spelling;
import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.LabelSet;
import dev.writ.dsl.policy.Phase;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.ValueType;
import dev.writ.dsl.policy.Vocabulary;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.Span;
import dev.writ.dsl.syntax.Item;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What an author could write at a place: as much as the grammar allows, and of that only what the
/// checker would take.
public final class Completions {
    private final Analysis analysis;
    private final Source source;
    private final Expectation expected;
    private final Map<String, Completion> found = new LinkedHashMap<>();

    private Completions(Analysis analysis, Source source, Expectation expected) {
        this.analysis = analysis;
        this.source = source;
        this.expected = expected;
    }

    /// Returns what could stand at a UTF-16 offset, in the order to show it. What is written there
    /// already does not narrow it: editors do that.
    ///
    /// @param source a file of the tree
    public static List<Completion> at(Analysis analysis, Source source, int offset) {
        Completions completions = new Completions(analysis, source, Expectation.at(source, offset));
        completions.collect();
        List<Completion> sorted = new ArrayList<>(completions.found.values());
        sorted.sort(Comparator.comparingInt(Completions::rank));
        return sorted;
    }

    private static int rank(Completion completion) {
        return switch (completion.sort()) {
            case NAME, LABEL, UNIT, FILE -> 0;
            case ATTRIBUTE, PIECE -> 1;
            case KEYWORD -> 2;
        };
    }

    private void add(Completion completion) {
        found.putIfAbsent(completion.label(), completion);
    }

    private void collect() {
        for (Gap gap : expected.gaps()) {
            if (expected.inText()) {
                if (gap.sort() == Gap.Sort.TEXT) {
                    texts(gap);
                }
                continue;
            }
            switch (gap.sort()) {
                case KEYWORD -> keyword(gap);
                case NAME -> name(gap);
                case TEXT -> texts(gap);
                case DURATION -> numbers("a time", "ms", "s", "min", "h");
                case PERCENT -> {
                    numbers("a share", "%");
                    piece(gap);
                }
                case NUMBER, MONEY, SIGN -> {}
            }
        }
    }

    // ── Words of the language ────────────────────────────────────────────────────────────────

    private void keyword(Gap gap) {
        String rule = gap.frames().getFirst().rule();
        if (Slot.isInName(gap)) {
            return; // a keyword that would be a name here
        }
        if (rule.equals("unit")) {
            unit(gap);
            return;
        }
        if (!piece(gap)) {
            add(
                    Completion.plain(Sort.KEYWORD, gap.word(), "", expected.word())
                            .documented(Meanings.of(gap.word(), rule)));
        }
    }

    /// Adds the whole piece that begins in the gap; returns false if none does.
    private boolean piece(Gap gap) {
        String word = gap.word();
        String example = gap.example();
        boolean begins =
                !example.isEmpty() && (example.equals(word) || example.startsWith(word + " "));
        if (!begins && !(word.isEmpty() && !example.isEmpty())) {
            return false;
        }
        String snippet = Snippets.of(word, example, gap.opens());
        String label = word.isEmpty() ? example : gap.shown();
        add(
                new Completion(
                        Sort.PIECE,
                        label,
                        gap.noun(),
                        Meanings.of(word, gap.frames().getFirst().rule()),
                        expected.word(),
                        Snippets.plain(snippet),
                        snippet));
        return true;
    }

    private void unit(Gap gap) {
        String left = Slot.compared(gap);
        Attribute attribute = left == null ? null : attribute(left);
        if (attribute == null || fits(gap.word(), attribute.type())) {
            add(Completion.plain(Sort.UNIT, gap.word(), "unit", expected.word()));
        }
    }

    private static boolean fits(String unit, ValueType type) {
        return switch (type) {
            case TOKENS -> unit.equals("tokens");
            case BYTES -> unit.equals("bytes");
            case BOOL, NUMBER, USD, DURATION, PERCENT, TEXT, LABEL, COLLECTION -> false;
        };
    }

    /// Adds the number that stands there with each unit.
    private void numbers(String noun, String... units) {
        String written = expected.word().text();
        int end = 0;
        while (end < written.length()
                && (Character.isDigit(written.charAt(end))
                        || "._".indexOf(written.charAt(end)) >= 0)) {
            end++;
        }
        if (end > 0) {
            for (String unit : units) {
                String text = written.substring(0, end) + unit;
                add(Completion.plain(Sort.UNIT, text, noun, expected.word()));
            }
        }
    }

    // ── Names ────────────────────────────────────────────────────────────────────────────────

    private void name(Gap gap) {
        Frame outer = gap.frames().getLast();
        switch (Slot.of(gap)) {
            case Slot.Declared(var kind) -> declared(gap, kind);
            case Slot.Word(var words, String noun) -> words.forEach(word -> label(word, noun));
            case Slot.ProviderKind _ -> {
                for (Vocabulary.ProviderKind kind : analysis.vocabulary().providerKinds()) {
                    label(kind.name(), "kind of provider");
                }
            }
            case Slot.Region _ -> regions();
            case Slot.User _ -> users(outer);
            case Slot.Attribute _ -> {
                if (!gap.example().isEmpty()) {
                    piece(gap); // an arm
                }
                attributes(outer);
            }
            case Slot.Field _ -> fields();
            case Slot.Label(String attribute) -> labels(attribute, false);
            case Slot.Free _ -> arms(gap);
        }
    }

    private void arms(Gap gap) {
        if (gap.example().isEmpty()
                || !gap.frames().get(gap.frames().size() - 1).last().isEmpty()) {
            for (Frame frame : gap.frames()) {
                if (frame.rule().equals("arm") && frame.isNew()) {
                    armPiece(
                            "NAME when CONDITION -> MODEL",
                            "${1:name} when ${2:prompt.tokens > 50k} -> ${3:gpt}");
                    armPiece("rest otherwise -> MODEL", "rest otherwise -> ${1:gpt}");
                    return;
                }
            }
        }
    }

    private void armPiece(String label, String snippet) {
        add(
                new Completion(
                        Sort.PIECE,
                        label,
                        "arm",
                        "",
                        expected.word(),
                        Snippets.plain(snippet),
                        snippet));
    }

    private void declared(Gap gap, Kind kind) {
        Analysis.Sight sight = analysis.scopes().get(source);
        if (sight == null) {
            return;
        }
        String alias = alias(gap);
        Source only = alias == null ? null : sight.aliases().get(alias);
        for (Symbol symbol : analysis.symbols()) {
            boolean seen =
                    alias == null ? sight.visible().contains(symbol.file()) : symbol.file() == only;
            if (symbol.kind() == kind && seen) {
                String name = symbol.name().text();
                add(
                        Completion.plain(Sort.NAME, name, kind.noun(), expected.word())
                                .written(Spelling.name(name))
                                .documented(Describe.symbol(analysis, symbol)));
            }
        }
        if (alias == null && Slot.isReference(gap)) {
            for (String each : new TreeSet<>(sight.aliases().keySet())) {
                add(Completion.plain(Sort.FILE, each, "used file", expected.word()));
            }
        }
    }

    /// Returns the name of a used file that stands before the place, or null.
    private static @Nullable String alias(Gap gap) {
        for (Frame frame : gap.frames()) {
            if (frame.rule().equals("qname")) {
                return frame.last().equals(".") ? frame.before().getFirst() : null;
            }
        }
        return null;
    }

    private void label(String word, String noun) {
        add(Completion.plain(Sort.LABEL, word, noun, expected.word()));
    }

    private void regions() {
        analysis.known().providers().values().stream()
                .map(Policy.Provider::region)
                .filter(region -> !region.equals("unknown"))
                .distinct()
                .forEach(region -> label(region, "region"));
    }

    private void users(Frame outer) {
        String team = outer.before().size() > 1 ? outer.before().get(1) : "";
        for (Symbol symbol : analysis.symbols()) {
            if (symbol.item() instanceof Item.Team item && item.name().text().equals(team)) {
                for (Item.TeamProperty property : item.properties()) {
                    if (property instanceof Item.TeamProperty.Users users) {
                        users.names().forEach(name -> label(name.text(), "user"));
                    }
                }
            }
        }
    }

    private void fields() {
        for (Policy.Settable field : Policy.Settable.values()) {
            add(
                    new Completion(
                            Sort.ATTRIBUTE,
                            field.path(),
                            field.type().noun(),
                            "",
                            path(),
                            field.path(),
                            field.path()));
        }
    }

    private void attributes(Frame outer) {
        if (!outer.before().isEmpty() && outer.before().getFirst().equals("test")) {
            PropertyWords.FACTS.forEach(this::attribute);
            add(
                    new Completion(
                            Sort.ATTRIBUTE,
                            PropertyWords.ANSWER,
                            ValueType.TEXT.noun(),
                            "all that the model answers",
                            path(),
                            PropertyWords.ANSWER,
                            PropertyWords.ANSWER));
            return;
        }
        Phase phase = phase(outer);
        for (Attribute attribute : Attribute.values()) {
            if (!attribute.isKnownIn(phase)) {
                continue;
            }
            if (attribute.written().endsWith(".NAME")) {
                named(attribute);
            } else {
                attribute(attribute);
            }
        }
    }

    private void attribute(Attribute attribute) {
        String call = attribute.arguments() > 0 ? "(\"${1:name}\")" : "";
        add(
                new Completion(
                        Sort.ATTRIBUTE,
                        attribute.path(),
                        Describe.type(attribute),
                        Describe.attribute(attribute),
                        path(),
                        attribute.path() + (call.isEmpty() ? "" : "(\"name\")"),
                        attribute.path() + call));
    }

    /// Adds an attribute with each name that may stand behind it: those of a kind that is called
    /// like it.
    private void named(Attribute attribute) {
        Analysis.Sight sight = analysis.scopes().get(source);
        for (Symbol symbol : analysis.symbols()) {
            if (symbol.kind().noun().equals(attribute.path())
                    && sight != null
                    && sight.visible().contains(symbol.file())) {
                String path = attribute.path() + "." + Spelling.name(symbol.name().text());
                add(
                        new Completion(
                                Sort.ATTRIBUTE,
                                path,
                                Describe.type(attribute),
                                Describe.attribute(attribute),
                                path(),
                                path,
                                Completion.escaped(path)));
            }
        }
    }

    /// Returns the last phase that the declaration around the place can see.
    private static Phase phase(Frame item) {
        List<String> before = item.before();
        if (before.size() > 3 && before.getFirst().equals("rule")) {
            for (Phase phase : Phase.values()) {
                if (phase.word().equals(before.get(3))) {
                    return phase;
                }
            }
            return Phase.RESPONSE;
        }
        return Phase.REQUEST;
    }

    /// Returns the word at the place with the parts of the attribute that stand before it.
    private Span path() {
        String text = source.text();
        int start = expected.word().start();
        while (start > 0
                && (Character.isLetterOrDigit(text.charAt(start - 1))
                        || "._-".indexOf(text.charAt(start - 1)) >= 0)) {
            start--;
        }
        return new Span(source, start, expected.word().end());
    }

    private void labels(String path, boolean inText) {
        Attribute attribute = attribute(path);
        LabelSet labels = attribute == null ? null : analysis.labels().get(attribute);
        if (attribute == null || labels == null) {
            return;
        }
        boolean halves = attribute == Attribute.KEY || attribute == Attribute.ARM;
        for (String label : labels.labels()) {
            String written =
                    inText
                            ? label
                            : halves
                                    ? Spelling.name(label.substring(0, label.indexOf('/')))
                                            + "."
                                            + Spelling.name(label.substring(label.indexOf('/') + 1))
                                    : Spelling.name(label);
            add(
                    Completion.plain(Sort.LABEL, label, labels.name(), inText ? inside() : path())
                            .written(written));
        }
    }

    private static @Nullable Attribute attribute(String path) {
        for (Attribute attribute : Attribute.values()) {
            if (attribute.path().equals(path)) {
                return attribute;
            }
        }
        return null;
    }

    // ── Texts ────────────────────────────────────────────────────────────────────────────────

    private void texts(Gap gap) {
        String rule = gap.frames().getFirst().rule();
        if (rule.equals("useDecl")) {
            files();
        } else if (expected.inText()) {
            String compared = Slot.compared(gap);
            if (compared != null) {
                labels(compared, true);
            }
        }
    }

    /// Returns what stands between the quotes of the text at the place.
    private Span inside() {
        Span word = expected.word();
        boolean closed = word.text().length() > 1 && word.text().endsWith("\"");
        return new Span(word.source(), word.start() + 1, word.end() - (closed ? 1 : 0));
    }

    private void files() {
        for (var file : analysis.files()) {
            if (file.source() != source) {
                String path = PolicyFiles.relative(source.path(), file.source().path());
                Completion completion =
                        Completion.plain(
                                Sort.FILE,
                                path,
                                "file",
                                expected.inText() ? inside() : expected.word());
                add(expected.inText() ? completion : completion.written(Spelling.text(path)));
            }
        }
    }
}
