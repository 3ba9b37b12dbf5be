package dev.writ.engine.routing;

import dev.writ.dsl.policy.Policy;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which requests are also sent to the model that mirrors their pool.
public final class MirrorChoice {
    private MirrorChoice() {}

    /// Returns the model that gets a copy of a request; null if none does.
    ///
    /// @param requestHash of policy salt and request id; the draw from it says nothing of which
    ///     model answers
    /// @param regions that providers must be in; empty without such a promise
    public static Policy.@Nullable Model of(
            Policy.Target target, long requestHash, Set<String> regions) {
        if (!(target instanceof Policy.Target.ToPool(Policy.Pool pool))) {
            return null;
        }
        Policy.Pool.Mirror mirror = pool.mirror();
        if (mirror == null || !Candidates.inRegions(mirror.model(), regions)) {
            return null;
        }
        int draw = Mix.below(Mix.draw(requestHash, Mix.MIRRORS), 10_000);
        return draw < mirror.basisPoints() ? mirror.model() : null;
    }
}
