package dev.writ.engine.internal;

import dev.writ.dsl.policy.Condition;
import dev.writ.engine.Truth;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Takes a condition apart into clauses: an or of ands of literals.
///
/// Pushing `not` inwards and multiplying out are laws of every distributive lattice with De
/// Morgan's rules, and Kleene's logic is one. So the condition is certainly true if and only if
/// all literals of some clause are, and it is not false if and only if all literals of some clause
/// are not false. What is no law there is that `a and not a` is false: of an unknown `a` it is
/// unknown. So such a clause is dropped only for consumers that fire on true alone.
final class ClauseForm {
    /// What is known of an atom before any request.
    interface Knowledge {
        /// Nothing is known.
        Knowledge NONE = _ -> null;

        /// Returns the value that the atom always has, or null.
        @Nullable Truth of(Condition.LabelIn atom);
    }

    private final Atoms atoms;
    private final Polarity polarity;
    private final Knowledge knowledge;
    private final int clausesMax;

    private ClauseForm(Atoms atoms, Polarity polarity, Knowledge knowledge, int clausesMax) {
        this.atoms = atoms;
        this.polarity = polarity;
        this.knowledge = knowledge;
        this.clausesMax = clausesMax;
    }

    /// Returns the clauses, each a set of literals of `atoms`; none if the consumer never fires,
    /// one without literals if it always does.
    ///
    /// @param condition canonical
    /// @param clausesMax a part with more than this stays whole, as the atom of a literal
    static List<Set<Integer>> of(
            Condition condition,
            Atoms atoms,
            Polarity polarity,
            Knowledge knowledge,
            int clausesMax) {
        ClauseForm form = new ClauseForm(atoms, polarity, knowledge, clausesMax);
        return List.copyOf(form.clauses(condition, false));
    }

    private Set<Set<Integer>> clauses(Condition condition, boolean negated) {
        return switch (condition) {
            case Condition.Constant constant -> constant(Truth.of(constant.value() != negated));
            case Condition.Not not -> clauses(not.operand(), !negated);
            case Condition.All all ->
                    negated ? sum(condition, true, all.operands()) : product(false, all.operands());
            case Condition.Any any ->
                    negated ? product(true, any.operands()) : sum(condition, false, any.operands());
            case Condition.LabelIn in -> {
                Truth known = knowledge.of(in);
                yield known == null
                        ? single(condition, negated)
                        : constant(negated ? known.not() : known);
            }
            case Condition.NumberCompare compare ->
                    compare.left() instanceof Condition.NumberTerm.Constant left
                                    && compare.right()
                                            instanceof Condition.NumberTerm.Constant right
                            ? constant(
                                    Truth.of(
                                            compare.comparison().holds(left.value(), right.value())
                                                    != negated))
                            : single(condition, negated);
            case Condition.Flag _, Condition.Present _, Condition.TextPasses _ ->
                    single(condition, negated);
        };
    }

    private Set<Set<Integer>> constant(Truth value) {
        return polarity.fires(value) ? Set.of(Set.of()) : Set.of();
    }

    private Set<Set<Integer>> single(Condition atom, boolean negated) {
        return Set.of(Set.of(atoms.literal(atom, negated)));
    }

    private Set<Set<Integer>> sum(Condition whole, boolean negated, List<Condition> operands) {
        Set<Set<Integer>> clauses = new LinkedHashSet<>();
        for (Condition operand : operands) {
            clauses.addAll(clauses(operand, negated));
            if (clauses.contains(Set.<Integer>of())) {
                return Set.of(Set.of());
            }
        }
        return clauses.size() > clausesMax ? single(whole, negated) : clauses;
    }

    private Set<Set<Integer>> product(boolean negated, List<Condition> operands) {
        // What all clauses share is gathered apart, or a long `and` would be copied over and over.
        Set<Integer> shared = new LinkedHashSet<>();
        Set<Set<Integer>> product = Set.of(Set.of());
        for (Condition operand : operands) {
            Set<Set<Integer>> factor = clauses(operand, negated);
            if (factor.size() == 1) {
                factor.forEach(shared::addAll);
                continue;
            }
            Set<Set<Integer>> next = product(product, factor);
            if (next.size() > clausesMax) {
                shared.add(atoms.literal(operand, negated));
            } else {
                product = next;
            }
        }
        return product(product, Set.of(shared));
    }

    private Set<Set<Integer>> product(Set<Set<Integer>> left, Set<Set<Integer>> right) {
        Set<Set<Integer>> product = new LinkedHashSet<>();
        for (Set<Integer> a : left) {
            for (Set<Integer> b : right) {
                Set<Integer> clause = new LinkedHashSet<>(a);
                clause.addAll(b);
                if (polarity == Polarity.POSSIBLE || !contradictory(clause)) {
                    product.add(clause);
                }
            }
        }
        return product;
    }

    private static boolean contradictory(Set<Integer> clause) {
        return clause.stream().anyMatch(literal -> clause.contains(Atoms.not(literal)));
    }
}
