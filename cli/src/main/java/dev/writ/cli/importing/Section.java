package dev.writ.cli.importing;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A map of a configuration file, and what of it was taken.
///
/// INVARIANT (nothing in silence): whatever is not taken, or taken and given back, is among
/// [#left].
final class Section {
    private static final Set<String> YES = Set.of("true", "True", "TRUE", "yes", "on");

    private final Value.Keyed map;
    private final String path;
    private final Set<String> taken = new LinkedHashSet<>();
    private final List<Section> inner = new ArrayList<>();
    private final Map<String, List<Section>> lists = new HashMap<>();

    private Section(Value.Keyed map, String path) {
        this.map = map;
        this.path = path;
    }

    /// Something that nobody took.
    ///
    /// @param path the keys that lead to it
    record Left(String path, String key, int line) {}

    static Section of(Value.Keyed root) {
        return new Section(root, "");
    }

    /// Returns a file's root whose keys, at any depth, are renamed first.
    static Section of(Value.Keyed root, UnaryOperator<String> rename) {
        return new Section(renamed(root, rename), "");
    }

    private static Value.Keyed renamed(Value.Keyed map, UnaryOperator<String> rename) {
        Map<String, Value.Entry> entries = new LinkedHashMap<>();
        map.entries()
                .forEach(
                        (key, entry) ->
                                entries.put(
                                        rename.apply(key),
                                        new Value.Entry(
                                                entry.line(), renamed(entry.value(), rename))));
        return new Value.Keyed(map.line(), entries);
    }

    private static Value renamed(Value value, UnaryOperator<String> rename) {
        return switch (value) {
            case Value.Scalar scalar -> scalar;
            case Value.Items items ->
                    new Value.Items(
                            items.line(),
                            items.values().stream().map(item -> renamed(item, rename)).toList());
            case Value.Keyed keyed -> renamed(keyed, rename);
        };
    }

    int line() {
        return map.line();
    }

    String path() {
        return path;
    }

    /// Returns the keys in the order of the file.
    List<String> keys() {
        return List.copyOf(map.entries().keySet());
    }

    boolean has(String key) {
        return map.entries().containsKey(key);
    }

    /// Returns the path of a key of this map.
    String path(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    /// Returns the line of a key; that of the map without it.
    int line(String key) {
        Value.Entry entry = map.entries().get(key);
        return entry == null ? map.line() : entry.line();
    }

    /// Says that a key is dealt with.
    void take(String key) {
        taken.add(key);
    }

    /// Says that a key is not dealt with after all.
    void giveBack(String key) {
        taken.remove(key);
    }

    /// Takes a value; null without one.
    @Nullable Value value(String key) {
        Value.Entry entry = map.entries().get(key);
        if (entry == null) {
            return null;
        }
        taken.add(key);
        return entry.value();
    }

    /// Takes a text; null without one, or where something else stands.
    @Nullable String text(String key) {
        Value.Entry entry = map.entries().get(key);
        if (entry == null
                || !(entry.value() instanceof Value.Scalar scalar)
                || (!scalar.quoted() && isNull(scalar.text()))) {
            return null;
        }
        taken.add(key);
        return scalar.text();
    }

    private static boolean isNull(String text) {
        return text.isEmpty() || text.equals("null") || text.equals("~");
    }

    /// Takes a number; null without one, or where something else stands.
    @Nullable BigDecimal number(String key) {
        Value.Entry entry = map.entries().get(key);
        BigDecimal number =
                entry != null && entry.value() instanceof Value.Scalar scalar
                        ? number(scalar)
                        : null;
        if (number != null) {
            taken.add(key);
        }
        return number;
    }

    static @Nullable BigDecimal number(Value.Scalar scalar) {
        try {
            BigDecimal number = new BigDecimal(scalar.text().replace("_", ""));
            // 1e999999999 is a number too, but nothing that one could write out
            return Math.abs((long) number.scale()) > 100 ? null : number;
        } catch (NumberFormatException _) {
            return null;
        }
    }

    /// Takes a yes or no.
    boolean flag(String key) {
        String text = text(key);
        return text != null && YES.contains(text);
    }

    /// Takes a list of texts; a single text counts as one.
    List<String> texts(String key) {
        Value.Entry entry = map.entries().get(key);
        List<String> texts = new ArrayList<>();
        if (entry != null) {
            List<Value> values =
                    entry.value() instanceof Value.Items items
                            ? items.values()
                            : List.of(entry.value());
            for (Value value : values) {
                if (!(value instanceof Value.Scalar scalar)) {
                    return List.of();
                }
                texts.add(scalar.text());
            }
            taken.add(key);
        }
        return texts;
    }

    /// Takes a map; null without one. What is left of it is asked for with this.
    @Nullable Section section(String key) {
        Value.Entry entry = map.entries().get(key);
        if (entry == null || !(entry.value() instanceof Value.Keyed keyed)) {
            return null;
        }
        taken.add(key);
        Section section = new Section(keyed, path(key));
        inner.add(section);
        return section;
    }

    /// Takes a list of maps; empty where something else stands.
    List<Section> sections(String key) {
        Value.Entry entry = map.entries().get(key);
        if (entry == null || !(entry.value() instanceof Value.Items items)) {
            return List.of();
        }
        List<Section> known = lists.get(key);
        if (known != null) {
            return known;
        }
        List<Section> sections = new ArrayList<>();
        for (int i = 0; i < items.values().size(); i++) {
            if (!(items.values().get(i) instanceof Value.Keyed keyed)) {
                return List.of();
            }
            sections.add(new Section(keyed, "%s[%d]".formatted(path(key), i)));
        }
        taken.add(key);
        inner.addAll(sections);
        lists.put(key, sections);
        return sections;
    }

    /// Returns everything that nobody took, in the order of the file.
    List<Left> left() {
        List<Left> left = new ArrayList<>(ownLeft());
        inner.forEach(section -> left.addAll(section.left()));
        left.sort(Comparator.comparingInt(Left::line));
        return left;
    }

    /// Returns what nobody took of this map, and takes it.
    List<Left> takeLeft() {
        List<Left> left = ownLeft();
        taken.addAll(map.entries().keySet());
        return left;
    }

    private List<Left> ownLeft() {
        List<Left> left = new ArrayList<>();
        map.entries()
                .forEach(
                        (key, entry) -> {
                            if (!taken.contains(key)) {
                                left.add(new Left(path(key), key, entry.line()));
                            }
                        });
        return left;
    }
}
