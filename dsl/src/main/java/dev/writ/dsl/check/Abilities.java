package dev.writ.dsl.check;

import dev.writ.dsl.check.Case.Answer;
import dev.writ.dsl.check.Case.Aspect;
import dev.writ.dsl.check.Case.Between;
import dev.writ.dsl.check.Case.Demand;
import dev.writ.dsl.check.Case.Demanded;
import dev.writ.dsl.check.Case.Places;
import dev.writ.dsl.check.Case.Texts;
import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.Capability;
import dev.writ.dsl.policy.Fact;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.source.Span;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Arms that are for requests which none of their models can serve.
///
/// A model that does not say what it can do is taken to be able to do everything.
final class Abilities {
    private final FactTable facts;
    private final CaseTable cases;
    private final Report report;

    Abilities(Unit unit) {
        this.facts = unit.facts();
        this.cases = unit.cases();
        this.report = unit.report();
    }

    /// Reports each arm of the route whose condition demands what its target lacks.
    void check(Policy.Route route) {
        for (Policy.Arm arm : route.arms()) {
            Cases fits = cases.yes(arm.when());
            List<Policy.Model> models = models(arm.action());
            if (fits == null || fits.isEmpty() || models.isEmpty()) {
                continue;
            }
            for (Capability capability : Capability.values()) {
                if (models.stream().allMatch(model -> lacks(model, capability))
                        && fits.cases().stream().allMatch(one -> demands(one, capability))) {
                    report.add(cannot(arm, capability, models));
                }
            }
            long least = fits.cases().stream().mapToLong(this::promptAtLeast).min().orElse(0);
            long room = models.stream().mapToLong(Abilities::room).max().orElse(0);
            if (least > room) {
                report.add(tooLarge(arm, least, room));
            }
        }
    }

    private static List<Policy.Model> models(Policy.ArmAction action) {
        return action instanceof Policy.ArmAction.Go(Policy.Target target)
                ? switch (target) {
                    case Policy.Target.ToModel(Policy.Model model) -> List.of(model);
                    case Policy.Target.ToPool(Policy.Pool pool) -> pool.ordinary();
                    case Policy.Target.ToRoute _ -> List.of(); // its own arms are looked at
                }
                : List.of();
    }

    private static boolean lacks(Policy.Model model, Capability capability) {
        return !model.capabilities().isEmpty() && !model.capabilities().contains(capability);
    }

    private static long room(Policy.Model model) {
        return model.contextTokens() == 0 ? Long.MAX_VALUE : model.contextTokens();
    }

    private boolean demands(Case one, Capability capability) {
        return switch (capability) {
            case TOOLS ->
                    isPresent(one, Attribute.REQUEST_TOOLS)
                            || isCounted(one, Attribute.REQUEST_TOOLS_COUNT);
            case VISION ->
                    isPresent(one, Attribute.REQUEST_IMAGES)
                            || isCounted(one, Attribute.REQUEST_IMAGES_COUNT);
            case JSON ->
                    any(
                            one,
                            Attribute.REQUEST_RESPONSE_FORMAT,
                            Aspect.TEXT,
                            demand ->
                                    demand instanceof Texts texts
                                            && !texts.inverted()
                                            && Capability.JSON_FORMATS.containsAll(texts.texts()));
            case STREAMING ->
                    any(
                            one,
                            Attribute.REQUEST_STREAM,
                            Aspect.FLAG,
                            demand -> demand instanceof Answer answer && !answer.no());
            case EMBEDDINGS ->
                    any(
                            one,
                            Attribute.REQUEST_ENDPOINT,
                            Aspect.LABEL,
                            demand ->
                                    demand instanceof Places places
                                            && !places.inverted()
                                            && places.places().cardinality() == 1
                                            && places.places()
                                                    .get(
                                                            facts.place(
                                                                    Attribute.REQUEST_ENDPOINT,
                                                                    "embeddings")));
        };
    }

    private boolean isPresent(Case one, Attribute attribute) {
        return any(
                one,
                attribute,
                Aspect.PRESENT,
                demand -> demand instanceof Answer answer && !answer.no());
    }

    private boolean isCounted(Case one, Attribute attribute) {
        return any(
                one,
                attribute,
                Aspect.NUMBER,
                demand -> demand instanceof Between between && between.low() > 0);
    }

    private long promptAtLeast(Case one) {
        Fact fact = facts.find(Attribute.PROMPT_TOKENS);
        Demand demand =
                fact == null
                        ? null
                        : one.demands().get(new Demanded(fact.slot(), Aspect.NUMBER, null));
        return demand instanceof Between between ? between.low() : 0;
    }

    private boolean any(
            Case one, Attribute attribute, Aspect aspect, Predicate<@Nullable Demand> is) {
        Fact fact = facts.find(attribute);
        return fact != null
                && one.demands().entrySet().stream()
                        .filter(e -> e.getKey().slot() == fact.slot())
                        .filter(e -> e.getKey().aspect() == aspect)
                        .anyMatch(e -> is.test(e.getValue()));
    }

    private static Diagnostic cannot(
            Policy.Arm arm, Capability capability, Collection<Policy.Model> models) {
        return Diagnostic.of(
                        DiagnosticCode.MODEL_CANNOT,
                        arm.when().span(),
                        "arm `%s` is for requests with %s, which %s cannot serve"
                                .formatted(
                                        arm.name(),
                                        capability.word(),
                                        models.size() == 1 ? "its model" : "none of its models"))
                .at("asks for %s".formatted(capability.word()))
                .because(
                        head(models.iterator().next().span()),
                        "does not say `can %s`".formatted(capability.word()))
                .hint(
                        "Send them to a model that can, or add `%s` to what this one can do."
                                .formatted(capability.word()));
    }

    private static Diagnostic tooLarge(Policy.Arm arm, long least, long room) {
        return Diagnostic.of(
                        DiagnosticCode.PROMPT_TOO_LARGE,
                        arm.when().span(),
                        "arm `%s` is for prompts that fit into none of its models"
                                .formatted(arm.name()))
                .at(String.format(Locale.ROOT, "from %,d tokens on", least))
                .note(String.format(Locale.ROOT, "the largest context is %,d tokens", room))
                .hint("Send them to a model with more room, or deny them.");
    }

    private static Span head(Span span) {
        int brace = span.text().indexOf('{');
        return brace < 0 ? span : new Span(span.source(), span.start(), span.start() + brace);
    }
}
