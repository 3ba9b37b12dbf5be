package dev.writ.dsl.policy;

import java.util.List;

/// A closed set of words, each with a number: its place in the list.
///
/// @param name what the words are: `team`, `region`, `route`
public record LabelSet(String name, List<String> labels) {
    public LabelSet {
        labels = List.copyOf(labels);
    }

    /// Returns the number of the label, or -1.
    public int indexOf(String label) {
        return labels.indexOf(label);
    }

    public int size() {
        return labels.size();
    }
}
