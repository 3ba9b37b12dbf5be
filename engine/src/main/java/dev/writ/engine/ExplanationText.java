package dev.writ.engine;

import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.source.Span;
import dev.writ.engine.Explanation.ArmLine;
import dev.writ.engine.Explanation.GrantLine;
import dev.writ.engine.Explanation.Obstacle;
import dev.writ.engine.Explanation.RuleLine;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An explanation as plain text.
final class ExplanationText {
    private final StringBuilder text = new StringBuilder();

    private ExplanationText() {}

    static String of(Explanation explanation) {
        ExplanationText writer = new ExplanationText();
        writer.verdict(explanation);
        writer.grants(explanation);
        writer.arms(explanation.arms());
        writer.rules(explanation.rules());
        writer.nearMisses(explanation.nearMisses());
        return writer.text.toString();
    }

    private void verdict(Explanation explanation) {
        Caller caller = explanation.caller();
        Verdict verdict = explanation.verdict();
        String user = caller.user();
        text.append("route ").append(explanation.asked().name());
        text.append(", team ").append(caller.team().name());
        text.append(", ").append(caller.shown());
        text.append(user == null ? "" : ", user " + user).append('\n');
        Policy.Denial denial = verdict.denial();
        Reason reason = verdict.reason();
        if (reason != null && denial != null) {
            text.append("denied with ").append(denial.status()).append(": ");
            text.append(
                    switch (reason) {
                        case GRANT -> "no grant for route ";
                        case RULE -> "rule ";
                        case ARM -> "arm ";
                    });
            text.append(verdict.reasonName());
            text.append(denial.text().isEmpty() ? "" : ": " + denial.text()).append('\n');
        } else {
            text.append("allowed\n");
        }
        Policy.Arm arm = verdict.arm();
        Policy.Route route = verdict.route();
        if (arm != null && route != null) {
            text.append("arm ").append(RouteArms.reasonName(route, arm));
            text.append(" -> ").append(action(arm.action())).append('\n');
        }
        verdict.sets()
                .forEach(
                        (field, value) ->
                                text.append("set ")
                                        .append(field.path())
                                        .append(" = ")
                                        .append(ConditionText.of(field, value))
                                        .append('\n'));
        for (Policy.Message message : verdict.messages()) {
            text.append(message.first() ? "prepend " : "append ")
                    .append(message.role().word())
                    .append(" message\n");
        }
        if (!verdict.tags().isEmpty()) {
            text.append("tags ").append(String.join(", ", verdict.tags())).append('\n');
        }
    }

    private void grants(Explanation explanation) {
        text.append("\ngrants of team ").append(explanation.caller().team().name());
        text.append(" for route ").append(explanation.asked().name()).append('\n');
        if (explanation.grants().isEmpty()) {
            text.append("  none\n");
        }
        for (GrantLine line : explanation.grants()) {
            line(
                    line.value() == Truth.TRUE ? "grants" : "does not grant",
                    "may use",
                    line.grant().span(),
                    line.obstacle());
        }
    }

    private void arms(List<ArmLine> arms) {
        text.append("\narms\n");
        for (ArmLine line : arms) {
            line(
                    line.obstacle() == null ? "taken" : "passed over",
                    RouteArms.reasonName(line.route(), line.arm())
                            + (line.obstacle() == null ? " -> " + action(line.arm().action()) : ""),
                    line.arm().span(),
                    line.obstacle());
        }
    }

    private void rules(List<RuleLine> rules) {
        text.append("\nrules\n");
        if (rules.isEmpty()) {
            text.append("  none\n");
        }
        for (RuleLine line : rules) {
            line(
                    line.fired() ? "fired" : "not",
                    line.rule().name()
                            + (line.fired() && line.when() == Truth.UNKNOWN
                                    ? ", on an unknown condition"
                                    : ""),
                    line.rule().span(),
                    line.obstacle());
        }
    }

    private void nearMisses(List<RuleLine> lines) {
        if (!lines.isEmpty()) {
            text.append("\nnearly fired, nearest first\n");
            for (RuleLine line : lines) {
                line("", line.rule().name(), line.rule().span(), line.obstacle());
            }
        }
    }

    private void line(String word, String name, Span span, @Nullable Obstacle obstacle) {
        text.append("  ");
        if (!word.isEmpty()) {
            text.append(word).append(": ");
        }
        text.append(name).append(" (").append(place(span)).append(')');
        if (obstacle != null) {
            text.append(": ").append(obstacle.text());
        }
        text.append('\n');
    }

    private static String place(Span span) {
        return span.source().path() + ":" + span.line();
    }

    private static String action(Policy.ArmAction action) {
        return switch (action) {
            case Policy.ArmAction.Refuse(Policy.Denial denial) -> "deny " + denial.status();
            case Policy.ArmAction.Go(Policy.Target.ToModel to) ->
                    "model " + to.model().name() + " (" + place(to.model().span()) + ")";
            case Policy.ArmAction.Go(Policy.Target.ToPool to) ->
                    "pool " + to.pool().name() + " (" + place(to.pool().span()) + ")";
            case Policy.ArmAction.Go(Policy.Target.ToRoute to) -> "route " + to.route();
        };
    }
}
