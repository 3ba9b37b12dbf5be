package dev.writ.dsl.parse;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.Edit;
import dev.writ.dsl.diagnostic.Fix;
import dev.writ.dsl.source.Span;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What is wrong with the form of a file, as far as anybody wants to read it.
final class Mistakes {
    /// How many are told of one file.
    static final int TOLD_MAX = 100;

    /// How many places one fix sets right.
    static final int EDITS_MAX = 1_000;

    private final List<Diagnostic> told = new ArrayList<>();
    private final Map<String, Integer> habits = new HashMap<>();

    /// What sets each habit right, by the place of its diagnostic among those that are told.
    private final Map<Integer, Map<Span, Edit>> everywhere = new HashMap<>();

    private int more;

    void add(Diagnostic diagnostic) {
        if (told.size() < TOLD_MAX) {
            told.add(diagnostic);
        } else {
            more++;
        }
    }

    /// Adds what is wrong with a piece.
    void add(Failure failure) {
        if (isFull()) {
            more++;
            return;
        }
        Diagnostic explained = MistakeExplainer.explain(failure);
        int type = failure.type();
        boolean habit =
                type == WritParser.SEMICOLON
                        || (type == WritParser.BAD && failure.text().equals("#"));
        if (habit) {
            addHabit(failure.text(), explained);
        } else {
            add(explained);
        }
    }

    /// Adds what an author got wrong once and does everywhere, such as `;` behind every line: only
    /// the first of a file is told. Its fix sets all of them right.
    void addHabit(String habit, Diagnostic diagnostic) {
        Integer first = habits.get(habit);
        if (first == null) {
            first = isFull() ? -1 : told.size();
            habits.put(habit, first);
            add(diagnostic);
        }
        if (first >= 0 && !diagnostic.fixes().isEmpty()) {
            Map<Span, Edit> edits = everywhere.computeIfAbsent(first, _ -> new LinkedHashMap<>());
            for (Edit edit : diagnostic.fixes().getFirst().edits()) {
                if (edits.size() < EDITS_MAX) {
                    edits.putIfAbsent(edit.span(), edit);
                }
            }
        }
    }

    /// Returns the first diagnostic of a habit, with a fix for all places.
    private static Diagnostic joined(Diagnostic first, Map<Span, Edit> edits) {
        if (first.fixes().isEmpty() || edits.size() < 2) {
            return first;
        }
        String title = first.fixes().getFirst().title() + ", and elsewhere";
        return first.withFixes(List.of(new Fix(title, List.copyOf(edits.values()))));
    }

    /// Takes back what was told of the text behind an offset, where it turns out that something
    /// before it is the mistake.
    ///
    /// @param count how many there were before
    void takeBack(int count, int offset) {
        if (count < told.size() && habits.values().stream().noneMatch(place -> place >= count)) {
            told.subList(count, told.size())
                    .removeIf(diagnostic -> diagnostic.primary().span().start() > offset);
        }
    }

    /// Tells whether what is added from now on is counted only.
    boolean isFull() {
        return told.size() >= TOLD_MAX;
    }

    /// Returns how many there are, told or not.
    int count() {
        return told.size() + more;
    }

    /// Returns them in the order of the file.
    List<Diagnostic> list() {
        List<Diagnostic> sorted = new ArrayList<>(told);
        everywhere.forEach((place, edits) -> sorted.set(place, joined(told.get(place), edits)));
        sorted.sort(Comparator.comparingInt(d -> d.primary().span().start()));
        if (more > 0) {
            sorted.add(sorted.removeLast().note(more + " more are not shown"));
        }
        return sorted;
    }
}
