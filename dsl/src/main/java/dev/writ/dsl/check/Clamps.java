package dev.writ.dsl.check;

import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.Policy.Settable;
import dev.writ.dsl.syntax.Item;
import dev.writ.dsl.syntax.Literal;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Bounds of numbers of the request.
final class Clamps {
    private static final List<String> FIELDS =
            Arrays.stream(Settable.values())
                    .filter(Settable::canBeClamped)
                    .map(Settable::path)
                    .toList();

    private Clamps() {}

    /// Returns the bounds, or null if something about them is wrong and reported.
    static Policy.@Nullable Effect check(Item.Effect.Clamp clamp, Settable field, Unit unit) {
        if (!field.canBeClamped()) {
            unit.report()
                    .add(
                            Amounts.notAllowed(
                                            clamp.path().span(),
                                            "`%s` has no bounds".formatted(field.path()))
                                    .hint("What has: %s.".formatted(Suggested.listed(FIELDS))));
            return null;
        }
        Literal lowest = clamp.least();
        Long least =
                lowest == null
                        ? (Long) Long.MIN_VALUE
                        : Amounts.of(lowest, field.type(), unit.report());
        Long most = Amounts.of(clamp.most(), field.type(), unit.report());
        if (least == null || most == null) {
            return null;
        }
        if (lowest != null && least > most) {
            unit.report()
                    .add(
                            Amounts.notAllowed(lowest.span(), "nothing is within these bounds")
                                    .hint(
                                            "Write the lower one first: `%s..%s`."
                                                    .formatted(
                                                            clamp.most().span().text(),
                                                            lowest.span().text())));
            return null;
        }
        Attribute attribute = Attributes.find(field.path());
        if (attribute != null) {
            unit.facts().fact(attribute, null, clamp.path().span());
        }
        return new Policy.Effect.Clamp(field, least, most);
    }
}
