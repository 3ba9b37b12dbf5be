package dev.writ.dsl.check;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.syntax.Literal;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Addresses in the web that stand in policies.
final class WebAddress {
    private WebAddress() {}

    /// What an address is for.
    enum Use {
        PROVIDER("url of a provider", "https://api.example.com/v1", false, false),
        ISSUER("address of an issuer", "https://login.example.com/", false, true),
        JWKS("address of keys", "https://login.example.com/keys", true, true);

        private final String noun;
        private final String example;
        private final boolean mayHaveQuery;
        private final boolean mustBePrivate;

        Use(String noun, String example, boolean mayHaveQuery, boolean mustBePrivate) {
            this.noun = noun;
            this.example = example;
            this.mayHaveQuery = mayHaveQuery;
            this.mustBePrivate = mustBePrivate;
        }
    }

    /// Reports a text that is too long, or no address for the use; returns whether it is one.
    static boolean check(Literal.Text text, Use use, Report report) {
        String written = Texts.text(text, report);
        URI uri = parse(written);
        if (uri == null || !isWhole(uri, use)) {
            // Looked for in the text itself, so that it is found in what is no url at all.
            boolean secret = written.contains("@") || (written.contains("?") && !use.mayHaveQuery);
            if (secret) {
                report.hide(text.span());
            }
            report.add(secret ? credential(text, use) : noAddress(text, use));
            return false;
        }
        if (use.mustBePrivate && "http".equals(uri.getScheme()) && !isLoopback(uri.getHost())) {
            report.add(inTheClear(text, use));
            return false;
        }
        return true;
    }

    private static @Nullable URI parse(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException _) {
            return null;
        }
    }

    private static boolean isWhole(URI uri, Use use) {
        boolean scheme = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
        return scheme
                && uri.getHost() != null
                && uri.getRawUserInfo() == null
                && (uri.getRawQuery() == null || use.mayHaveQuery)
                && uri.getRawFragment() == null;
    }

    /// Tells whether a host is this machine, whatever names mean elsewhere.
    private static boolean isLoopback(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        return lower.equals("localhost")
                || lower.equals("[::1]")
                || (lower.startsWith("127.")
                        && lower.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9')));
    }

    private static Diagnostic credential(Literal.Text text, Use use) {
        return Diagnostic.of(
                        DiagnosticCode.LOOKS_LIKE_CREDENTIAL,
                        text.span(),
                        "there is a user name, a password or a query in this url")
                .at("hidden here")
                .hint("If it is a key, replace it: it is in the history of this file.")
                .hint("Write scheme, host and path only: `%s`.".formatted(use.example))
                .hint("Keys go into `secret NAME from env`.");
    }

    private static Diagnostic noAddress(Literal.Text text, Use use) {
        return Amounts.notAllowed(text.span(), "this is no %s".formatted(use.noun))
                .at("not `https://host/path`")
                .hint("Write scheme, host and path only: `%s`.".formatted(use.example));
    }

    private static Diagnostic inTheClear(Literal.Text text, Use use) {
        String https = "\"https" + text.span().text().substring("\"http".length());
        Diagnostic clear =
                Diagnostic.of(
                                DiagnosticCode.NOT_HTTPS,
                                text.span(),
                                "this %s is not `https`".formatted(use.noun))
                        .at("whoever is on the way can put keys of their own there")
                        .hint("Write `https://…`; `http` is for addresses of this machine only.");
        return text.span().text().startsWith("\"http:")
                ? clear.fix("Write `https`", text.span(), https)
                : clear;
    }
}
