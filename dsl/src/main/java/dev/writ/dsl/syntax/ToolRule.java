package dev.writ.dsl.syntax;

import dev.writ.dsl.source.Span;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What stands between the braces of `tools for …`.
public sealed interface ToolRule {
    Span span();

    /// `refunds approve billing.refund when args.amount_usd <= 200 by "leads" within 15min`.
    ///
    /// @param verb `allow`, `deny` or `approve`
    record Named(
            Span span,
            Name name,
            Name verb,
            List<Tool> tools,
            @Nullable Expr when,
            List<Extra> extras)
            implements ToolRule {
        public Named {
            tools = List.copyOf(tools);
            extras = List.copyOf(extras);
        }
    }

    /// `rest otherwise deny say "Not on the list."`.
    record Otherwise(Span span, Name name, Name verb, Literal.@Nullable Text say)
            implements ToolRule {}

    /// Something that is no rule of tools; the parser has said so.
    record Unknown(Span span, Name keyword) implements ToolRule {}

    /// `billing.refund`, `"github.get_*"`.
    ///
    /// @param pattern as written, without its quotes
    /// @param quoted whether `*` stands for any characters
    record Tool(Span span, String pattern, boolean quoted) {}

    /// What else stands in a rule.
    sealed interface Extra {
        Span span();

        record Limit(Span span, Allowance allowance) implements Extra {}

        /// `by "support-leads" within 15min`: who may approve.
        record By(Span span, Literal.Text group, Literal.@Nullable Time within) implements Extra {}

        record Guard(Span span, QualifiedName guard) implements Extra {}

        record Say(Span span, Literal.Text text) implements Extra {}
    }
}
