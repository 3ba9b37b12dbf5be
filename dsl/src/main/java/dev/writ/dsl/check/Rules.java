package dev.writ.dsl.check;

import dev.writ.dsl.check.Declarations.Declared;
import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.Condition;
import dev.writ.dsl.policy.Condition.NumberTerm;
import dev.writ.dsl.policy.Fact;
import dev.writ.dsl.policy.Phase;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.Policy.Settable;
import dev.writ.dsl.policy.Template;
import dev.writ.dsl.source.Span;
import dev.writ.dsl.syntax.Expr;
import dev.writ.dsl.syntax.Item;
import dev.writ.dsl.syntax.Literal;
import dev.writ.dsl.syntax.Name;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The rules of a tree.
final class Rules {
    private static final int WHOLE = (int) (100 * Amounts.BASIS_POINTS_PER_PERCENT);

    private final Unit unit;

    Rules(Unit unit) {
        this.unit = unit;
    }

    /// Checks every rule, in the order of files and declarations.
    static List<Policy.Rule> check(Unit unit) {
        Rules rules = new Rules(unit);
        List<Policy.Rule> checked = new ArrayList<>();
        for (Declared declared : unit.declarations().of(Kind.RULE).values()) {
            if (declared.item() instanceof Item.Rule item) {
                Policy.Rule rule = rules.rule(checked.size(), item, unit.scope(declared.file()));
                if (rule != null) {
                    checked.add(rule);
                }
            }
        }
        return checked;
    }

    /// Returns the slots of the facts that some rule on `request` changes.
    static BitSet changed(List<Policy.Rule> rules, FactTable facts) {
        BitSet slots = new BitSet();
        for (Policy.Rule rule : rules) {
            for (Policy.Effect effect : rule.effects()) {
                Settable field = changed(effect);
                Attribute attribute = field == null ? null : Attributes.find(field.path());
                Fact fact = attribute == null ? null : facts.find(attribute);
                if (rule.phase() == Phase.REQUEST && fact != null) {
                    slots.set(fact.slot());
                }
            }
        }
        return slots;
    }

    /// Returns the field that the effect changes, or null if it changes none.
    private static @Nullable Settable changed(Policy.Effect effect) {
        return effect instanceof Policy.Effect.Clamp clamp ? clamp.field() : field(effect);
    }

    /// Returns the field that the effect sets, or null if it sets none.
    static @Nullable Settable field(Policy.Effect effect) {
        return switch (effect) {
            case Policy.Effect.SetNumber set -> set.field();
            case Policy.Effect.SetText set -> set.field();
            case Policy.Effect.SetFlag set -> set.field();
            case Policy.Effect.Deny _,
                    Policy.Effect.Require _,
                    Policy.Effect.Tag _,
                    Policy.Effect.Clamp _,
                    Policy.Effect.AddMessage _,
                    Policy.Effect.Audit _ ->
                    null;
        };
    }

    private Policy.@Nullable Rule rule(int index, Item.Rule item, Scope scope) {
        Phase phase = phase(item.phase());
        // What stands in a rule of an unknown phase is checked as in the last, which sees most.
        Place place = Place.of(phase == null ? Phase.RESPONSE : phase);
        Conditions conditions = new Conditions(unit, scope, place);
        Templates templates = new Templates(unit, scope, place);
        Expr written = item.when();
        Condition when =
                written == null
                        ? new Condition.Constant(item.span(), true)
                        : conditions.condition(written);
        BitSet known = new BitSet();
        if (when == null) {
            known.set(0, Limits.FACTS_MAX);
        } else {
            known.or(Presence.ifTrue(when));
        }
        List<Policy.Effect> effects = new ArrayList<>();
        boolean whole = true;
        for (Item.Effect effect : item.effects()) {
            Policy.Effect checked = effect(effect, phase, conditions, templates, known);
            if (checked == null) {
                whole = false;
            } else {
                effects.add(checked);
            }
        }
        if (effects.size() > Limits.EFFECTS_PER_RULE_MAX) {
            add(
                    Diagnostic.of(
                                    DiagnosticCode.TOO_LARGE,
                                    item.name().span(),
                                    "rule `%s` does too much".formatted(item.name().text()))
                            .at(
                                    String.format(
                                            Locale.ROOT,
                                            "%,d effects; a rule may have %,d",
                                            effects.size(),
                                            Limits.EFFECTS_PER_RULE_MAX)));
        }
        return phase == null || when == null || !whole
                ? null
                : new Policy.Rule(index, item.name().text(), item.span(), phase, when, effects);
    }

    private @Nullable Phase phase(Name name) {
        for (Phase phase : Phase.values()) {
            if (phase.word().equals(name.text())) {
                return phase;
            }
        }
        add(Unknowns.keyword(name, "phase", Unknowns.PHASE));
        return null;
    }

    private Policy.@Nullable Effect effect(
            Item.Effect effect,
            @Nullable Phase phase,
            Conditions conditions,
            Templates templates,
            BitSet known) {
        return switch (effect) {
            case Item.Effect.Deny(Span span, Item.Denial denial) -> {
                notAfterStream(span, phase, "deny");
                yield new Policy.Effect.Deny(Denials.check(denial, unit.report()));
            }
            case Item.Effect.Require(Span span, Expr expr, Item.Denial denial) -> {
                notAfterStream(span, phase, "require");
                Condition condition = conditions.condition(expr, known);
                Policy.Denial checked = Denials.check(denial, unit.report());
                yield condition == null ? null : new Policy.Effect.Require(condition, checked);
            }
            case Item.Effect.Tag(Span _, Literal.Text tag) -> {
                if (Texts.word(tag, unit.report()).isBlank()) {
                    add(Amounts.notAllowed(tag.span(), "a tag needs a text"));
                }
                yield new Policy.Effect.Tag(tag.value());
            }
            case Item.Effect.Set set -> set(set, phase, conditions, known);
            case Item.Effect.Clamp clamp -> {
                notAfterAnswer(clamp.span(), phase, "clamp");
                Settable field = settable(clamp.path());
                yield field == null ? null : Clamps.check(clamp, field, unit);
            }
            case Item.Effect.AddMessage message -> message(message, phase, templates);
            case Item.Effect.Audit(Span _, Name level, Literal.Percent share) ->
                    audit(level, share);
            case Item.Effect.Guard guard -> {
                add(NotYet.keyword(guard.span(), "guard"));
                yield null;
            }
            case Item.Effect.Unknown _ -> null; // the parser has said so
        };
    }

    private void notAfterStream(Span span, @Nullable Phase phase, String effect) {
        if (phase == Phase.RESPONSE) {
            add(
                    Diagnostic.of(
                                    DiagnosticCode.DENY_AFTER_STREAM,
                                    span,
                                    "`%s` comes too late on `response`".formatted(effect))
                            .at("the client has the answer already")
                            .hint(
                                    "Make the rule one `on request`, `on route` or `on stream`, or"
                                            + " `tag` the answer."));
        }
    }

    private Policy.@Nullable Effect set(
            Item.Effect.Set set, @Nullable Phase phase, Conditions conditions, BitSet known) {
        notAfterAnswer(set.span(), phase, "set");
        Settable field = settable(set.path());
        if (field == null) {
            return null;
        }
        return switch (field.type()) {
            case NUMBER, TOKENS, USD, DURATION, PERCENT, BYTES -> {
                NumberTerm value = conditions.number(set.value(), field.type(), known);
                yield value == null ? null : new Policy.Effect.SetNumber(field, value);
            }
            case TEXT -> {
                if (set.value() instanceof Expr.Constant(Span _, Literal.Text text)) {
                    yield new Policy.Effect.SetText(field, Texts.text(text, unit.report()));
                }
                yield wrong(set.value(), field, "a written text, such as `\"low\"`");
            }
            case BOOL -> {
                if (set.value() instanceof Expr.Constant(Span _, Literal.Bool bool)) {
                    yield new Policy.Effect.SetFlag(field, bool.value());
                }
                yield wrong(set.value(), field, "`true` or `false`");
            }
            case LABEL, COLLECTION -> null;
        };
    }

    private void notAfterAnswer(Span span, @Nullable Phase phase, String effect) {
        if (phase == Phase.STREAM || phase == Phase.RESPONSE) {
            add(
                    Diagnostic.of(
                                    DiagnosticCode.EFFECT_NOT_IN_PHASE,
                                    span,
                                    "`%s` comes too late on `%s`".formatted(effect, phase.word()))
                            .at("the request was sent already")
                            .hint("Make the rule one `on request` or `on route`."));
        }
    }

    private Policy.@Nullable Effect message(
            Item.Effect.AddMessage message, @Nullable Phase phase, Templates templates) {
        notAfterAnswer(message.span(), phase, message.first() ? "prepend" : "append");
        Template text = templates.template(message.text());
        for (Policy.Message.Role role : Policy.Message.Role.values()) {
            if (role.word().equals(message.role().text())) {
                return text == null
                        ? null
                        : new Policy.Effect.AddMessage(
                                new Policy.Message(message.first(), role, text));
            }
        }
        add(Unknowns.keyword(message.role(), "role of a message", Unknowns.ROLE));
        return null;
    }

    /// Returns the field that can be set, or reports that there is none.
    @Nullable Settable settable(Expr.Path path) {
        for (Settable field : Settable.values()) {
            if (field.path().equals(path.text())) {
                return field;
            }
        }
        List<String> known = Arrays.stream(Settable.values()).map(Settable::path).toList();
        boolean readable = Attributes.find(path.text()) != null;
        Diagnostic unknown =
                Diagnostic.of(
                                DiagnosticCode.UNKNOWN_ATTRIBUTE,
                                path.span(),
                                readable
                                        ? "`%s` cannot be set".formatted(path.text())
                                        : "unknown field `%s`".formatted(path.text()))
                        .at(readable ? "can be read only" : "no such field");
        add(
                readable
                        ? unknown.hint("What can be set: %s.".formatted(Suggested.listed(known)))
                        : Suggested.word(unknown, path.text(), known, "field"));
        return null;
    }

    private Policy.@Nullable Effect wrong(Expr value, Settable field, String needed) {
        if (!(value instanceof Expr.Missing)) {
            add(
                    Diagnostic.of(
                                    DiagnosticCode.TYPE_MISMATCH,
                                    value.span(),
                                    "`%s` is set to %s"
                                            .formatted(field.path(), field.type().noun()))
                            .at("this is none")
                            .hint("Write %s.".formatted(needed)));
        }
        return null;
    }

    private Policy.@Nullable Effect audit(@Nullable Name level, Literal.@Nullable Percent share) {
        boolean full = level != null && level.text().equals("full");
        if (level != null && !Unknowns.AUDIT.contains(level.text())) {
            add(Unknowns.keyword(level, "depth of an audit", Unknowns.AUDIT));
            return null;
        }
        Integer basisPoints =
                share == null ? (Integer) WHOLE : Amounts.share(share, 1, unit.report());
        return basisPoints == null ? null : new Policy.Effect.Audit(full, basisPoints);
    }

    private void add(Diagnostic diagnostic) {
        unit.report().add(diagnostic);
    }
}
