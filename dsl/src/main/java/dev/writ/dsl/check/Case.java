package dev.writ.dsl.check;

import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.Fact;
import dev.writ.dsl.policy.ValueType;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What one alternative of a condition demands of facts: each at most once, all at a time.
///
/// A demand that cannot be told apart from others is left out, so that a case may allow more
/// requests than its condition, never fewer.
record Case(Map<Demanded, Demand> demands) {
    /// The case that every request fits.
    static final Case ANY = new Case(Map.of());

    Case {
        demands = Map.copyOf(demands);
    }

    /// Of what something is demanded.
    ///
    /// @param fallback what stands for an absent fact; the same fact with another is another value
    record Demanded(int slot, Aspect aspect, @Nullable Object fallback) {}

    /// What of a fact is meant.
    enum Aspect {
        LABEL,
        PRESENT,
        FLAG,
        NUMBER,
        TEXT
    }

    /// Values that are allowed.
    sealed interface Demand {
        boolean isImpossible();
    }

    /// One of some places, or any but them; absent is the place behind the last label.
    ///
    /// @param count how many places there are
    record Places(BitSet places, boolean inverted, int count) implements Demand {
        @Override
        public boolean isImpossible() {
            return inverted ? places.cardinality() == count : places.isEmpty();
        }

        private Places and(Places other) {
            BitSet both = (BitSet) places.clone();
            if (inverted && other.inverted) {
                both.or(other.places);
                return new Places(both, true, count);
            }
            if (!inverted && !other.inverted) {
                both.and(other.places);
                return new Places(both, false, count);
            }
            if (inverted) {
                return other.and(this);
            }
            both.andNot(other.places);
            return new Places(both, false, count);
        }
    }

    /// From `low` to `high`, both included.
    record Between(long low, long high) implements Demand {
        @Override
        public boolean isImpossible() {
            return low > high;
        }
    }

    /// Yes or no; neither where both were demanded.
    record Answer(boolean yes, boolean no) implements Demand {
        @Override
        public boolean isImpossible() {
            return !yes && !no;
        }
    }

    /// One of some texts, or any but them.
    record Texts(Set<String> texts, boolean inverted) implements Demand {
        Texts {
            texts = Set.copyOf(texts);
        }

        @Override
        public boolean isImpossible() {
            return !inverted && texts.isEmpty();
        }

        private boolean excludes(Texts other) {
            if (inverted) {
                return !other.inverted && texts.containsAll(other.texts);
            }
            return other.inverted
                    ? other.texts.containsAll(texts)
                    : Collections.disjoint(texts, other.texts);
        }

        private Texts and(Texts other) {
            Set<String> both = new HashSet<>(texts);
            if (inverted && other.inverted) {
                both.addAll(other.texts);
                return new Texts(both, true);
            }
            if (!inverted && !other.inverted) {
                both.retainAll(other.texts);
                return new Texts(both, false);
            }
            if (inverted) {
                return other.and(this);
            }
            both.removeAll(other.texts);
            return new Texts(both, false);
        }
    }

    /// Returns the case of one demand.
    static Case of(Demanded demanded, Demand demand) {
        return new Case(Map.of(demanded, demand));
    }

    /// Returns the case that the fact's label is in, or not in, the places.
    static Case labels(Fact fact, BitSet places, boolean inverted) {
        return of(
                new Demanded(fact.slot(), Aspect.LABEL, null),
                new Places((BitSet) places.clone(), inverted, count(fact)));
    }

    /// Returns how many values the fact can have, the missing one included. A set that the policy
    /// declares may grow: that its only team is `dev` is no reason to call `team is dev` needless.
    private static int count(Fact fact) {
        return switch (fact.attribute()) {
            case REQUEST_ENDPOINT, TIME_WEEKDAY -> Objects.requireNonNull(fact.labels()).size();
            case Attribute _ -> Integer.MAX_VALUE;
        };
    }

    /// Returns the case that the fact is present, or absent.
    static Case present(Fact fact, boolean present) {
        if (fact.attribute().type() == ValueType.LABEL) {
            BitSet absent = new BitSet();
            absent.set(Objects.requireNonNull(fact.labels()).size());
            return labels(fact, absent, present);
        }
        return of(new Demanded(fact.slot(), Aspect.PRESENT, null), new Answer(present, !present));
    }

    /// Returns the case that the number lies between two, as far as it can at all.
    static Case number(Fact fact, @Nullable Long fallback, long low, long high) {
        long least = least(fact.attribute());
        long most = most(fact.attribute());
        if (fallback != null) {
            least = Math.min(least, fallback);
            most = Math.max(most, fallback);
        }
        return of(
                new Demanded(fact.slot(), Aspect.NUMBER, fallback),
                new Between(Math.max(low, least), Math.min(high, most)));
    }

    /// Returns the least that it can be: what clients send may be below zero, what we count is not.
    private static long least(Attribute attribute) {
        return switch (attribute) {
            case REQUEST_MAX_TOKENS, REQUEST_TEMPERATURE, REQUEST_TOP_P, REQUEST_N, REQUEST_SEED ->
                    Long.MIN_VALUE;
            case Attribute _ -> 0;
        };
    }

    private static long most(Attribute attribute) {
        return attribute == Attribute.TIME_HOUR ? 23 * Amounts.MILLION : Long.MAX_VALUE;
    }

    /// Returns the case that fits both, or null if no request does.
    @Nullable Case and(Case other) {
        if (demands.isEmpty()) {
            return other;
        }
        Map<Demanded, Demand> both = new HashMap<>(demands);
        for (Map.Entry<Demanded, Demand> entry : other.demands.entrySet()) {
            Demand here = both.get(entry.getKey());
            Demand joined = here == null ? entry.getValue() : and(here, entry.getValue());
            if (joined.isImpossible()) {
                return null;
            }
            both.put(entry.getKey(), joined);
        }
        return new Case(both);
    }

    /// Returns the case without what it demands of some facts.
    Case forgetting(BitSet slots) {
        Map<Demanded, Demand> left = new HashMap<>(demands);
        left.keySet().removeIf(demanded -> slots.get(demanded.slot()));
        return new Case(left);
    }

    /// Tells that no request fits both.
    boolean excludes(Case other) {
        if (demands.size() > other.demands.size()) {
            return other.excludes(this);
        }
        for (Map.Entry<Demanded, Demand> entry : demands.entrySet()) {
            Demand there = other.demands.get(entry.getKey());
            if (there != null && exclude(entry.getValue(), there)) {
                return true;
            }
        }
        return false;
    }

    /// Tells whether both together are impossible. Comparisons of rules end here, so what they ask
    /// for most often is answered without anything new.
    private static boolean exclude(Demand a, Demand b) {
        if (a instanceof Between x && b instanceof Between y) {
            return Math.max(x.low(), y.low()) > Math.min(x.high(), y.high());
        }
        if (a instanceof Texts x && b instanceof Texts y) {
            return x.excludes(y);
        }
        if (a instanceof Places x && b instanceof Places y && !x.inverted() && !y.inverted()) {
            return !x.places().intersects(y.places());
        }
        return and(a, b).isImpossible();
    }

    private static Demand and(Demand a, Demand b) {
        return switch (a) {
            case Places x when b instanceof Places y -> x.and(y);
            case Between x when b instanceof Between y ->
                    new Between(Math.max(x.low(), y.low()), Math.min(x.high(), y.high()));
            case Answer x when b instanceof Answer y ->
                    new Answer(x.yes() && y.yes(), x.no() && y.no());
            case Texts x when b instanceof Texts y -> x.and(y);
            case Places _, Between _, Answer _, Texts _ ->
                    throw new IllegalArgumentException(
                            "demands of one aspect must be of one kind: %s, %s".formatted(a, b));
        };
    }
}
