package dev.writ.dsl.check;

import dev.writ.dsl.check.Declarations.Declared;
import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.policy.Capability;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.ValueType;
import dev.writ.dsl.source.Span;
import dev.writ.dsl.syntax.Item;
import dev.writ.dsl.syntax.Item.ModelProperty;
import dev.writ.dsl.syntax.Literal;
import dev.writ.dsl.syntax.Name;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The models of a tree.
final class Models {
    private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);
    private static final List<String> CAPABILITIES =
            Arrays.stream(Capability.values()).map(Capability::word).toList();

    private final Unit unit;

    private Models(Unit unit) {
        this.unit = unit;
    }

    /// Checks every model. One whose provider is not known is left out: what refers to it says
    /// nothing.
    static Map<String, Policy.Model> check(Unit unit, Map<String, Policy.Provider> providers) {
        Models models = new Models(unit);
        Map<String, Policy.Model> checked = new LinkedHashMap<>();
        for (Declared declared : unit.declarations().of(Kind.MODEL).values()) {
            if (declared.item() instanceof Item.Model item) {
                Declared provider =
                        unit.scope(declared.file()).resolve(Kind.PROVIDER, item.provider());
                Policy.Model model =
                        models.model(
                                checked.size(),
                                item,
                                provider == null ? null : providers.get(provider.name().text()));
                if (model != null) {
                    checked.put(model.name(), model);
                }
            }
        }
        return checked;
    }

    private Policy.@Nullable Model model(
            int index, Item.Model item, Policy.@Nullable Provider provider) {
        Once once = new Once(unit.report());
        long context = 0;
        Policy.Price price = null;
        Set<Capability> capabilities = EnumSet.noneOf(Capability.class);
        if (Texts.word(item.upstreamName(), unit.report()).isBlank()) {
            add(
                    Amounts.notAllowed(item.upstreamName().span(), "a model needs a name")
                            .hint("Write what the provider calls it."));
        }
        for (ModelProperty property : item.properties()) {
            switch (property) {
                case ModelProperty.Context(Span span, Literal.Quantity tokens) -> {
                    if (once.first("context", span)) {
                        context = context(tokens);
                    }
                }
                case ModelProperty.Price written -> {
                    if (once.first("price", written.span())) {
                        price = price(written);
                    }
                }
                case ModelProperty.Can(Span span, List<Name> names) -> {
                    if (once.first("can", span)) {
                        names.forEach(name -> capability(name, capabilities));
                    }
                }
                case ModelProperty.Unknown _ -> {} // the parser has said so
            }
        }
        return provider == null
                ? null
                : new Policy.Model(
                        index,
                        item.name().text(),
                        item.span(),
                        provider,
                        item.upstreamName().value(),
                        context,
                        price,
                        capabilities);
    }

    private long context(Literal.Quantity tokens) {
        Long amount = Amounts.of(tokens, ValueType.TOKENS, unit.report());
        if (amount != null && amount == 0) {
            add(
                    Amounts.notAllowed(tokens.span(), "a model without room takes no prompt")
                            .at("more than 0 tokens"));
        }
        return amount == null ? 0 : amount;
    }

    private Policy.@Nullable Price price(ModelProperty.Price written) {
        Long per = Amounts.of(written.per(), ValueType.TOKENS, unit.report());
        Long in = Amounts.of(written.in(), ValueType.USD, unit.report());
        Long out = Amounts.of(written.out(), ValueType.USD, unit.report());
        if (per == null || in == null || out == null) {
            return null;
        }
        if (per == 0) {
            add(
                    Amounts.notAllowed(written.per().span(), "a price is per some tokens")
                            .at("more than 0 tokens")
                            .hint("Write `per 1M tokens`."));
            return null;
        }
        Long inPerMillion = perMillion(in, per, written.in().span());
        Long outPerMillion = perMillion(out, per, written.out().span());
        return inPerMillion == null || outPerMillion == null
                ? null
                : new Policy.Price(inPerMillion, outPerMillion);
    }

    private @Nullable Long perMillion(long nanos, long per, Span span) {
        BigDecimal price =
                BigDecimal.valueOf(nanos)
                        .multiply(MILLION)
                        .divide(BigDecimal.valueOf(per), 0, RoundingMode.HALF_EVEN);
        return Amounts.exact(price, ValueType.USD, span, unit.report());
    }

    private void capability(Name name, Set<Capability> capabilities) {
        for (Capability capability : Capability.values()) {
            if (capability.word().equals(name.text())) {
                capabilities.add(capability);
                return;
            }
        }
        add(Unknowns.label(name.span(), name.text(), "ability of models", CAPABILITIES));
    }

    private void add(Diagnostic diagnostic) {
        unit.report().add(diagnostic);
    }
}
