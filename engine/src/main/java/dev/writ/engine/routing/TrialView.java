package dev.writ.engine.routing;

/// How a canary fares, for status pages.
///
/// @param model its name in the policy
/// @param basisPoints share of the pool's requests that try it
/// @param requests how many of the latest that tried it are counted
/// @param failures how many of them failed
/// @param stopped whether no more requests try it
public record TrialView(
        String pool, String model, int basisPoints, int requests, int failures, boolean stopped) {}
