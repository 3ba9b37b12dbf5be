package dev.writ.engine.testing;

import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.PolicyTest.Expected;
import dev.writ.engine.PolicySnapshot;
import dev.writ.engine.SetValue;
import dev.writ.engine.routing.Role;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Whether what came of a request is what was expected.
final class Judge {
    private final Reasons reasons;
    private final Course course;

    /// What came instead of what was expected.
    ///
    /// @param because why, line by line
    record Finding(String headline, List<String> because) {}

    Judge(PolicySnapshot snapshot, Course course) {
        this.course = course;
        this.reasons = new Reasons(snapshot, course);
    }

    /// Returns what came instead, or null if it is as expected.
    @Nullable Finding judge(Expected expected) {
        if (expected instanceof Expected.Not(_, Expected of)) {
            return holds(of)
                    ? new Finding(
                            "%s expected, but %s".formatted(words(expected), itIs(of)), because(of))
                    : null;
        }
        return holds(expected)
                ? null
                : new Finding(
                        "%s expected, but %s".formatted(words(expected), came(expected)),
                        because(expected));
    }

    private boolean holds(Expected expected) {
        Policy.Model model = course.answeredBy();
        return switch (expected) {
            case Expected.Not(_, Expected of) -> !holds(of);
            case Expected.Allow _ -> !course.verdict().denied();
            case Expected.Deny(_, Integer status, String text) -> {
                Policy.Denial denial = course.verdict().denial();
                yield denial != null
                        && (status == null || status == denial.status())
                        && (text == null || text.equals(denial.text()));
            }
            case Expected.Arm(_, _, List<Integer> labels) -> {
                Policy.Arm arm = course.verdict().arm();
                yield arm != null && labels.contains(arm.label());
            }
            case Expected.Route(_, String route) -> {
                Policy.Route taken = course.verdict().route();
                yield course.verdict().arm() != null && taken != null && taken.name().equals(route);
            }
            case Expected.Model(_, String name) -> model != null && model.name().equals(name);
            case Expected.Canary(_, String name) ->
                    course.calls().stream()
                            .anyMatch(
                                    call ->
                                            call.role() == Role.CANARY
                                                    && call.model().name().equals(name));
            case Expected.Mirror(_, String name) -> {
                Policy.Model mirror = course.mirroredTo();
                yield mirror != null && mirror.name().equals(name);
            }
            case Expected.Provider(_, String name) ->
                    model != null && model.provider().name().equals(name);
            case Expected.Region(_, String region) ->
                    model != null && model.provider().region().equals(region);
            case Expected.Fires(_, String rule) ->
                    course.verdict().fired().stream().anyMatch(fired -> fired.name().equals(rule));
            case Expected.Tag(_, String tag) -> course.verdict().tags().contains(tag);
            case Expected.SetNumber(_, var field, long value) ->
                    new SetValue.OfNumber(value).equals(course.verdict().sets().get(field));
            case Expected.SetText(_, var field, String value) ->
                    new SetValue.OfText(value).equals(course.verdict().sets().get(field));
            case Expected.SetFlag(_, var field, boolean value) ->
                    new SetValue.OfFlag(value).equals(course.verdict().sets().get(field));
            case Expected.Attempts(_, int count) -> course.calls().size() == count;
            case Expected.Status(_, int status) -> course.status() == status;
            case Expected.Broken _ -> course.broken();
        };
    }

    /// Returns that it is so, as the rest of a sentence.
    private static String itIs(Expected of) {
        return switch (of) {
            case Expected.Fires _ -> "the rule fired";
            case Expected.Tag _ -> "the tag is there";
            case Expected.Arm _ -> "the arm is taken";
            case Expected.Model _, Expected.Provider _, Expected.Region _ -> "it answers";
            case Expected.Canary _ -> "it is tried first";
            case Expected.Mirror _ -> "it gets a copy";
            case Expected.SetNumber _, Expected.SetText _, Expected.SetFlag _ -> "it is set so";
            case Expected.Not _,
                    Expected.Allow _,
                    Expected.Deny _,
                    Expected.Route _,
                    Expected.Attempts _,
                    Expected.Status _,
                    Expected.Broken _ ->
                    "it is so";
        };
    }

    /// Returns the expectation as policies write it.
    private static String words(Expected expected) {
        return expected.span().text().replaceAll("\\s+", " ");
    }

    /// Returns what came, as the rest of a sentence.
    private String came(Expected expected) {
        return switch (expected) {
            case Expected.Not _ -> "it is so";
            case Expected.Allow _, Expected.Deny _ -> reasons.decision();
            case Expected.Arm _ -> {
                Policy.Arm arm = course.verdict().arm();
                yield arm == null
                        ? reasons.decision()
                        : "arm %s is taken".formatted(reasons.arm(arm));
            }
            case Expected.Route _ -> {
                Policy.Route route = course.verdict().route();
                yield course.verdict().arm() == null || route == null
                        ? reasons.decision()
                        : "route %s answers".formatted(route.name());
            }
            case Expected.Model _, Expected.Provider _, Expected.Region _ -> {
                Policy.Model model = course.answeredBy();
                yield model == null ? reasons.noAnswer() : reasons.answer(model);
            }
            case Expected.Canary _ -> reasons.canary();
            case Expected.Mirror _ -> {
                Policy.Model mirror = course.mirroredTo();
                yield mirror == null
                        ? "no model gets a copy"
                        : "model %s gets a copy".formatted(mirror.name());
            }
            case Expected.Fires _ -> "it did nothing";
            case Expected.Tag _ ->
                    course.verdict().tags().isEmpty()
                            ? "there is no tag"
                            : "there is " + String.join(", ", course.verdict().tags());
            case Expected.SetNumber(_, var field, _) -> set(field);
            case Expected.SetText(_, var field, _) -> set(field);
            case Expected.SetFlag(_, var field, _) -> set(field);
            case Expected.Attempts _ -> "there are %d".formatted(course.calls().size());
            case Expected.Status _ -> "the client gets %d".formatted(course.status());
            case Expected.Broken _ ->
                    course.answeredBy() == null ? reasons.noAnswer() : "the answer is whole";
        };
    }

    private String set(Policy.Settable field) {
        SetValue value = course.verdict().sets().get(field);
        return value == null ? "no rule sets it" : "it is set to %s".formatted(value.text(field));
    }

    private List<String> because(Expected expected) {
        return switch (expected) {
            case Expected.Not(_, Expected of) -> because(of);
            case Expected.Allow _ -> reasons.ofDenial();
            case Expected.Deny _ ->
                    course.verdict().denied() ? reasons.ofDenial() : reasons.ofNoDenial();
            case Expected.Arm(_, _, List<Integer> labels) ->
                    course.verdict().arm() == null ? reasons.ofDenial() : reasons.ofArms(labels);
            case Expected.Route _ ->
                    course.verdict().arm() == null ? reasons.ofDenial() : reasons.ofArms(List.of());
            case Expected.Model _,
                    Expected.Canary _,
                    Expected.Mirror _,
                    Expected.Provider _,
                    Expected.Region _,
                    Expected.Attempts _,
                    Expected.Status _,
                    Expected.Broken _ ->
                    course.verdict().denied() ? reasons.ofDenial() : reasons.ofCalls();
            case Expected.Fires(_, String rule) -> reasons.ofRule(rule);
            case Expected.Tag(_, String tag) ->
                    reasons.ofRules(
                            effect ->
                                    effect instanceof Policy.Effect.Tag(String of)
                                            && of.equals(tag));
            case Expected.SetNumber(_, var field, _) -> ofSets(field);
            case Expected.SetText(_, var field, _) -> ofSets(field);
            case Expected.SetFlag(_, var field, _) -> ofSets(field);
        };
    }

    private List<String> ofSets(Policy.Settable field) {
        return reasons.ofRules(effect -> Objects.equals(Reasons.field(effect), field));
    }
}
