package dev.writ.engine.internal;

import dev.writ.dsl.policy.Condition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/// Numbers for the atoms of a policy, so that each is looked at once however often it is written.
///
/// A literal is an atom or its negation, as one number: twice the atom's, plus one if negated. An
/// atom may be a whole condition that was too large to take apart.
final class Atoms {
    private final Map<Condition, Integer> numbers = new HashMap<>();
    private final IdentityHashMap<Condition, Integer> seen = new IdentityHashMap<>();
    private final List<Condition> atoms = new ArrayList<>();

    /// Returns the literal of a canonical condition.
    int literal(Condition atom, boolean negated) {
        return number(atom) << 1 | (negated ? 1 : 0);
    }

    /// Returns the number of a canonical condition.
    int number(Condition atom) {
        Integer number = seen.get(atom);
        if (number == null) {
            number = numbers.get(atom);
            if (number == null) {
                number = atoms.size();
                atoms.add(atom);
                numbers.put(atom, number);
            }
            seen.put(atom, number);
        }
        return number;
    }

    Condition atom(int number) {
        return atoms.get(number);
    }

    static int not(int literal) {
        return literal ^ 1;
    }

    static int atomOf(int literal) {
        return literal >> 1;
    }

    static boolean isNegated(int literal) {
        return (literal & 1) != 0;
    }
}
