package dev.writ.dsl.check;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.source.Span;
import dev.writ.dsl.syntax.Item;
import dev.writ.dsl.syntax.Name;
import org.jspecify.annotations.Nullable;

/// Messages about parts of the language that this version does not carry out: never ignored.
final class NotYet {
    private NotYet() {}

    /// Returns the message about a keyword and what it begins.
    static Diagnostic keyword(Name keyword) {
        return of(keyword.span(), keyword.text(), keyword.text());
    }

    /// Returns the message about what begins with a keyword.
    static Diagnostic keyword(Span whole, String keyword) {
        Span first = new Span(whole.source(), whole.start(), whole.start() + keyword.length());
        return of(first, keyword, keyword);
    }

    /// Returns the message about a declaration that is not carried out, or null.
    static @Nullable Diagnostic declaration(Item item) {
        return switch (item) {
            case Item.Signal _ -> keyword(item.span(), "signal");
            case Item.Cache _ -> keyword(item.span(), "cache");
            case Item.Guard _ -> keyword(item.span(), "guard");
            case Item.Budget _ -> keyword(item.span(), "budget");
            case Item.Limit _ -> keyword(item.span(), "limit");
            case Item.Server _ -> keyword(item.span(), "server");
            case Item.Tools _ -> keyword(item.span(), "tools");
            case Item.Always _ -> keyword(item.span(), "always");
            case Item.Use _,
                    Item.Secret _,
                    Item.Provider _,
                    Item.Model _,
                    Item.Pool _,
                    Item.Route _,
                    Item.Team _,
                    Item.Rule _,
                    Item.Calendar _,
                    Item.Identity _,
                    Item.Test _,
                    Item.Broken _,
                    Item.Unknown _ ->
                    null;
        };
    }

    /// Returns the message about an attribute.
    ///
    /// @param root its first part
    static Diagnostic attribute(Span span, String path, String root) {
        return of(span, path, root);
    }

    static Diagnostic of(Span span, String words, String keyword) {
        return Diagnostic.of(
                        DiagnosticCode.NOT_AVAILABLE_YET,
                        span,
                        "`%s` is not available yet".formatted(words))
                .at(meaning(keyword))
                .hint(
                        "This version of Writ does not carry it out. Remove it: what stands in a"
                                + " policy is never silently ignored.");
    }

    private static String meaning(String keyword) {
        return switch (keyword) {
            case "signal" -> "a score or label that is computed from the prompt";
            case "cache" -> "answers that are remembered";
            case "guard" -> "a check of prompts and answers";
            case "budget" -> "an amount of money to spend in a time";
            case "limit" -> "an amount of use in a time";
            case "server", "tools" -> "rules for the tools of MCP servers";
            case "spent", "used" -> "what of a budget or limit is used already";
            case "tool", "args", "approve" -> "a call of a tool";
            case "cost" -> "the most that an answer may cost";
            case "always" -> "a statement that must hold for every request";
            default -> "a part of the language that comes later";
        };
    }
}
