package dev.writ.engine.routing;

import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.Side;
import dev.writ.engine.Caller;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What routing knows of a request.
///
/// @param hash of salt and request id, as [RequestHash] makes it; the same hash makes the same
///     choices
/// @param salt the name of the policy
/// @param team of the caller
/// @param user of the team, or its key where that is nobody's
/// @param regions that providers must be in; empty without such a promise
/// @param needs what a model must be able to do for it
/// @param tokens what it is expected to use; read by `choose cheapest` only
/// @param canary whether it is of those that try the canary of their pool
/// @param mirror whether it is of those that their pool mirrors
public record RoutedRequest(
        long hash,
        String salt,
        String team,
        String user,
        Set<String> regions,
        Needs needs,
        Estimate tokens,
        Side canary,
        Side mirror) {
    /// Returns a request that is on the sides where its id and its caller put it.
    public static RoutedRequest of(
            String salt, String requestId, Caller caller, Needs needs, Estimate tokens) {
        return new RoutedRequest(
                RequestHash.of(salt, requestId),
                salt,
                caller.team().name(),
                Objects.requireNonNullElseGet(caller.user(), () -> name(caller)),
                caller.team().regions(),
                needs,
                tokens,
                Side.DRAWN,
                Side.DRAWN);
    }

    /// Returns what stands for a caller without a user: all who have the key, or whom the identity
    /// vouches for, are then on one side.
    private static String name(Caller caller) {
        return switch (caller.shows()) {
            case Caller.Shows.AKey(Policy.Key key) -> key.name();
            case Caller.Shows.AToken(Policy.Identity identity) -> identity.name();
        };
    }

    /// Returns the request on other sides.
    public RoutedRequest on(Side canary, Side mirror) {
        return new RoutedRequest(hash, salt, team, user, regions, needs, tokens, canary, mirror);
    }

    /// Returns why a model must not get the request, however its provider fares; null if it may.
    public PassedOver.@Nullable Why hindrance(Policy.Model model) {
        return regions.isEmpty() || regions.contains(model.provider().region())
                ? needs.missingIn(model)
                : PassedOver.Why.OUTSIDE_REGIONS;
    }
}
