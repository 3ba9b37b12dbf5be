package dev.writ.engine;

import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.Condition;
import dev.writ.dsl.policy.Phase;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.Policy.Effect;
import dev.writ.engine.internal.FactLayout;
import dev.writ.engine.internal.FactValues;
import dev.writ.engine.internal.TreeEvaluator;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Decides one request as plainly as can be: the definition of what [PolicySnapshot] does fast.
///
/// Explanations are made from it. Each phase leaves the facts as the next one sees them.
public final class TreeDecider {
    private final Policy policy;
    private final FactLayout layout;
    private final Caller caller;
    private final FactValues facts;

    private @Nullable Reason reason;
    private @Nullable String reasonName;
    private Policy.@Nullable Denial denial;
    private Policy.@Nullable Route at;
    private Policy.@Nullable Arm arm;
    private Policy.@Nullable Target target;
    private final Set<String> tags = new LinkedHashSet<>();
    private final Map<Policy.Settable, SetValue> sets = new EnumMap<>(Policy.Settable.class);
    private final List<Effect.Clamp> clamps = new ArrayList<>();
    private final List<Policy.Message> messages = new ArrayList<>();
    private int auditBasisPoints;
    private int fullAuditBasisPoints;
    private final List<Policy.Rule> fired = new ArrayList<>();

    /// Decides the phases request and route.
    ///
    /// @param facts reset with the caller and filled; they stay as they are
    public static Verdict decide(
            PolicySnapshot snapshot, Caller caller, Policy.Route asked, Facts facts) {
        TreeDecider decider =
                new TreeDecider(
                        snapshot.policy(), snapshot.layout(), caller, facts.values().copy());
        decider.request(asked);
        decider.route(asked, Observer.NONE);
        return decider.verdict();
    }

    /// @param facts which it changes
    TreeDecider(Policy policy, FactLayout layout, Caller caller, FactValues facts) {
        this.policy = policy;
        this.layout = layout;
        this.caller = caller;
        this.facts = facts;
    }

    /// Decides the grant and the rules on request.
    void request(Policy.Route asked) {
        at = asked;
        tags.addAll(caller.tags().tags());
        boolean granted =
                caller.team().grants().stream()
                        .filter(grant -> grant.routes().contains(asked.index()))
                        .anyMatch(grant -> evaluate(grant.when()) == Truth.TRUE);
        if (!granted) {
            deny(Reason.GRANT, asked.name(), new Policy.Denial(403, ""));
        }
        rules(Phase.REQUEST);
    }

    /// Takes arms from the route on and decides the rules on route.
    ///
    /// @param observer is told of it
    void route(Policy.Route asked, Observer observer) {
        Policy.Route route = asked;
        while (true) {
            put(Attribute.ROUTE_NAME, label(Attribute.ROUTE_NAME, route.name()));
            Policy.Arm first = firstArm(route, observer);
            if (first.action() instanceof Policy.ArmAction.Go(Policy.Target.ToRoute to)) {
                route = route(to.route());
                continue;
            }
            at = route;
            arm = first;
            put(Attribute.ARM, first.label());
            observer.taken();
            switch (first.action()) {
                case Policy.ArmAction.Go(Policy.Target to) -> {
                    target = to;
                    rules(Phase.ROUTE);
                }
                case Policy.ArmAction.Refuse(Policy.Denial refusal) -> {
                    rules(Phase.ROUTE);
                    deny(Reason.ARM, route.name() + "/" + first.name(), refusal);
                }
            }
            return;
        }
    }

    /// Decides the rules on stream about a text of the answer, whole or as far as it has come.
    void stream() {
        rules(Phase.STREAM);
    }

    /// Decides the rules on response.
    void response() {
        rules(Phase.RESPONSE);
    }

    Verdict verdict() {
        return new Verdict(
                reason != null,
                reason,
                reasonName,
                denial,
                at,
                arm,
                target,
                List.copyOf(tags),
                sets,
                messages,
                auditBasisPoints,
                fullAuditBasisPoints,
                fired);
    }

    /// Hears how the route phase goes.
    interface Observer {
        /// Does nothing.
        Observer NONE =
                new Observer() {
                    @Override
                    public void looked(Policy.Route route, Policy.Arm arm, Truth value) {}

                    @Override
                    public void taken() {}
                };

        /// An arm was looked at.
        void looked(Policy.Route route, Policy.Arm arm, Truth value);

        /// An arm is taken; the facts are as the rules on route see them.
        void taken();
    }

    private Policy.Arm firstArm(Policy.Route route, Observer observer) {
        for (Policy.Arm each : route.arms()) {
            Truth value = evaluate(each.when());
            observer.looked(route, each, value);
            if (value == Truth.TRUE) {
                return each;
            }
        }
        throw new IllegalStateException(
                "route " + route.name() + " must have an arm that is always true");
    }

    private Policy.Route route(String name) {
        return policy.routes().stream()
                .filter(route -> route.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no route " + name));
    }

    private void rules(Phase phase) {
        for (Policy.Rule rule : policy.rules()) {
            if (rule.phase() == phase) {
                Truth when = evaluate(rule.when());
                boolean did = false;
                for (Effect effect : rule.effects()) {
                    did |= happens(rule, effect, when);
                }
                if (did) {
                    fired.add(rule);
                }
            }
        }
        for (Policy.Settable field : Policy.Settable.values()) {
            if (field.canBeClamped()) {
                clamp(field);
            }
        }
        // Only now: what rules of a phase set is not seen by its other rules.
        sets.forEach(this::putSet);
    }

    private boolean happens(Policy.Rule rule, Effect effect, Truth when) {
        boolean possible = when != Truth.FALSE;
        boolean certain = when == Truth.TRUE;
        return switch (effect) {
            case Effect.Deny(Policy.Denial what) -> {
                if (possible) {
                    deny(Reason.RULE, rule.name(), what);
                }
                yield possible;
            }
            case Effect.Require(Condition condition, Policy.Denial what) -> {
                boolean missed = possible && evaluate(condition) != Truth.TRUE;
                if (missed) {
                    deny(Reason.RULE, rule.name(), what);
                }
                yield missed;
            }
            case Effect.Tag(String tag) -> {
                if (possible) {
                    tags.add(tag);
                }
                yield possible;
            }
            case Effect.Audit(boolean full, int basisPoints) -> {
                if (possible) {
                    auditBasisPoints = Math.max(auditBasisPoints, basisPoints);
                    fullAuditBasisPoints = Math.max(fullAuditBasisPoints, full ? basisPoints : 0);
                }
                yield possible;
            }
            case Effect.Clamp clamp -> {
                if (possible) {
                    clamps.add(clamp);
                }
                yield possible;
            }
            case Effect.AddMessage(Policy.Message message) -> {
                if (certain) {
                    messages.add(message);
                }
                yield certain;
            }
            case Effect.SetNumber(Policy.Settable field, Condition.NumberTerm term) -> {
                OptionalLong value = TreeEvaluator.evaluate(term, facts);
                if (certain && value.isPresent()) {
                    sets.put(field, new SetValue.OfNumber(value.getAsLong()));
                }
                yield certain;
            }
            case Effect.SetText(Policy.Settable field, String value) -> {
                if (certain) {
                    sets.put(field, new SetValue.OfText(value));
                }
                yield certain;
            }
            case Effect.SetFlag(Policy.Settable field, boolean value) -> {
                if (certain) {
                    sets.put(field, new SetValue.OfFlag(value));
                }
                yield certain;
            }
        };
    }

    /// Moves what rules or the client wrote within all bounds, the lower ones first.
    private void clamp(Policy.Settable field) {
        long before = written(field);
        long number = before;
        for (Effect.Clamp clamp : clamps) {
            number = clamp.field() == field ? Math.max(number, clamp.least()) : number;
        }
        for (Effect.Clamp clamp : clamps) {
            number = clamp.field() == field ? Math.min(number, clamp.most()) : number;
        }
        if (number != before) {
            sets.put(field, new SetValue.OfNumber(number));
        }
    }

    private long written(Policy.Settable field) {
        if (sets.get(field) instanceof SetValue.OfNumber(long number)) {
            return number;
        }
        Attribute attribute = FactLayout.attribute(field);
        int slot = attribute == null ? -1 : layout.slot(attribute);
        return slot >= 0 && facts.isPresent(slot) ? facts.number(slot) : field.whenAbsent();
    }

    private void putSet(Policy.Settable field, SetValue value) {
        Attribute attribute = FactLayout.attribute(field);
        int slot = attribute == null ? -1 : layout.slot(attribute);
        if (slot >= 0) {
            switch (value) {
                case SetValue.OfNumber(long number) -> facts.put(slot, number);
                case SetValue.OfText(String text) -> facts.put(slot, text);
                case SetValue.OfFlag(boolean yes) -> facts.put(slot, yes ? 1 : 0);
            }
        }
    }

    private void deny(Reason why, String name, Policy.Denial what) {
        if (reason == null) {
            reason = why;
            reasonName = name;
            denial = what;
        }
    }

    private int label(Attribute attribute, String word) {
        int slot = layout.slot(attribute);
        return slot < 0 ? FactLayout.OTHER_LABEL : layout.label(slot, word);
    }

    private void put(Attribute attribute, long label) {
        int slot = layout.slot(attribute);
        if (slot >= 0) {
            facts.put(slot, label);
        }
    }

    private Truth evaluate(Condition condition) {
        return TreeEvaluator.evaluate(condition, facts);
    }
}
