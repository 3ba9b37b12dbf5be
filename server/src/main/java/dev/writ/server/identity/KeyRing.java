package dev.writ.server.identity;

import dev.writ.dsl.policy.Policy;
import dev.writ.server.upstream.UpstreamTrust;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The keys of all issuers, over reloads: a policy that names an issuer again finds its keys there.
public final class KeyRing implements AutoCloseable {
    private final UpstreamTrust trust;
    private final KeyLimits limits;
    private final InstantSource clock;
    private final LongSupplier nanoClock;
    private final Map<Place, IssuerKeys> all = new HashMap<>();
    private @Nullable KeyFetcher fetcher;

    /// An issuer, and where its keys are to be had.
    private record Place(String issuer, @Nullable String jwks) {
        static Place of(Policy.Identity identity) {
            return new Place(identity.issuer(), identity.jwks());
        }
    }

    /// @param trust whose certificates issuers may show
    public KeyRing(
            UpstreamTrust trust, KeyLimits limits, InstantSource clock, LongSupplier nanoClock) {
        this.trust = trust;
        this.limits = limits;
        this.clock = clock;
        this.nanoClock = nanoClock;
    }

    /// Returns the keys of an identity's issuer, which are fetched from now on.
    public synchronized IssuerKeys of(Policy.Identity identity) {
        KeyFetcher running = fetcher;
        if (running == null) {
            running = new KeyFetcher(trust, limits.fetchTime());
            fetcher = running;
        }
        KeyFetcher from = running;
        return all.computeIfAbsent(
                Place.of(identity),
                place ->
                        IssuerKeys.start(
                                place.issuer,
                                () -> from.fetch(place.issuer, place.jwks),
                                limits,
                                clock,
                                nanoClock));
    }

    /// Gives up the keys of issuers that a policy does not name.
    public synchronized void keep(Policy policy) {
        Set<Place> named = new HashSet<>();
        policy.identities().forEach(identity -> named.add(Place.of(identity)));
        all.entrySet()
                .removeIf(
                        entry -> {
                            boolean gone = !named.contains(entry.getKey());
                            if (gone) {
                                entry.getValue().close();
                            }
                            return gone;
                        });
    }

    @Override
    public synchronized void close() {
        all.values().forEach(IssuerKeys::close);
        all.clear();
        if (fetcher != null) {
            fetcher.close();
        }
    }
}
