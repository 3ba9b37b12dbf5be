package dev.writ.dsl.check;

import dev.writ.dsl.policy.Policy.Denial;
import dev.writ.dsl.syntax.Item;
import dev.writ.dsl.syntax.Literal;

/// What refused clients are told.
final class Denials {
    private static final int STATUS_DEFAULT = 403;

    private Denials() {}

    /// Returns the denial with its defaults, and reports a status that is none of an error.
    static Denial check(Item.Denial item, Report report) {
        Literal.Quantity status = item.status();
        Integer checked =
                status == null
                        ? (Integer) STATUS_DEFAULT
                        : Amounts.whole(status, "a status of errors", 400, 599, report);
        Literal.Text text = item.text();
        return new Denial(
                checked == null ? STATUS_DEFAULT : checked,
                text == null ? "" : Texts.text(text, report));
    }
}
