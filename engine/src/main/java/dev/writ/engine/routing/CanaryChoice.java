package dev.writ.engine.routing;

import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.Policy.Pool.Canary;
import org.jspecify.annotations.Nullable;

/// Which requests try the canary of their pool.
///
/// The draw is of the policy's salt and of what stays on one side: the request's id, the team, or
/// the team's user. The name of the canary is in it, too, so that the next new model is not tried
/// on the same callers; the share and the pool are not, so that a growing share keeps whom it had,
/// and a caller is on one side in all pools.
public final class CanaryChoice {
    private static final int PARTS = 10_000;

    private CanaryChoice() {}

    /// Returns the canary of a target; null if it has none.
    public static @Nullable Canary canary(Policy.Target target) {
        return target instanceof Policy.Target.ToPool(Policy.Pool pool) ? pool.canary() : null;
    }

    /// Returns in which of 10,000 equal parts a request falls: below the canary's basis points it
    /// is of those that try it.
    public static int bucket(Canary canary, RoutedRequest request) {
        long hash =
                switch (canary.by()) {
                    case REQUEST -> request.hash();
                    case USER ->
                            RequestHash.ofCaller(request.salt(), request.team(), request.user());
                    case TEAM -> RequestHash.ofCaller(request.salt(), request.team(), "");
                };
        long draw = Mix.draw(hash ^ RequestHash.of(canary.model().name()), Mix.CANARIES);
        return Mix.below(draw, PARTS);
    }

    /// Tells whether a request is of those that try the canary.
    public static boolean isIn(Canary canary, RoutedRequest request) {
        return switch (request.canary()) {
            case OUT -> false;
            case IN -> true;
            case DRAWN -> bucket(canary, request) < canary.basisPoints();
        };
    }
}
