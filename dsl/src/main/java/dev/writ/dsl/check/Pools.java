package dev.writ.dsl.check;

import dev.writ.dsl.check.Declarations.Declared;
import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.policy.Amount;
import dev.writ.dsl.policy.Cause;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.Policy.Pool.Choice;
import dev.writ.dsl.policy.Policy.Pool.Fallback;
import dev.writ.dsl.policy.Policy.Pool.Hedge;
import dev.writ.dsl.policy.Policy.Pool.Member;
import dev.writ.dsl.policy.Policy.Pool.Mirror;
import dev.writ.dsl.policy.Policy.Pool.Retry;
import dev.writ.dsl.policy.Vocabulary.ProviderKind;
import dev.writ.dsl.source.Span;
import dev.writ.dsl.syntax.Item;
import dev.writ.dsl.syntax.Item.PoolProperty;
import dev.writ.dsl.syntax.Literal;
import dev.writ.dsl.syntax.Name;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The pools of a tree.
final class Pools {
    private static final List<String> CAUSES =
            Arrays.stream(Cause.values()).map(Cause::word).toList();

    /// On what `then` without `on` takes over: everything but our own wrong credentials.
    private static final Set<Cause> CAUSES_DEFAULT =
            EnumSet.complementOf(EnumSet.of(Cause.UNAUTHORIZED));

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

    /// What has been read of one pool so far.
    private static final class Draft {
        final List<Member> members = new ArrayList<>();
        final List<Fallback> fallbacks = new ArrayList<>();
        final List<PoolProperty.Then> thens = new ArrayList<>();
        @Nullable PoolProperty head;
        Choice choice = Choice.WEIGHTED;
        Retry retry = Retry.NEVER;
        int commitTokens = Policy.Pool.FIRST_BYTE;
        @Nullable Hedge hedge;
        PoolProperty.@Nullable Hedge hedgeWritten;
        @Nullable Mirror mirror;
        Item.@Nullable Target mirrorWritten;
        boolean whole = true;
        boolean sharesReadable = true;
    }

    private Policy.@Nullable Pool pool(Item.Pool item, Scope scope) {
        Draft draft = new Draft();
        Once once = new Once(unit.report());
        for (PoolProperty property : item.properties()) {
            switch (property) {
                case PoolProperty.Share share -> share(draft, share, scope);
                case PoolProperty.First(Span _, Item.Target target) -> {
                    draft.choice = Choice.FIRST;
                    if (isHead(draft, property)) {
                        member(draft, target, 0, scope);
                    }
                }
                case PoolProperty.Choose choose -> {
                    if (isHead(draft, property)) {
                        choose(draft, choose, scope);
                    }
                }
                case PoolProperty.Then then -> fallback(draft, then, scope);
                case PoolProperty.Retry retry -> {
                    if (once.first("retry", retry.span())) {
                        draft.retry = retry(retry);
                    }
                }
                case PoolProperty.Commit commit -> {
                    if (once.first("commit", commit.span())) {
                        draft.commitTokens = commitTokens(commit);
                    }
                }
                case PoolProperty.Hedge hedge -> {
                    if (once.first("hedge", hedge.span())) {
                        draft.hedge = Hedges.of(hedge, unit.report());
                        draft.hedgeWritten = hedge;
                    }
                }
                case PoolProperty.Mirror mirror -> {
                    if (once.first("mirror", mirror.span())) {
                        mirror(draft, mirror, scope);
                    }
                }
                case PoolProperty.Unknown _ -> draft.whole = false; // the parser has said so
            }
        }
        if (draft.head == null && draft.whole) {
            draft.whole = false;
            add(
                    Providers.missing(item.name().span(), "pool `%s` has no model", item.name())
                            .hint("Add shares such as `70% gpt`, or `first gpt`."));
        }
        if (draft.choice == Choice.WEIGHTED && draft.whole && draft.sharesReadable) {
            sum(item, draft);
        }
        tooMany(item, draft);
        if (!draft.whole) {
            return null;
        }
        Policy.Pool pool =
                new Policy.Pool(
                        item.name().text(),
                        item.span(),
                        draft.choice,
                        draft.members,
                        draft.fallbacks,
                        draft.retry,
                        draft.commitTokens,
                        draft.hedge,
                        draft.mirror);
        causes(pool, draft.thens);
        oneProvider(pool, draft.thens);
        if (draft.mirrorWritten != null && draft.mirror != null) {
            mirrorsAnother(pool, draft.mirrorWritten, draft.mirror);
        }
        if (draft.hedgeWritten != null) {
            Hedges.check(pool, draft.hedgeWritten, unit.report());
        }
        return pool;
    }

    private void share(Draft draft, PoolProperty.Share share, Scope scope) {
        if (!isHead(draft, share)) {
            return;
        }
        Integer basisPoints = null;
        if (share.percentSign()) {
            Span number =
                    new Span(
                            share.span().source(),
                            share.span().start(),
                            share.target().span().start());
            Span trimmed =
                    new Span(
                            number.source(),
                            number.start(),
                            number.start() + number.text().strip().length());
            basisPoints =
                    Amounts.share(new Literal.Percent(trimmed, share.percent()), 1, unit.report());
        } else {
            String number = share.percent().toPlainString();
            add(
                    Diagnostic.of(
                                    DiagnosticCode.SHARES_DO_NOT_SUM,
                                    share.span(),
                                    "a share needs a percent sign")
                            .at("%s of what?".formatted(number))
                            .hint(
                                    "Write `%s%% %s`."
                                            .formatted(number, share.target().span().text()))
                            .fixByWriting(
                                    share.span(),
                                    "%s%% %s".formatted(number, share.target().span().text())));
        }
        draft.sharesReadable &= basisPoints != null;
        member(draft, share.target(), basisPoints == null ? 0 : basisPoints, scope);
    }

    private void choose(Draft draft, PoolProperty.Choose choose, Scope scope) {
        switch (choose.strategy().text()) {
            case "least-in-flight" -> draft.choice = Choice.LEAST_IN_FLIGHT;
            case "fastest" -> draft.choice = Choice.FASTEST;
            case "cheapest" -> draft.choice = Choice.CHEAPEST;
            default -> {
                draft.choice = Choice.FASTEST;
                add(Unknowns.keyword(choose.strategy(), "way to choose", Unknowns.STRATEGY));
            }
        }
        for (Item.Target target : choose.targets()) {
            Policy.Model model = member(draft, target, 0, scope);
            if (model != null && draft.choice == Choice.CHEAPEST && !hasPrice(model)) {
                add(
                        Diagnostic.of(
                                        DiagnosticCode.PROPERTY_MISSING,
                                        target.span(),
                                        "model `%s` has no price, so nobody knows whether it is cheapest"
                                                .formatted(model.name()))
                                .because(model.span(), "declared here")
                                .hint("Add `price $… in, $… out per 1M tokens` to the model."));
            }
        }
    }

    /// Tells whether a price is written, be it one with a mistake.
    private boolean hasPrice(Policy.Model model) {
        Declared declared = unit.declarations().find(Kind.MODEL, model.name());
        return declared != null
                && declared.item() instanceof Item.Model item
                && item.properties().stream()
                        .anyMatch(
                                property ->
                                        property instanceof Item.ModelProperty.Price
                                                || property instanceof Item.ModelProperty.Unknown);
    }

    /// Tells whether the property says how to choose in the same way as those before it.
    private boolean isHead(Draft draft, PoolProperty property) {
        PoolProperty head = draft.head;
        if (head == null) {
            draft.head = property;
            return true;
        }
        if (head instanceof PoolProperty.Share && property instanceof PoolProperty.Share) {
            return true;
        }
        draft.whole = false;
        add(
                Diagnostic.of(
                                DiagnosticCode.DOES_NOT_FIT,
                                property.span(),
                                "a pool chooses in one way")
                        .at("a second way")
                        .because(head.span(), "the first way")
                        .hint("Keep one of them; what comes after a failure is `then`."));
        return false;
    }

    private Policy.@Nullable Model member(
            Draft draft, Item.Target target, int basisPoints, Scope scope) {
        Policy.Model model = model(target, scope);
        if (model == null) {
            draft.whole = false;
            return null;
        }
        if (draft.members.stream().anyMatch(member -> isSame(member.model(), model))) {
            draft.sharesReadable = false;
            add(twice(target, model));
            return null;
        }
        draft.members.add(new Member(model, basisPoints));
        return model;
    }

    private static boolean isSame(Policy.Model a, Policy.Model b) {
        return a.index() == b.index();
    }

    private static boolean isAt(Policy.Model model, Policy.Provider provider) {
        return model.provider().name().equals(provider.name());
    }

    private static Diagnostic twice(Item.Target target, Policy.Model model) {
        return Diagnostic.of(
                        DiagnosticCode.PROPERTY_TWICE,
                        target.span(),
                        "model `%s` stands twice in this pool".formatted(model.name()))
                .at("again here")
                .hint("Name it once; to try it again write `retry 1 within 2s`.");
    }

    private Policy.@Nullable Model model(Item.Target target, Scope scope) {
        return switch (target.kind()) {
            case MODEL -> {
                Declared declared = scope.resolve(Kind.MODEL, target.name());
                yield declared == null ? null : models.get(declared.name().text());
            }
            case POOL, ROUTE -> {
                add(
                        Diagnostic.of(
                                        DiagnosticCode.DOES_NOT_FIT,
                                        target.span(),
                                        "a pool holds models only")
                                .at("not a model")
                                .hint("Name the models; arms of routes can name pools."));
                yield null;
            }
        };
    }

    private void fallback(Draft draft, PoolProperty.Then then, Scope scope) {
        Policy.Model model = model(then.target(), scope);
        Set<Cause> causes = EnumSet.noneOf(Cause.class);
        for (Name name : then.causes()) {
            Cause cause = cause(name);
            if (cause == null) {
                add(Unknowns.label(name.span(), name.text(), "cause of a failure", CAUSES));
            } else {
                causes.add(cause);
            }
        }
        if (model == null) {
            draft.whole = false;
            return;
        }
        boolean again = draft.fallbacks.stream().anyMatch(f -> isSame(f.model(), model));
        boolean alone =
                draft.members.size() == 1 && isSame(draft.members.getFirst().model(), model);
        if (again || alone) {
            add(twice(then.target(), model));
            return;
        }
        if (causes.isEmpty()) {
            causes.addAll(CAUSES_DEFAULT);
        }
        draft.fallbacks.add(new Fallback(model, causes));
        draft.thens.add(then);
    }

    private static @Nullable Cause cause(Name name) {
        for (Cause cause : Cause.values()) {
            if (cause.word().equals(name.text())) {
                return cause;
            }
        }
        return null;
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

    private void mirror(Draft draft, PoolProperty.Mirror written, Scope scope) {
        Integer share = Amounts.share(written.share(), 1, unit.report());
        Policy.Model model = model(written.target(), scope);
        if (model == null) {
            draft.whole = false;
        } else if (share != null) {
            draft.mirror = new Mirror(model, share);
            draft.mirrorWritten = written.target();
        }
    }

    /// Reports a mirror at the only model that answers.
    private void mirrorsAnother(Policy.Pool pool, Item.Target target, Mirror mirror) {
        if (pool.members().size() == 1
                && isSame(pool.members().getFirst().model(), mirror.model())) {
            add(
                    Diagnostic.of(
                                    DiagnosticCode.DOES_NOT_FIT,
                                    target.span(),
                                    "pool `%s` mirrors to the model that answers"
                                            .formatted(pool.name()))
                            .at("its answers are seen already")
                            .hint("Mirror to a model that you want to compare with it."));
        }
    }

    private void sum(Item.Pool item, Draft draft) {
        int sum = draft.members.stream().mapToInt(Member::basisPoints).sum();
        int whole = (int) (100 * Amounts.BASIS_POINTS_PER_PERCENT);
        if (sum != whole) {
            add(
                    Diagnostic.of(
                                    DiagnosticCode.SHARES_DO_NOT_SUM,
                                    item.name().span(),
                                    "the shares of pool `%s` sum to %s"
                                            .formatted(item.name().text(), Amount.percent(sum)))
                            .at("not 100%")
                            .hint(
                                    sum < whole
                                            ? "Give the missing share to one of the models."
                                            : "Take from one of the models what is too much."));
        }
    }

    private void tooMany(Item.Pool item, Draft draft) {
        int count = draft.members.size() + draft.fallbacks.size();
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

    /// Reports fallbacks on a cause that nothing before them can fail with.
    private void causes(Policy.Pool pool, List<PoolProperty.Then> thens) {
        Set<Cause> possible = EnumSet.noneOf(Cause.class);
        for (Member member : pool.members()) {
            possible.addAll(causesOf(member.model()));
        }
        for (int i = 0; i < thens.size(); i++) {
            for (Name name : thens.get(i).causes()) {
                Cause cause = cause(name);
                if (cause != null && !possible.contains(cause)) {
                    add(
                            Diagnostic.of(
                                            DiagnosticCode.CAUSE_NEVER_RETURNED,
                                            name.span(),
                                            "no model before this fallback ever fails with `%s`"
                                                    .formatted(name.text()))
                                    .at("never happens")
                                    .hint(
                                            "They can fail with: %s."
                                                    .formatted(
                                                            Suggested.listed(
                                                                    possible.stream()
                                                                            .map(Cause::word)
                                                                            .toList()))));
                }
            }
            possible.addAll(causesOf(pool.fallbacks().get(i).model()));
        }
    }

    private Set<Cause> causesOf(Policy.Model model) {
        ProviderKind kind = unit.providerKind(model.provider().kind());
        return kind == null ? EnumSet.allOf(Cause.class) : kind.causes();
    }

    private void oneProvider(Policy.Pool pool, List<PoolProperty.Then> thens) {
        Policy.Provider provider = pool.members().getFirst().model().provider();
        boolean same =
                !thens.isEmpty()
                        && pool.members().stream().allMatch(m -> isAt(m.model(), provider))
                        && pool.fallbacks().stream().allMatch(f -> isAt(f.model(), provider));
        if (same) {
            add(
                    Diagnostic.of(
                                    DiagnosticCode.SAME_PROVIDER_FALLBACKS,
                                    thens.getFirst().span(),
                                    "every fallback of pool `%s` is at the same provider"
                                            .formatted(pool.name()))
                            .at("when `%s` is down, so is this".formatted(provider.name()))
                            .hint("Add a fallback at another provider."));
        }
    }

    private void add(Diagnostic diagnostic) {
        unit.report().add(diagnostic);
    }
}
