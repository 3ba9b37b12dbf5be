package dev.writ.engine.routing;

/// What is known of one model of one provider, for status pages.
///
/// @param provider its name in the policy
/// @param model what the provider calls it
/// @param inFlight calls under way
/// @param latencyMicros peak-sensitive average of the time to the first byte; 0 if unknown
/// @param breaker whether calls pass
public record TargetView(
        String provider, String model, int inFlight, long latencyMicros, BreakerState breaker) {}
