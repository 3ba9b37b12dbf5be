package dev.writ.server.identity;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How an identity fares.
///
/// @param keys of its issuer that tokens are checked with; 0 means that its tokens are refused
/// @param fetchedAt when they were fetched last; null for never
/// @param problem why they could not be fetched since; null if they could
public record IdentityView(
        String name,
        String issuer,
        int keys,
        @Nullable Instant fetchedAt,
        @Nullable String problem) {}
