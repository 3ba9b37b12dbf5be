package dev.writ.engine.testing;

import dev.writ.dsl.policy.Condition;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.Policy.Effect;
import dev.writ.engine.KeptFacts;
import dev.writ.engine.PolicySnapshot;
import dev.writ.engine.Reason;
import dev.writ.engine.Truth;
import dev.writ.engine.routing.PassedOver;
import dev.writ.engine.routing.Role;
import dev.writ.engine.testing.Seen.RuleSeen;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Why a request fared as it did, in lines for people, with the conditions that decided it drawn.
final class Reasons {
    /// How many rules are told of where several could have done something.
    private static final int RULES_MAX = 3;

    private static final String INDENT = "  ";

    private final PolicySnapshot snapshot;
    private final Course course;
    private @Nullable Seen seen;

    Reasons(PolicySnapshot snapshot, Course course) {
        this.snapshot = snapshot;
        this.course = course;
    }

    private Seen seen() {
        Seen known = seen;
        if (known == null) {
            known = Seen.of(snapshot, course);
            seen = known;
        }
        return known;
    }

    // ── In one line ──────────────────────────────────────────────────────────────────────────

    /// Returns whether the request is denied, as the rest of a sentence.
    String decision() {
        Policy.Denial denial = course.verdict().denial();
        Reason reason = course.verdict().reason();
        if (denial == null || reason == null) {
            return "the request is allowed";
        }
        String by =
                switch (reason) {
                    case GRANT ->
                            "team %s may not use route %s"
                                    .formatted(
                                            course.caller().team().name(),
                                            course.verdict().reasonName());
                    case RULE -> "rule " + course.verdict().reasonName();
                    case ARM -> "arm " + course.verdict().reasonName();
                };
        String text = denial.text().isEmpty() ? "" : " \"" + denial.text() + "\"";
        return reason == Reason.GRANT
                ? "the request is denied with %d: %s".formatted(denial.status(), by)
                : "%s denies with %d%s".formatted(by, denial.status(), text);
    }

    String answer(Policy.Model model) {
        return "model %s of provider %s in %s answers"
                .formatted(model.name(), model.provider().name(), model.provider().region());
    }

    String noAnswer() {
        String nothing = course.nothingLeft();
        return nothing == null ? decision() : nothing;
    }

    /// Returns what became of the canary, as the rest of a sentence.
    String canary() {
        for (Course.Call call : course.calls()) {
            if (call.role() == Role.CANARY) {
                return "canary %s is tried first".formatted(call.model().name());
            }
        }
        for (PassedOver passed : course.passedOver()) {
            if (passed.canary()) {
                return passed(passed);
            }
        }
        return "no canary is tried";
    }

    /// Returns `route/arm`.
    String arm(Policy.Arm arm) {
        Policy.Route route = course.verdict().route();
        return (route == null ? "" : route.name() + "/") + arm.name();
    }

    // ── In full ──────────────────────────────────────────────────────────────────────────────

    /// Returns what denied the request.
    List<String> ofDenial() {
        Reason reason = course.verdict().reason();
        if (reason == null) {
            return List.of();
        }
        return switch (reason) {
            case GRANT -> ofGrants();
            case RULE -> ofRule(String.valueOf(course.verdict().reasonName()));
            case ARM -> ofArms(List.of());
        };
    }

    private List<String> ofGrants() {
        List<String> lines = new ArrayList<>();
        for (Seen.GrantSeen grant : seen().grants()) {
            boolean grants = grant.facts().value(grant.grant().when()) == Truth.TRUE;
            lines.add(
                    "`may use` %s (%s)"
                            .formatted(
                                    grants ? "grants it" : "does not grant it",
                                    TestFailure.place(grant.grant().span())));
            draw(grant.grant().when(), grant.facts(), lines);
        }
        if (lines.isEmpty()) {
            lines.add(
                    "no `may use` of team %s names the route (%s)"
                            .formatted(
                                    course.caller().team().name(),
                                    TestFailure.place(course.caller().team().span())));
        }
        return lines;
    }

    /// Returns the rules that could have denied, the nearest first.
    List<String> ofNoDenial() {
        List<String> lines =
                ofRules(
                        effect ->
                                effect instanceof Effect.Deny || effect instanceof Effect.Require);
        return lines.isEmpty() ? List.of("no rule that the request came to can deny") : lines;
    }

    /// Returns what became of a rule.
    List<String> ofRule(String name) {
        RuleSeen rule = seen().rule(name);
        if (rule == null) {
            return List.of("the request did not come to rule %s: %s".formatted(name, decision()));
        }
        List<String> lines = new ArrayList<>();
        add(rule, lines);
        return lines;
    }

    /// Returns what became of rules with some effect: those that fired first, then the nearest.
    List<String> ofRules(Predicate<Effect> with) {
        List<String> lines = new ArrayList<>();
        seen().rules().stream()
                .filter(rule -> rule.rule().effects().stream().anyMatch(with))
                .sorted(Comparator.comparingInt(RuleSeen::distance))
                .limit(RULES_MAX)
                .forEach(rule -> add(rule, lines));
        return lines;
    }

    private static void add(RuleSeen seen, List<String> lines) {
        Policy.Rule rule = seen.rule();
        lines.add(
                "rule %s %s (%s)"
                        .formatted(
                                rule.name(),
                                seen.fired() ? "fired" : "did not fire",
                                TestFailure.place(rule.span())));
        draw(rule.when(), seen.facts(), lines);
        for (Effect effect : rule.effects()) {
            if (effect instanceof Effect.Require(Condition condition, _)) {
                lines.add(INDENT + "requires");
                draw(condition, seen.facts(), lines);
            }
        }
    }

    /// Returns the arms that were looked at: those that were expected, and the one taken.
    ///
    /// @param expected labels of arms
    List<String> ofArms(List<Integer> expected) {
        List<String> lines = new ArrayList<>();
        List<Seen.ArmSeen> arms = seen().arms();
        for (Seen.ArmSeen arm : arms) {
            boolean taken = arm.value() == Truth.TRUE;
            if (taken || expected.contains(arm.arm().label())) {
                lines.add(
                        "arm %s/%s %s (%s)"
                                .formatted(
                                        arm.route().name(),
                                        arm.arm().name(),
                                        taken ? "is taken" : "is passed over",
                                        TestFailure.place(arm.arm().span())));
                draw(arm.arm().when(), arm.facts(), lines);
            }
        }
        return lines;
    }

    /// Returns the calls of providers, and what led to them.
    List<String> ofCalls() {
        List<String> lines = new ArrayList<>();
        Policy.Arm arm = course.verdict().arm();
        if (arm != null) {
            lines.add("arm %s is taken (%s)".formatted(arm(arm), TestFailure.place(arm.span())));
        }
        for (PassedOver passed : course.passedOver()) {
            lines.add(passed(passed));
        }
        for (Course.Call call : course.calls()) {
            lines.add(
                    "%s %s on %s: %s"
                            .formatted(
                                    words(call.role()),
                                    call.model().name(),
                                    call.model().provider().name(),
                                    call.end()));
        }
        String nothing = course.nothingLeft();
        if (nothing != null) {
            lines.add("the client gets %d: %s".formatted(course.status(), nothing));
        }
        return lines;
    }

    private static String words(Role role) {
        return switch (role) {
            case CANARY -> "as canary called";
            case FIRST -> "called";
            case AGAIN -> "again";
            case FALLBACK -> "then";
            case HEDGE -> "beside it";
        };
    }

    private static String passed(PassedOver passed) {
        return "passed over %s: %s".formatted(passed.model().name(), passed.why().words());
    }

    private static void draw(Condition condition, KeptFacts facts, List<String> lines) {
        for (String line : ConditionDrawing.of(condition, facts)) {
            lines.add(INDENT + line);
        }
    }

    /// Returns the field that an effect sets or bounds, or null.
    static Policy.@Nullable Settable field(Effect effect) {
        return switch (effect) {
            case Effect.SetNumber(var field, _) -> field;
            case Effect.SetText(var field, _) -> field;
            case Effect.SetFlag(var field, _) -> field;
            case Effect.Clamp(var field, _, _) -> field;
            case Effect.Deny _,
                    Effect.Require _,
                    Effect.Tag _,
                    Effect.AddMessage _,
                    Effect.Audit _ ->
                    null;
        };
    }
}
