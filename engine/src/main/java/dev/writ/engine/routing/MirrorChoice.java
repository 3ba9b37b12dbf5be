package dev.writ.engine.routing;

import dev.writ.dsl.policy.Policy;
import org.jspecify.annotations.Nullable;

/// Which requests are also sent to the model that mirrors their pool.
public final class MirrorChoice {
    private MirrorChoice() {}

    /// Returns the model that gets a copy of a request; null if none does, or if that one cannot
    /// take it.
    ///
    /// The draw from the request's hash says nothing of which model answers.
    public static Policy.@Nullable Model of(Policy.Target target, RoutedRequest request) {
        if (!(target instanceof Policy.Target.ToPool(Policy.Pool pool))) {
            return null;
        }
        Policy.Pool.Mirror mirror = pool.mirror();
        if (mirror == null || request.hindrance(mirror.model()) != null) {
            return null;
        }
        boolean in =
                switch (request.mirror()) {
                    case OUT -> false;
                    case IN -> true;
                    case DRAWN ->
                            Mix.below(Mix.draw(request.hash(), Mix.MIRRORS), 10_000)
                                    < mirror.basisPoints();
                };
        return in ? mirror.model() : null;
    }
}
