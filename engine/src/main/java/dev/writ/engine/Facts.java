package dev.writ.engine;

import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.Fact;
import dev.writ.dsl.policy.Template;
import dev.writ.dsl.policy.ValueType;
import dev.writ.engine.internal.FactLayout;
import dev.writ.engine.internal.FactValues;
import dev.writ.engine.internal.Scratch;
import java.util.function.BiConsumer;

/// What is known of one request, in the slots of one snapshot's policy.
///
/// Reuse it: [#reset] begins the next request. Filling an attribute that the policy does not read
/// does nothing, so the caller may fill without asking; what is costly to find out is asked for
/// with [PolicySnapshot#reads]. After a reset all is unknown but the caller, so that a fact that
/// nobody filled never helps a caller: what a request is without must be said with `putAbsent`. Not
/// for several threads at once. Nothing is allocated.
public final class Facts {
    private final FactLayout layout;
    private final FactValues values;
    private final Scratch scratch;

    Facts(FactLayout layout, Scratch scratch) {
        this.layout = layout;
        this.values = layout.initial().copy();
        this.scratch = scratch;
    }

    /// Forgets everything and fills what is known of the caller.
    public void reset(Caller caller) {
        if (caller.layout() != layout) {
            throw new IllegalArgumentException("the caller must be of the facts' snapshot");
        }
        values.copyFrom(layout.initial());
        caller.fill(values);
    }

    /// Forgets everything, so that a resting object holds nothing of a request.
    public void forget() {
        values.copyFrom(layout.initial());
    }

    /// Fills a number in the unit of the attribute's type.
    public void putNumber(Attribute attribute, long number) {
        int slot = layout.slot(attribute);
        if (slot >= 0) {
            require(attribute, attribute.type().isNumeric());
            values.put(slot, number);
        }
    }

    /// Fills a yes or no.
    public void putFlag(Attribute attribute, boolean yes) {
        int slot = layout.slot(attribute);
        if (slot >= 0) {
            require(attribute, attribute.type() == ValueType.BOOL);
            values.put(slot, yes ? 1 : 0);
        }
    }

    /// Fills a label by its number in the closed set of the attribute.
    public void putLabel(Attribute attribute, int label) {
        int slot = layout.slot(attribute);
        if (slot >= 0) {
            require(attribute, attribute.type() == ValueType.LABEL);
            values.put(slot, label);
        }
    }

    /// Fills a label by its word; a word outside of the closed set is none of its labels.
    public void putLabel(Attribute attribute, String word) {
        int slot = layout.slot(attribute);
        if (slot >= 0) {
            require(attribute, attribute.type() == ValueType.LABEL);
            values.put(slot, layout.label(slot, word));
        }
    }

    /// Fills a text.
    public void putText(Attribute attribute, String text) {
        int slot = layout.slot(attribute);
        if (slot >= 0) {
            require(attribute, attribute.type() == ValueType.TEXT);
            values.put(slot, text);
        }
    }

    /// Says that the request has the collection.
    public void putCollection(Attribute attribute) {
        int slot = layout.slot(attribute);
        if (slot >= 0) {
            require(attribute, attribute.type() == ValueType.COLLECTION);
            values.put(slot, 1);
        }
    }

    /// Says that the request is without it.
    public void putAbsent(Attribute attribute) {
        int slot = layout.slot(attribute);
        if (slot >= 0) {
            requireOptional(attribute);
            values.putAbsent(slot);
        }
    }

    /// Says that it cannot be known whether the request has it, nor what it is.
    public void putUnknown(Attribute attribute) {
        int slot = layout.slot(attribute);
        if (slot >= 0) {
            values.putUnknown(slot);
        }
    }

    /// Fills the text of one of [PolicySnapshot#facts], such as a header.
    public void putText(Fact fact, String text) {
        require(fact.attribute(), fact.attribute().type() == ValueType.TEXT);
        values.put(fact.slot(), text);
    }

    /// Fills the yes or no of one of [PolicySnapshot#facts], such as a calendar.
    public void putFlag(Fact fact, boolean yes) {
        require(fact.attribute(), fact.attribute().type() == ValueType.BOOL);
        values.put(fact.slot(), yes ? 1 : 0);
    }

    /// Says that the request is without one of [PolicySnapshot#facts].
    public void putAbsent(Fact fact) {
        requireOptional(fact.attribute());
        values.putAbsent(fact.slot());
    }

    /// Says that one of [PolicySnapshot#facts] cannot be known.
    public void putUnknown(Fact fact) {
        values.putUnknown(fact.slot());
    }

    /// Tells every fact that the policy reads and its value, both in the words of the language. Of
    /// texts that clients write it tells the length only.
    public void describe(BiConsumer<String, String> teller) {
        for (Fact fact : layout.facts()) {
            teller.accept(ConditionText.path(fact), ConditionText.value(fact, values));
        }
    }

    /// Fills the holes of a template. What is absent or unknown is what the template says for it;
    /// where that says nothing, it is left out.
    public String text(Template template) {
        StringBuilder text = new StringBuilder();
        for (Template.Part part : template.parts()) {
            switch (part) {
                case Template.Part.Fixed(String fixed) -> text.append(fixed);
                case Template.Part.Hole(Fact fact, String fallback) -> {
                    if (values.isPresent(fact.slot())) {
                        text.append(ConditionText.value(fact, values));
                    } else if (fallback != null) {
                        text.append(fallback);
                    }
                }
            }
        }
        return text.toString();
    }

    /// Returns a copy to look at later.
    public KeptFacts kept() {
        return KeptFacts.of(values);
    }

    FactLayout layout() {
        return layout;
    }

    FactValues values() {
        return values;
    }

    Scratch scratch() {
        return scratch;
    }

    private static void requireOptional(Attribute attribute) {
        if (!attribute.optional()) {
            throw new IllegalArgumentException(
                    "no request is without " + attribute.path() + "; say that it is unknown");
        }
    }

    private static void require(Attribute attribute, boolean fits) {
        if (!fits) {
            throw new IllegalArgumentException(
                    attribute.path() + " must be " + attribute.type().noun());
        }
    }
}
