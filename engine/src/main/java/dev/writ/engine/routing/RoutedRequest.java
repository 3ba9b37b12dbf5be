package dev.writ.engine.routing;

import dev.writ.dsl.policy.Policy;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What routing knows of a request.
///
/// @param hash of policy salt and request id, as [RequestHash] makes it; the same hash makes the
///     same choices
/// @param regions that providers must be in; empty without such a promise
/// @param needs what a model must be able to do for it
/// @param tokens what it is expected to use; read by `choose cheapest` only
public record RoutedRequest(long hash, Set<String> regions, Needs needs, Estimate tokens) {
    /// Returns why a model must not get the request, however its provider fares; null if it may.
    public PassedOver.@Nullable Why hindrance(Policy.Model model) {
        return regions.isEmpty() || regions.contains(model.provider().region())
                ? needs.missingIn(model)
                : PassedOver.Why.OUTSIDE_REGIONS;
    }
}
