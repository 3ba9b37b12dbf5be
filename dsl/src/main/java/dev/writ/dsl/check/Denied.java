package dev.writ.dsl.check;

import dev.writ.dsl.check.Declarations.Declared;
import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.policy.Phase;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.source.Span;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Rules that deny only what another rule of their phase denies anyway.
final class Denied {
    /// A rule that does nothing but deny.
    ///
    /// @param slots of the facts of which every alternative in which it fires demands something
    private record Denier(Policy.Rule rule, Cases fires, @Nullable Cases rests, BitSet slots) {}

    private final Declarations declarations;
    private final CaseTable cases;
    private final Report report;

    Denied(Unit unit) {
        this.declarations = unit.declarations();
        this.cases = unit.cases();
        this.report = unit.report();
    }

    /// Warns of each rule that changes nothing, with the rule that makes it so.
    void check(List<Policy.Rule> rules) {
        for (Phase phase : Phase.values()) {
            List<Denier> deniers = new ArrayList<>();
            for (Policy.Rule rule : rules) {
                Denier denier = rule.phase() == phase ? denier(rule) : null;
                if (denier != null) {
                    deniers.add(denier);
                }
            }
            Map<BitSet, List<Denier>> bySlots = new LinkedHashMap<>();
            deniers.forEach(
                    each ->
                            bySlots.computeIfAbsent(each.slots(), _ -> new ArrayList<>())
                                    .add(each));
            for (Denier narrow : deniers) {
                Denier wide = first(narrow, bySlots);
                if (wide != null) {
                    report.add(needless(narrow.rule(), wide.rule()));
                }
            }
        }
    }

    /// Returns the first rule that makes the narrow one needless, or null. Only those that demand
    /// nothing of facts of which the narrow one demands nothing can.
    private static @Nullable Denier first(Denier narrow, Map<BitSet, List<Denier>> bySlots) {
        Denier first = null;
        for (Map.Entry<BitSet, List<Denier>> group : bySlots.entrySet()) {
            if (!isWithin(group.getKey(), narrow.slots())) {
                continue;
            }
            for (Denier wide : group.getValue()) {
                if (first != null && wide.rule().index() > first.rule().index()) {
                    break;
                }
                if (covers(wide, narrow) && isTold(wide, narrow)) {
                    first = wide;
                    break;
                }
            }
        }
        return first;
    }

    private @Nullable Denier denier(Policy.Rule rule) {
        Cases fires = cases.yes(rule.when());
        if (fires == null
                || fires.isEmpty()
                || !rule.effects().stream().allMatch(Policy.Effect.Deny.class::isInstance)) {
            return null;
        }
        BitSet slots = slots(fires.cases().getFirst());
        fires.cases().forEach(each -> slots.and(slots(each)));
        return new Denier(rule, fires, cases.no(rule.when()), slots);
    }

    private static BitSet slots(Case of) {
        BitSet slots = new BitSet();
        of.demands().keySet().forEach(demanded -> slots.set(demanded.slot()));
        return slots;
    }

    private static boolean isWithin(BitSet inner, BitSet outer) {
        BitSet others = (BitSet) inner.clone();
        others.andNot(outer);
        return others.isEmpty();
    }

    /// Tells that no request fires the narrow rule and leaves the wide one at rest.
    private static boolean covers(Denier wide, Denier narrow) {
        return wide.rule().index() != narrow.rule().index()
                && wide.rests() != null
                && narrow.fires().excludes(wide.rests());
    }

    /// Tells which of two rules that cover each other is the needless one: the second.
    private static boolean isTold(Denier wide, Denier narrow) {
        boolean first = narrow.rule().index() < wide.rule().index();
        return !first
                || !isWithin(narrow.slots(), wide.slots())
                || !covers(/* wide= */ narrow, /* narrow= */ wide);
    }

    private Diagnostic needless(Policy.Rule narrow, Policy.Rule wide) {
        return Diagnostic.of(
                        DiagnosticCode.DENIED_ALREADY,
                        name(narrow),
                        "rule `%s` denies nothing that is not denied already"
                                .formatted(narrow.name()))
                .at("another rule denies all of it")
                .because(name(wide), "rule `%s`".formatted(wide.name()))
                .hint("Remove it, or narrow the other one.");
    }

    private Span name(Policy.Rule rule) {
        Declared declared = declarations.find(Kind.RULE, rule.name());
        return declared == null ? rule.span() : declared.name().span();
    }
}
