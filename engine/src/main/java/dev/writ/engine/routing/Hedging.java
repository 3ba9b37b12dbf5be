package dev.writ.engine.routing;

import dev.writ.dsl.policy.Policy;
import org.jspecify.annotations.Nullable;

/// Whether one request may still be hedged: once at most, and within its pool's share.
final class Hedging {
    private final Policy.Pool.Hedge hedge;
    private final HedgeBudget budget;
    private boolean used;

    private Hedging(Policy.Pool.Hedge hedge, HedgeBudget budget) {
        this.hedge = hedge;
        this.budget = budget;
        budget.earn(hedge.basisPointsMax());
    }

    /// Returns null for a pool that does not hedge. A request earns its pool a part of a hedge.
    static @Nullable Hedging of(Policy.@Nullable Pool pool, TargetStates states) {
        Policy.Pool.Hedge hedge = pool == null ? null : pool.hedge();
        return pool == null || hedge == null ? null : new Hedging(hedge, states.hedges(pool));
    }

    /// Returns how long an attempt may be silent; 0 if the request was hedged.
    long afterNanos() {
        return used ? 0 : hedge.after().toNanos();
    }

    /// Takes the right to hedge; returns false if there is none.
    boolean take() {
        boolean may = !used && budget.take(hedge.basisPointsMax());
        used |= may;
        return may;
    }

    /// The right was taken, and no model was there to use it.
    void giveBack() {
        used = false;
        budget.giveBack(hedge.basisPointsMax());
    }
}
