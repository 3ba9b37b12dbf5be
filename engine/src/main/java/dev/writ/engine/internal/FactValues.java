package dev.writ.engine.internal;

import org.jspecify.annotations.Nullable;

/// The facts of one request in flat arrays: one place a slot of the policy.
///
/// A fact is present with a value, absent, or unknown. Labels are their number in the closed set,
/// any other number for a word outside of it; flags are 0 or 1. Not for several threads at once.
public final class FactValues {
    private static final byte ABSENT = 0;
    private static final byte PRESENT = 1;
    private static final byte UNKNOWN = 2;

    private final byte[] states;
    private final long[] numbers;
    private final @Nullable String[] texts;

    /// The text of the answer that is being read; null where none is.
    private StreamTests.@Nullable Text streamed;

    /// Makes facts that are all absent.
    public FactValues(int slots) {
        this.states = new byte[slots];
        this.numbers = new long[slots];
        this.texts = new String[slots];
    }

    /// Returns a copy that later changes leave alone.
    public FactValues copy() {
        FactValues copy = new FactValues(states.length);
        copy.copyFrom(this);
        return copy;
    }

    /// Takes every fact of `other`, which has as many slots.
    public void copyFrom(FactValues other) {
        System.arraycopy(other.states, 0, states, 0, states.length);
        System.arraycopy(other.numbers, 0, numbers, 0, numbers.length);
        System.arraycopy(other.texts, 0, texts, 0, texts.length);
        streamed = null;
    }

    public boolean isPresent(int slot) {
        return states[slot] == PRESENT;
    }

    public boolean isAbsent(int slot) {
        return states[slot] == ABSENT;
    }

    public boolean isUnknown(int slot) {
        return states[slot] == UNKNOWN;
    }

    /// Returns the number, label or flag of a present fact.
    public long number(int slot) {
        return numbers[slot];
    }

    /// Returns the text of a present fact.
    ///
    /// @throws IllegalStateException if it has none
    public String text(int slot) {
        String text = texts[slot];
        if (text == null) {
            throw new IllegalStateException("slot " + slot + " has no text");
        }
        return text;
    }

    /// Tells whether a present fact has a text; of a text that has passed only the length is kept.
    public boolean hasText(int slot) {
        return texts[slot] != null;
    }

    /// Lets tests of `stream.text` be answered by `text`.
    public void putStreamed(StreamTests.@Nullable Text text) {
        streamed = text;
    }

    StreamTests.@Nullable Text streamed() {
        return streamed;
    }

    /// Makes the fact present with a number, label or flag.
    public void put(int slot, long number) {
        states[slot] = PRESENT;
        numbers[slot] = number;
    }

    /// Makes the fact present with a text.
    public void put(int slot, String text) {
        states[slot] = PRESENT;
        texts[slot] = text;
    }

    /// Makes the fact present with a text of which only the length is kept.
    public void putLength(int slot, long characters) {
        states[slot] = PRESENT;
        numbers[slot] = characters;
        texts[slot] = null;
    }

    public void putAbsent(int slot) {
        states[slot] = ABSENT;
        texts[slot] = null;
    }

    public void putUnknown(int slot) {
        states[slot] = UNKNOWN;
        texts[slot] = null;
    }
}
