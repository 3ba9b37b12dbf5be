package dev.writ.dsl.parse;

import dev.writ.dsl.diagnostic.Diagnostic;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What is wrong with the form of a file, as far as anybody wants to read it.
final class Mistakes {
    /// How many are told of one file.
    static final int TOLD_MAX = 100;

    private final List<Diagnostic> told = new ArrayList<>();
    private final Set<String> habits = new HashSet<>();
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
    /// the first of a file is told.
    void addHabit(String habit, Diagnostic diagnostic) {
        if (habits.add(habit)) {
            add(diagnostic);
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
        sorted.sort(Comparator.comparingInt(d -> d.primary().span().start()));
        if (more > 0) {
            sorted.add(sorted.removeLast().note(more + " more are not shown"));
        }
        return sorted;
    }
}
