package dev.writ.engine;

import dev.writ.dsl.policy.Condition;
import dev.writ.dsl.policy.Policy;
import dev.writ.engine.internal.Canonical;
import dev.writ.engine.internal.ClauseIndex;
import dev.writ.engine.internal.FactValues;
import dev.writ.engine.internal.IndexBuilder;
import dev.writ.engine.internal.Residuals;
import dev.writ.engine.internal.Scratch;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is decided differently for each team: its grants, and the rules that ask who is calling.
///
/// @param always places of the routes that the team may use whatever the request
/// @param sometimes grants with a condition
/// @param request indexes of the rules of each phase; null where none can fire for the team
record TeamDecider(
        BitSet always,
        List<ConditionalGrant> sometimes,
        Residuals residuals,
        @Nullable ClauseIndex request,
        @Nullable ClauseIndex route,
        @Nullable ClauseIndex stream,
        @Nullable ClauseIndex response) {

    /// A grant with a condition.
    ///
    /// @param residual the condition
    record ConditionalGrant(BitSet routes, int residual) {}

    /// Tells whether a grant for the route is certainly true.
    boolean grants(Policy.Route asked, FactValues facts, Scratch scratch) {
        if (always.get(asked.index())) {
            return true;
        }
        for (int i = 0; i < sometimes.size(); i++) {
            ConditionalGrant grant = sometimes.get(i);
            if (grant.routes.get(asked.index())
                    && residuals.value(grant.residual, facts, scratch) == Truth.TRUE) {
                return true;
            }
        }
        return false;
    }

    /// Tells whether some request of the team may use the route.
    boolean mayGrant(Policy.Route asked) {
        return always.get(asked.index())
                || sometimes.stream().anyMatch(grant -> grant.routes.get(asked.index()));
    }

    /// The grants of a team while indexes are built.
    record Grants(BitSet always, List<ConditionalGrant> sometimes) {
        static Grants of(Policy.Team team, IndexBuilder builder) {
            BitSet always = new BitSet();
            List<ConditionalGrant> sometimes = new ArrayList<>();
            for (Policy.Grant grant : team.grants()) {
                BitSet routes = new BitSet();
                grant.routes().forEach(routes::set);
                if (grant.when() instanceof Condition.Constant(_, boolean value)) {
                    if (value) {
                        always.or(routes);
                    }
                } else {
                    int residual = builder.residual(Canonical.of(grant.when()));
                    sometimes.add(new ConditionalGrant(routes, residual));
                }
            }
            return new Grants(always, List.copyOf(sometimes));
        }
    }
}
