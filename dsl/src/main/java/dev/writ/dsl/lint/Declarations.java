package dev.writ.dsl.lint;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.diagnostic.Edit;
import dev.writ.dsl.syntax.Item;
import dev.writ.dsl.syntax.Name;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What could be better about declarations and their parts.
final class Declarations {
    private static final BigDecimal SERVER_ERROR_MIN = BigDecimal.valueOf(500);

    /// The status of what is closed for a while, which a policy may well decide.
    private static final BigDecimal UNAVAILABLE = BigDecimal.valueOf(503);

    private Declarations() {}

    static void lint(Item item, List<Diagnostic> found) {
        Name name = nameOf(item);
        if (name != null) {
            kebab(name, found);
        }
        switch (item) {
            case Item.Route route -> {
                for (Item.Arm arm : route.arms()) {
                    kebab(arm.name(), found);
                    if (arm.action() instanceof Item.ArmAction.Refuse(Item.Denial denial)) {
                        denial(denial, found);
                    }
                }
                sameTargets(route, found);
            }
            case Item.Rule rule -> {
                for (Item.Effect effect : rule.effects()) {
                    if (effect instanceof Item.Effect.Deny(_, Item.Denial denial)) {
                        denial(denial, found);
                    } else if (effect instanceof Item.Effect.Require(_, _, Item.Denial denial)) {
                        denial(denial, found);
                    }
                }
            }
            case Item.Pool pool -> {
                for (Item.PoolProperty property : pool.properties()) {
                    if (property instanceof Item.PoolProperty.Retry retry
                            && retry.within() == null) {
                        retry(retry, found);
                    }
                }
            }
            case Item.Team team -> {
                for (Item.TeamProperty property : team.properties()) {
                    if (property instanceof Item.TeamProperty.Key key) {
                        kebab(key.name(), found);
                    }
                }
            }
            case Item _ -> {}
        }
    }

    /// Returns the name that a declaration gives; null for secrets, which are called like
    /// variables.
    private static @Nullable Name nameOf(Item item) {
        return switch (item) {
            case Item.Provider provider -> provider.name();
            case Item.Model model -> model.name();
            case Item.Pool pool -> pool.name();
            case Item.Route route -> route.name();
            case Item.Team team -> team.name();
            case Item.Rule rule -> rule.name();
            case Item.Identity identity -> identity.name();
            case Item _ -> null;
        };
    }

    private static void kebab(Name name, List<Diagnostic> found) {
        String text = name.text();
        String kebab = text.toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        boolean plain = !name.span().text().startsWith("`");
        if (plain && !text.equals(kebab)) {
            found.add(
                    Diagnostic.of(
                                    DiagnosticCode.NAME_NOT_KEBAB,
                                    name.span(),
                                    "`%s` is not written like other names".formatted(text))
                            .hint("Call it `%s`.".formatted(kebab)));
        }
    }

    private static void denial(Item.Denial denial, List<Diagnostic> found) {
        if (denial.text() == null || denial.text().value().isBlank()) {
            found.add(
                    Diagnostic.of(
                                    DiagnosticCode.DENIAL_WITHOUT_TEXT,
                                    denial.span(),
                                    "a client is refused and not told why")
                            .at("no text")
                            .hint("Say what the client can do about it: `deny 403 \"…\"`."));
        }
        if (denial.status() != null
                && denial.status().amount().compareTo(SERVER_ERROR_MIN) >= 0
                && denial.status().amount().compareTo(UNAVAILABLE) != 0) {
            found.add(
                    Diagnostic.of(
                                    DiagnosticCode.DENIAL_AS_FAILURE,
                                    denial.status().span(),
                                    "this denial looks like a failure of the gateway")
                            .at("clients try again, and alarms go off")
                            .hint(
                                    "Take a status below 500, or 503 for what is closed for a"
                                            + " while."));
        }
    }

    private static void retry(Item.PoolProperty.Retry retry, List<Diagnostic> found) {
        String better = retry.span().text() + " within 2s";
        found.add(
                Linter.written(
                        Diagnostic.of(
                                        DiagnosticCode.RETRY_WITHOUT_WITHIN,
                                        retry.span(),
                                        "this retry does not say how long")
                                .at("2 seconds, unless it says so"),
                        better,
                        Edit.behind(retry.span(), " within 2s")));
    }

    /// Reports an arm that leads where the next one leads.
    private static void sameTargets(Item.Route route, List<Diagnostic> found) {
        for (int i = 0; i + 1 < route.arms().size(); i++) {
            Item.Arm arm = route.arms().get(i);
            Item.Arm next = route.arms().get(i + 1);
            if (arm.action() instanceof Item.ArmAction.Go(Item.Target here)
                    && next.action() instanceof Item.ArmAction.Go(Item.Target there)
                    && here.kind() == there.kind()
                    && here.name()
                            .parts()
                            .getLast()
                            .text()
                            .equals(there.name().parts().getLast().text())) {
                Diagnostic same =
                        Diagnostic.of(
                                        DiagnosticCode.ARMS_TO_ONE_TARGET,
                                        arm.name().span(),
                                        "arm `%s` leads where the next one leads"
                                                .formatted(arm.name().text()))
                                .because(next.span(), "the next one");
                found.add(
                        next.when() == null
                                ? same.hint(
                                                "Remove it: `%s` catches what it catches."
                                                        .formatted(next.name().text()))
                                        .fix("Remove the arm", Edit.remove(arm.span()))
                                : same.hint("Make one arm of both, with `or`."));
            }
        }
    }
}
