package dev.writ.dsl.check;

import dev.writ.dsl.check.Declarations.Declared;
import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.Policy.Pool.Canary;
import dev.writ.dsl.policy.Policy.Pool.Hedge;
import dev.writ.dsl.policy.Policy.Pool.Mirror;
import dev.writ.dsl.policy.Policy.Pool.Retry;
import dev.writ.dsl.syntax.Item;
import dev.writ.dsl.syntax.Item.PoolProperty;
import dev.writ.dsl.syntax.Literal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The pools of a tree.
final class Pools {
    private final Unit unit;
    private final Map<String, Policy.Model> models;

    private Pools(Unit unit, Map<String, Policy.Model> models) {
        this.unit = unit;
        this.models = models;
    }

    /// Checks every pool. One with an unknown model is left out: what refers to it is silent.
    static Map<String, Policy.Pool> check(Unit unit, Map<String, Policy.Model> models) {
        Pools pools = new Pools(unit, models);
        Map<String, Policy.Pool> checked = new LinkedHashMap<>();
        for (Declared declared : unit.declarations().of(Kind.POOL).values()) {
            if (declared.item() instanceof Item.Pool item) {
                Policy.Pool pool = pools.pool(item, unit.scope(declared.file()));
                if (pool != null) {
                    checked.put(pool.name(), pool);
                }
            }
        }
        return checked;
    }

    private Policy.@Nullable Pool pool(Item.Pool item, Scope scope) {
        PoolModels named = new PoolModels(unit, scope, models);
        Members members = new Members(unit, named);
        Fallbacks fallbacks = new Fallbacks(unit, named);
        Retry retry = Retry.NEVER;
        int commitTokens = Policy.Pool.FIRST_BYTE;
        Hedge hedge = null;
        PoolProperty.Hedge hedgeWritten = null;
        Canary canary = null;
        PoolProperty.Canary canaryWritten = null;
        Mirror mirror = null;
        PoolProperty.Mirror mirrorWritten = null;
        boolean read = true;
        Once once = new Once(unit.report());
        for (PoolProperty property : item.properties()) {
            switch (property) {
                case PoolProperty.Share share -> members.share(share);
                case PoolProperty.First first -> members.first(first);
                case PoolProperty.Choose choose -> members.choose(choose);
                case PoolProperty.Then then -> fallbacks.then(then, members);
                case PoolProperty.Retry written -> {
                    if (once.first("retry", written.span())) {
                        retry = retry(written);
                    }
                }
                case PoolProperty.Commit written -> {
                    if (once.first("commit", written.span())) {
                        commitTokens = commitTokens(written);
                    }
                }
                case PoolProperty.Hedge written -> {
                    if (once.first("hedge", written.span())) {
                        hedge = Hedges.of(written, unit.report());
                        hedgeWritten = written;
                    }
                }
                case PoolProperty.Canary written -> {
                    if (once.first("canary", written.span())) {
                        Policy.Model model = named.of(written.target());
                        read &= model != null;
                        canary = Canaries.of(written, model, unit.report());
                        canaryWritten = written;
                    }
                }
                case PoolProperty.Mirror written -> {
                    if (once.first("mirror", written.span())) {
                        Policy.Model model = named.of(written.target());
                        read &= model != null;
                        mirror = Mirrors.of(written, model, unit.report());
                        mirrorWritten = written;
                    }
                }
                case PoolProperty.Unknown _ -> read = false; // the parser has said so
            }
        }
        read &= fallbacks.isWhole();
        members.check(item, read);
        tooMany(item, members.members().size() + fallbacks.fallbacks().size());
        if (!read || !members.isWhole()) {
            return null;
        }
        Policy.Pool pool =
                new Policy.Pool(
                        item.name().text(),
                        item.span(),
                        members.choice(),
                        members.members(),
                        fallbacks.fallbacks(),
                        retry,
                        commitTokens,
                        hedge,
                        canary,
                        mirror);
        fallbacks.check(pool);
        if (canaryWritten != null) {
            Canaries.check(pool, canaryWritten, unit.report());
        }
        if (mirrorWritten != null) {
            Mirrors.check(pool, mirrorWritten, unit.report());
        }
        if (hedgeWritten != null) {
            Hedges.check(pool, hedgeWritten, unit.report());
        }
        return pool;
    }

    private Retry retry(PoolProperty.Retry written) {
        Integer times =
                Amounts.whole(
                        written.times(),
                        "a number of retries",
                        1,
                        Limits.RETRIES_MAX,
                        unit.report());
        Literal.Time limit = written.within();
        Duration within =
                limit == null ? Limits.RETRY_WITHIN_DEFAULT : Amounts.time(limit, unit.report());
        return times == null || within == null ? Retry.NEVER : new Retry(times, within);
    }

    private int commitTokens(PoolProperty.Commit written) {
        Integer tokens =
                Amounts.whole(
                        written.tokens(),
                        "a number of tokens to hold back",
                        1,
                        Limits.COMMIT_TOKENS_MAX,
                        unit.report());
        return tokens == null ? Policy.Pool.FIRST_BYTE : tokens;
    }

    private void tooMany(Item.Pool item, int count) {
        if (count > Limits.POOL_MODELS_MAX) {
            add(
                    Diagnostic.of(
                                    DiagnosticCode.TOO_LARGE,
                                    item.name().span(),
                                    "pool `%s` names too many models".formatted(item.name().text()))
                            .at(
                                    String.format(
                                            Locale.ROOT,
                                            "%,d; a pool may name %,d",
                                            count,
                                            Limits.POOL_MODELS_MAX)));
        }
    }

    private void add(Diagnostic diagnostic) {
        unit.report().add(diagnostic);
    }
}
