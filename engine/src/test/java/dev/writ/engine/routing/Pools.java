package dev.writ.engine.routing;

import dev.writ.dsl.policy.Capability;
import dev.writ.dsl.policy.Cause;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.Side;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.Span;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// Pools as the checker makes them, for tests.
final class Pools {
    static final Span SPAN = new Span(new Source("test.writ", "x"), 0, 1);

    private Pools() {}

    /// A model of its own provider, both of that name, in region `us`.
    static Policy.Model model(String name) {
        return model(name, "us", 1, 1);
    }

    static Policy.Model model(String name, String region, long priceIn, long priceOut) {
        return new Policy.Model(
                0,
                name,
                SPAN,
                provider(name, region),
                name,
                0,
                new Policy.Price(priceIn, priceOut),
                Set.of());
    }

    static Policy.Model unpriced(String name) {
        return new Policy.Model(0, name, SPAN, provider(name, "us"), name, 0, null, Set.of());
    }

    private static Policy.Provider provider(String name, String region) {
        return new Policy.Provider(
                name, SPAN, "openai", null, region, null, null, Policy.Timeouts.DEFAULT, null);
    }

    static Policy.Pool weighted(List<Policy.Model> models, int... basisPoints) {
        List<Policy.Pool.Member> members = new ArrayList<>();
        for (int i = 0; i < basisPoints.length; i++) {
            members.add(new Policy.Pool.Member(models.get(i), basisPoints[i]));
        }
        return pool(Policy.Pool.Choice.WEIGHTED, members);
    }

    static Policy.Pool choosing(Policy.Pool.Choice choice, Policy.Model... models) {
        return pool(
                choice,
                Arrays.stream(models).map(model -> new Policy.Pool.Member(model, 0)).toList());
    }

    private static Policy.Pool pool(Policy.Pool.Choice choice, List<Policy.Pool.Member> members) {
        return new Policy.Pool("pool", SPAN, choice, members, List.of(), Policy.Pool.Retry.NEVER);
    }

    static Policy.Pool then(Policy.Pool pool, Policy.Model model, Cause... causes) {
        List<Policy.Pool.Fallback> fallbacks = new ArrayList<>(pool.fallbacks());
        Set<Cause> on =
                causes.length == 0 ? EnumSet.allOf(Cause.class) : Set.copyOf(Arrays.asList(causes));
        fallbacks.add(new Policy.Pool.Fallback(model, on));
        return new Policy.Pool(
                pool.name(), SPAN, pool.choice(), pool.members(), fallbacks, pool.retry());
    }

    static Policy.Pool retrying(Policy.Pool pool, int times, Duration within) {
        return new Policy.Pool(
                pool.name(),
                SPAN,
                pool.choice(),
                pool.members(),
                pool.fallbacks(),
                new Policy.Pool.Retry(times, within));
    }

    static Policy.Pool hedging(Policy.Pool pool, Duration after, int basisPointsMax) {
        return new Policy.Pool(
                pool.name(),
                SPAN,
                pool.choice(),
                pool.members(),
                pool.fallbacks(),
                pool.retry(),
                Policy.Pool.FIRST_BYTE,
                new Policy.Pool.Hedge(after, basisPointsMax),
                pool.canary(),
                pool.mirror());
    }

    static Policy.Pool mirroring(Policy.Pool pool, Policy.Model to, int basisPoints) {
        return new Policy.Pool(
                pool.name(),
                SPAN,
                pool.choice(),
                pool.members(),
                pool.fallbacks(),
                pool.retry(),
                pool.commitTokens(),
                pool.hedge(),
                pool.canary(),
                new Policy.Pool.Mirror(to, basisPoints));
    }

    static Policy.Pool trying(Policy.Pool pool, Policy.Pool.Canary canary) {
        return new Policy.Pool(
                pool.name(),
                SPAN,
                pool.choice(),
                pool.members(),
                pool.fallbacks(),
                pool.retry(),
                pool.commitTokens(),
                pool.hedge(),
                canary,
                pool.mirror());
    }

    /// How the canary of a pool fares, with nothing known yet.
    static Trials trials(Policy.Pool... pools) {
        return new Trials(policy(List.of(pools)), _ -> {});
    }

    /// A request that any model can take.
    static RoutedRequest request(long hash, String... regions) {
        return request(hash, Needs.NOTHING, Estimate.UNKNOWN, regions);
    }

    static RoutedRequest request(long hash, Needs needs, Estimate tokens, String... regions) {
        return new RoutedRequest(
                hash,
                "test",
                "team",
                "user",
                Set.of(regions),
                needs,
                tokens,
                Side.DRAWN,
                Side.DRAWN);
    }

    /// A request that not every model can take.
    static RoutedRequest needing(long promptTokens, Capability... abilities) {
        return request(42, new Needs(Set.of(abilities), promptTokens, _ -> true), Estimate.UNKNOWN);
    }

    /// A model that says what it can do and how much fits into it.
    static Policy.Model model(String name, long contextTokens, Capability... abilities) {
        return new Policy.Model(
                0, name, SPAN, provider(name, "us"), name, contextTokens, null, Set.of(abilities));
    }

    static Policy policy(Policy.Model... models) {
        return policy(List.of(), models);
    }

    static Policy policy(List<Policy.Pool> pools, Policy.Model... models) {
        return new Policy(
                "test",
                "0".repeat(64),
                List.of(),
                List.of(models),
                pools,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }
}
