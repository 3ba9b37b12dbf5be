package dev.writ.server.upstream;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Whose certificates upstreams may show: those that the JDK trusts, and further ones.
///
/// @param furtherAuthorities a PEM file with certificates of further authorities, or null
public record UpstreamTrust(@Nullable Path furtherAuthorities) {
    /// What the JDK trusts, and nothing else.
    public static final UpstreamTrust JDK = new UpstreamTrust(null);
}
