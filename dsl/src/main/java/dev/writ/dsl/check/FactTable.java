package dev.writ.dsl.check;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.Fact;
import dev.writ.dsl.policy.LabelSet;
import dev.writ.dsl.source.Span;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The facts that a tree's conditions read, numbered in the order in which they were first met.
final class FactTable {
    private record Key(Attribute attribute, @Nullable String argument) {}

    private final Map<Key, Fact> facts = new LinkedHashMap<>();
    private final Labels labels;
    private final Report report;

    FactTable(Labels labels, Report report) {
        this.labels = labels;
        this.report = report;
    }

    /// Returns the fact, which gets a slot if it has none yet.
    ///
    /// @param argument null for attributes without one
    Fact fact(Attribute attribute, @Nullable String argument, Span span) {
        Key key = new Key(attribute, argument);
        Fact known = facts.get(key);
        if (known != null) {
            return known;
        }
        Fact fact = new Fact(facts.size(), attribute, argument, labels.of(attribute));
        facts.put(key, fact);
        if (facts.size() == Limits.FACTS_MAX + 1) {
            report.add(
                    Diagnostic.of(
                                    DiagnosticCode.TOO_LARGE,
                                    span,
                                    "conditions read too many different facts")
                            .at(
                                    String.format(
                                            Locale.ROOT,
                                            "this is number %,d; a policy may read %,d",
                                            facts.size(),
                                            Limits.FACTS_MAX))
                            .hint("Read fewer different headers and metadata keys."));
        }
        return fact;
    }

    /// Returns the fact of an attribute without an argument, or null if no condition reads it.
    @Nullable Fact find(Attribute attribute) {
        return facts.get(new Key(attribute, null));
    }

    /// Returns the place of a label in the closed set of the attribute, or -1.
    int place(Attribute attribute, String label) {
        return labels.place(attribute, label);
    }

    /// Returns how many labels the closed set of the attribute has.
    int count(Attribute attribute) {
        LabelSet set = labels.of(attribute);
        return set == null ? 0 : set.size();
    }

    /// Returns all facts in the order of their slots.
    List<Fact> all() {
        return List.copyOf(facts.values());
    }
}
