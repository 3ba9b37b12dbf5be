package dev.writ.dsl.check;

import dev.writ.dsl.check.Declarations.Declared;
import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.policy.Amount;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.Policy.Pool.Choice;
import dev.writ.dsl.policy.Policy.Pool.Member;
import dev.writ.dsl.source.Span;
import dev.writ.dsl.syntax.Item;
import dev.writ.dsl.syntax.Item.PoolProperty;
import dev.writ.dsl.syntax.Literal;
import dev.writ.dsl.syntax.Name;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a pool tries first, as far as it has been read: shares, one model, or a way to choose.
final class Members {
    private final Unit unit;
    private final PoolModels models;
    private final List<Member> members = new ArrayList<>();
    private @Nullable PoolProperty head;
    private Choice choice = Choice.WEIGHTED;
    private boolean whole = true;
    private boolean sharesReadable = true;

    Members(Unit unit, PoolModels models) {
        this.unit = unit;
        this.models = models;
    }

    void share(PoolProperty.Share share) {
        if (!isHead(share)) {
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
            String fixed = "%s%% %s".formatted(number, share.target().span().text());
            add(
                    Diagnostic.of(
                                    DiagnosticCode.SHARES_DO_NOT_SUM,
                                    share.span(),
                                    "a share needs a percent sign")
                            .at("%s of what?".formatted(number))
                            .hint("Write `%s`.".formatted(fixed))
                            .fixByWriting(share.span(), fixed));
        }
        sharesReadable &= basisPoints != null;
        member(share.target(), basisPoints == null ? 0 : basisPoints);
    }

    void first(PoolProperty.First first) {
        choice = Choice.FIRST;
        if (isHead(first)) {
            member(first.target(), 0);
        }
    }

    void choose(PoolProperty.Choose choose) {
        if (!isHead(choose)) {
            return;
        }
        choice = strategy(choose.strategy());
        for (Item.Target target : choose.targets()) {
            Policy.Model model = member(target, 0);
            if (model != null && choice == Choice.CHEAPEST && !hasPrice(model)) {
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

    private Choice strategy(Name strategy) {
        return switch (strategy.text()) {
            case "least-in-flight" -> Choice.LEAST_IN_FLIGHT;
            case "fastest" -> Choice.FASTEST;
            case "cheapest" -> Choice.CHEAPEST;
            default -> {
                add(Unknowns.keyword(strategy, "way to choose", Unknowns.STRATEGY));
                yield Choice.FASTEST;
            }
        };
    }

    /// Reports a pool that tries nothing first, or shares that are not the whole.
    ///
    /// @param read whether every property of the pool could be read
    void check(Item.Pool item, boolean read) {
        if (head == null && read && whole) {
            whole = false;
            add(
                    Providers.missing(item.name().span(), "pool `%s` has no model", item.name())
                            .hint("Add shares such as `70% gpt`, or `first gpt`."));
        }
        if (choice == Choice.WEIGHTED && read && whole && sharesReadable) {
            sum(item);
        }
    }

    /// Tells whether all of it could be read, so that a pool can be made of it.
    boolean isWhole() {
        return whole;
    }

    Choice choice() {
        return choice;
    }

    List<Member> members() {
        return members;
    }

    /// Tells whether no other model can be tried first.
    boolean isOnly(Policy.Model model) {
        return members.size() == 1 && PoolModels.isSame(members.getFirst().model(), model);
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
    private boolean isHead(PoolProperty property) {
        PoolProperty before = head;
        if (before == null) {
            head = property;
            return true;
        }
        if (before instanceof PoolProperty.Share && property instanceof PoolProperty.Share) {
            return true;
        }
        whole = false;
        add(
                Diagnostic.of(
                                DiagnosticCode.DOES_NOT_FIT,
                                property.span(),
                                "a pool chooses in one way")
                        .at("a second way")
                        .because(before.span(), "the first way")
                        .hint("Keep one of them; what comes after a failure is `then`."));
        return false;
    }

    private Policy.@Nullable Model member(Item.Target target, int basisPoints) {
        Policy.Model model = models.of(target);
        if (model == null) {
            whole = false;
            return null;
        }
        if (members.stream().anyMatch(member -> PoolModels.isSame(member.model(), model))) {
            sharesReadable = false;
            add(PoolModels.twice(target, model));
            return null;
        }
        members.add(new Member(model, basisPoints));
        return model;
    }

    private void sum(Item.Pool item) {
        int sum = members.stream().mapToInt(Member::basisPoints).sum();
        int all = (int) (100 * Amounts.BASIS_POINTS_PER_PERCENT);
        if (sum != all) {
            add(
                    Diagnostic.of(
                                    DiagnosticCode.SHARES_DO_NOT_SUM,
                                    item.name().span(),
                                    "the shares of pool `%s` sum to %s"
                                            .formatted(item.name().text(), Amount.percent(sum)))
                            .at("not 100%")
                            .hint(
                                    sum < all
                                            ? "Give the missing share to one of the models."
                                            : "Take from one of the models what is too much."));
        }
    }

    private void add(Diagnostic diagnostic) {
        unit.report().add(diagnostic);
    }
}
