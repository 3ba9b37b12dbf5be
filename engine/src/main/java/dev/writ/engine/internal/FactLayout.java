package dev.writ.engine.internal;

import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.Fact;
import dev.writ.dsl.policy.LabelSet;
import dev.writ.dsl.policy.Policy;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Where the facts of a policy lie, and what they are before anything is known.
public final class FactLayout {
    /// Number of a word that a closed set does not have.
    public static final int OTHER_LABEL = -1;

    private final List<Fact> facts;
    private final Map<Attribute, Integer> slots = new EnumMap<>(Attribute.class);
    private final Set<Attribute> read = EnumSet.noneOf(Attribute.class);
    private final @Nullable Map<String, Integer>[] labels;
    private final FactValues initial;

    /// @param facts in slot order
    public FactLayout(List<Fact> facts) {
        this.facts = List.copyOf(facts);
        this.labels = newMaps(facts.size());
        this.initial = new FactValues(facts.size());
        for (int slot = 0; slot < facts.size(); slot++) {
            Fact fact = facts.get(slot);
            if (fact.slot() != slot) {
                throw new IllegalArgumentException(
                        "facts stand in slot order; slot %d stands at %d"
                                .formatted(fact.slot(), slot));
            }
            Attribute attribute = fact.attribute();
            read.add(attribute);
            if (fact.argument() == null) {
                slots.put(attribute, slot);
            }
            LabelSet set = fact.labels();
            if (set != null) {
                Map<String, Integer> numbers = new HashMap<>();
                for (int label = 0; label < set.size(); label++) {
                    numbers.put(set.labels().get(label), label);
                }
                labels[slot] = numbers;
            }
            initial.putUnknown(slot);
        }
    }

    /// Returns the facts in slot order.
    public List<Fact> facts() {
        return facts;
    }

    /// Returns the slot of an attribute without arguments, or -1 if nothing reads it.
    public int slot(Attribute attribute) {
        Integer slot = slots.get(attribute);
        return slot == null ? -1 : slot;
    }

    /// Tells whether anything reads the attribute, with whatever argument.
    public boolean reads(Attribute attribute) {
        return read.contains(attribute);
    }

    /// Returns the number of the word in the closed set of the slot, or [#OTHER_LABEL].
    public int label(int slot, String word) {
        Map<String, Integer> numbers = labels[slot];
        return numbers == null ? OTHER_LABEL : numbers.getOrDefault(word, OTHER_LABEL);
    }

    /// Returns facts of which nothing is known, not even whether a request has them.
    public FactValues initial() {
        return initial;
    }

    /// Returns the attribute that conditions read where `field` was set, or null.
    public static @Nullable Attribute attribute(Policy.Settable field) {
        return switch (field) {
            case MAX_TOKENS -> Attribute.REQUEST_MAX_TOKENS;
            case TEMPERATURE -> Attribute.REQUEST_TEMPERATURE;
            case TOP_P -> Attribute.REQUEST_TOP_P;
            case SEED -> Attribute.REQUEST_SEED;
            case REASONING_EFFORT -> Attribute.REQUEST_REASONING_EFFORT;
            case SERVICE_TIER -> Attribute.REQUEST_SERVICE_TIER;
            case USER -> Attribute.REQUEST_USER;
            case PARALLEL_TOOL_CALLS, STORE -> null;
        };
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static @Nullable Map<String, Integer>[] newMaps(int size) {
        return new Map[size];
    }
}
