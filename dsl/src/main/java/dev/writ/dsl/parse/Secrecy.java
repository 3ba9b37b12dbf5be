package dev.writ.dsl.parse;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.Span;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Broken pieces with what may be a secret in clear: nothing of that is ever shown.
final class Secrecy {
    private Secrecy() {}

    /// Returns the message about a piece whose mistake is the secret itself, or null.
    static @Nullable Diagnostic of(Failure failure) {
        Span hidden = hidden(failure);
        if (hidden == null || failure.place().end() <= hidden.start()) {
            return null;
        }
        Tokens tokens = failure.tokens();
        String name =
                Words.isName(failure.type(failure.from() + 1 - failure.at()))
                        ? tokens.text(failure.from() + 1)
                        : "NAME";
        Diagnostic diagnostic =
                Diagnostic.of(
                        DiagnosticCode.UNEXPECTED_TOKEN,
                        hidden,
                        switch (failure.form()) {
                            case SECRET ->
                                    "a secret says where its value comes from, not what it is";
                            case TEAM_PROPERTY -> "a key stands in a policy as its SHA-256 only";
                            default -> "a provider names its secret, it does not tell it";
                        });
        diagnostic =
                switch (failure.form()) {
                    case SECRET -> diagnostic.hint("Write `secret %s from env`.".formatted(name));
                    case TEAM_PROPERTY ->
                            diagnostic.hint("Write `key %s sha256 \"…\"`.".formatted(name));
                    default ->
                            diagnostic.hint(
                                    "Declare `secret NAME from env`, and write `key NAME` here.");
                };
        return diagnostic.hint("Replace the value: it is in the history of this file.");
    }

    /// Hides in a message what stands in clear behind the name of a secret or a key.
    static Diagnostic hide(Diagnostic diagnostic, Failure failure) {
        Span hidden = hidden(failure);
        return hidden == null ? diagnostic : diagnostic.masking(List.of(hidden));
    }

    /// Returns it to the end of its line, or null if there is nothing of the kind.
    private static @Nullable Span hidden(Failure failure) {
        Tokens tokens = failure.tokens();
        boolean secret =
                switch (failure.form()) {
                    case SECRET -> true;
                    case PROVIDER_PROPERTY, MODEL_PROPERTY, TEAM_PROPERTY ->
                            soundsSecret(tokens.text(failure.from()));
                    default -> false;
                };
        int index = failure.from() + 1;
        while (secret
                && index < failure.to()
                && !tokens.startsLine(index)
                && !beginsValue(failure, index)) {
            index++;
        }
        if (!secret || index >= failure.to() || tokens.startsLine(index)) {
            return null;
        }
        Span first = tokens.span(index);
        Source source = first.source();
        int line = first.line();
        return new Span(
                source, first.start(), source.lineStart(line) + source.lineText(line).length());
    }

    /// Tells whether a word is what other systems call a secret.
    private static boolean soundsSecret(String word) {
        String lower = word.toLowerCase(Locale.ROOT);
        return lower.contains("key")
                || lower.contains("secret")
                || lower.contains("token")
                || lower.contains("passw");
    }

    private static boolean beginsValue(Failure failure, int index) {
        Tokens tokens = failure.tokens();
        if (failure.form() == Form.SECRET && index == failure.from() + 2) {
            return !isOrigin(tokens.type(index)) && !isOrigin(tokens.type(index + 1));
        }
        boolean sign =
                switch (tokens.type(index)) {
                    case WritParser.ASSIGN,
                            WritParser.COLON,
                            WritParser.STRING,
                            WritParser.OPEN_STRING,
                            WritParser.BAD_NUMBER,
                            WritParser.BAD ->
                            true;
                    default -> false;
                };
        return sign
                && !isOrigin(tokens.type(index - 1))
                && tokens.type(index - 1) != WritParser.SHA256;
    }

    private static boolean isOrigin(int type) {
        return switch (type) {
            case WritParser.FROM, WritParser.ENV, WritParser.FILE, WritParser.VAULT -> true;
            default -> false;
        };
    }
}
