package dev.writ.dsl.check;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.Span;
import java.util.List;

/// Text of policy files that looks like a key, wherever it stands, comments included.
final class Credentials {
    /// How a kind of credential begins and goes on.
    ///
    /// @param bodyMin how many letters, digits, dashes and underscores must follow at least
    /// @param solidMin how many letters and digits must stand in a row in there
    private record Shape(String prefix, int bodyMin, int solidMin, String noun) {}

    private static final List<Shape> SHAPES =
            List.of(
                    new Shape("sk-", 20, 16, "an API key"),
                    new Shape("AKIA", 16, 16, "an AWS access key"),
                    new Shape("ASIA", 16, 16, "an AWS access key"),
                    new Shape("ghp_", 30, 30, "a GitHub token"),
                    new Shape("gho_", 30, 30, "a GitHub token"),
                    new Shape("ghs_", 30, 30, "a GitHub token"),
                    new Shape("github_pat_", 30, 20, "a GitHub token"),
                    new Shape("glpat-", 20, 16, "a GitLab token"),
                    new Shape("gsk_", 30, 30, "an API key"),
                    new Shape("hf_", 30, 30, "a Hugging Face token"),
                    new Shape("xoxb-", 20, 10, "a Slack token"),
                    new Shape("xoxp-", 20, 10, "a Slack token"),
                    new Shape("AIza", 30, 10, "a Google API key"),
                    new Shape("Bearer ", 20, 8, "a bearer token"),
                    new Shape("bearer ", 20, 8, "a bearer token"));

    private static final String PEM_BEGIN = "-----BEGIN ";
    private static final String PEM_KEY = "PRIVATE KEY-----";
    private static final String PEM_END = "-----END ";

    private Credentials() {}

    /// Reports and hides what looks like a credential, unless it is hidden already.
    static void check(Source file, Report report) {
        String text = file.text();
        for (Shape shape : SHAPES) {
            int at = text.indexOf(shape.prefix());
            while (at >= 0) {
                int end = bodyEnd(text, at + shape.prefix().length());
                if (isCredential(text, at, end, shape)) {
                    add(new Span(file, at, end), shape.noun(), report);
                }
                at = text.indexOf(shape.prefix(), Math.max(end, at + 1));
            }
        }
        int at = text.indexOf(PEM_BEGIN);
        while (at >= 0) {
            int key = text.indexOf(PEM_KEY, at);
            int line = lineEnd(text, at);
            int next = line;
            if (key >= 0 && key < line) {
                int end = text.indexOf(PEM_END, key);
                next = end < 0 ? text.length() : lineEnd(text, end);
                add(new Span(file, at, next), "a private key", report);
            }
            at = text.indexOf(PEM_BEGIN, next);
        }
    }

    private static boolean isCredential(String text, int start, int end, Shape shape) {
        if (start > 0 && isBody(text.charAt(start - 1))) {
            return false;
        }
        int body = start + shape.prefix().length();
        if (end - body < shape.bodyMin()) {
            return false;
        }
        boolean digit = false;
        boolean letter = false;
        int solid = 0;
        int longest = 0;
        for (int i = body; i < end; i++) {
            char c = text.charAt(i);
            boolean isDigit = c >= '0' && c <= '9';
            boolean isLetter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            digit |= isDigit;
            letter |= isLetter;
            solid = isDigit || isLetter ? solid + 1 : 0;
            longest = Math.max(longest, solid);
        }
        return digit && letter && longest >= shape.solidMin();
    }

    private static int bodyEnd(String text, int start) {
        int end = start;
        while (end < text.length() && isBody(text.charAt(end))) {
            end++;
        }
        return end;
    }

    private static boolean isBody(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '_';
    }

    private static int lineEnd(String text, int from) {
        int end = text.indexOf('\n', from);
        return end < 0 ? text.length() : end;
    }

    private static void add(Span span, String noun, Report report) {
        if (report.hides(span)) {
            return;
        }
        report.hide(span);
        report.add(
                Diagnostic.of(
                                DiagnosticCode.LOOKS_LIKE_CREDENTIAL,
                                span,
                                "this looks like %s".formatted(noun))
                        .at("hidden here")
                        .hint("Rotate it: it is in the history of this file.")
                        .hint("Remove it; values of secrets come `from env` or `from file`."));
    }
}
