package dev.writ.engine.routing;

import dev.writ.dsl.policy.Capability;
import dev.writ.dsl.policy.Policy;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What a request asks of a model beyond text.
///
/// A model of which the policy does not say what it `can` do is taken to be able to do everything,
/// and one without `context` to have room for every prompt.
///
/// @param promptTokens the size of the prompt; where no model could be too small for it, any number
///     from the exact one on that fits into all of them
/// @param endpoint tells whether the provider of a model has what the client called
public record Needs(
        Set<Capability> abilities, long promptTokens, Predicate<Policy.Model> endpoint) {
    /// Any model will do.
    public static final Needs NOTHING = new Needs(Set.of(), 0, _ -> true);

    /// Returns the abilities that a request needs.
    ///
    /// @param responseFormat the type of the answer's form; null where the client does not say
    public static Set<Capability> abilities(
            boolean tools,
            boolean images,
            @Nullable String responseFormat,
            boolean stream,
            boolean embeddings) {
        boolean json = responseFormat != null && Capability.JSON_FORMATS.contains(responseFormat);
        if (!(tools || images || json || stream || embeddings)) {
            return Set.of();
        }
        EnumSet<Capability> abilities = EnumSet.noneOf(Capability.class);
        for (Capability capability : Capability.values()) {
            boolean needed =
                    switch (capability) {
                        case TOOLS -> tools;
                        case VISION -> images;
                        case JSON -> json;
                        case STREAMING -> stream;
                        case EMBEDDINGS -> embeddings;
                    };
            if (needed) {
                abilities.add(capability);
            }
        }
        return abilities;
    }

    /// Returns why a model cannot take the request; null if it can.
    PassedOver.@Nullable Why missingIn(Policy.Model model) {
        if (!endpoint.test(model)) {
            return PassedOver.Why.NO_ENDPOINT;
        }
        if (!abilities.isEmpty() && !model.capabilities().isEmpty()) {
            for (Capability needed : abilities) {
                if (!model.capabilities().contains(needed)) {
                    return PassedOver.Why.without(needed);
                }
            }
        }
        return model.contextTokens() > 0 && promptTokens > model.contextTokens()
                ? PassedOver.Why.CONTEXT_TOO_SMALL
                : null;
    }
}
