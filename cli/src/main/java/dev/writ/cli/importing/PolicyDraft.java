package dev.writ.cli.importing;

import dev.writ.dsl.format.Formatted;
import dev.writ.dsl.format.Formatter;
import dev.writ.dsl.policy.Amount;
import dev.writ.dsl.source.Source;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A policy that is being put together, with what it does not say.
final class PolicyDraft {
    /// Words that the language keeps for itself where names stand.
    private static final Set<String> RESERVED =
            Set.of(
                    "and",
                    "or",
                    "not",
                    "is",
                    "in",
                    "else",
                    "present",
                    "absent",
                    "true",
                    "false",
                    "when",
                    "otherwise",
                    "deny",
                    "then",
                    "on",
                    "as",
                    "for",
                    "from",
                    "sha256",
                    "secret",
                    "provider",
                    "model",
                    "pool",
                    "route",
                    "team",
                    "rule");

    private static final int NAME_LENGTH_MAX = 60;
    private static final int TEXT_LENGTH_MAX = 200;

    private final String name;
    private final Supplier<String> newKeys;
    private final List<Declaration> declarations = new ArrayList<>();
    private final Map<String, Set<String>> names = new HashMap<>();
    private final Map<String, Declaration> known = new LinkedHashMap<>();
    private final List<Imported.Note> notes = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();
    private final Map<String, String> keys = new LinkedHashMap<>();

    /// @param newKeys makes keys that nobody can guess
    PolicyDraft(String name, Supplier<String> newKeys) {
        this.name = name;
        this.newKeys = newKeys;
    }

    /// A declaration, with the comments above it.
    static final class Declaration {
        final String name;
        private final int order;
        private final List<String> comments = new ArrayList<>();
        private String text = "";

        private Declaration(String name, int order) {
            this.name = name;
            this.order = order;
        }

        void comment(String comment) {
            String safe = safe(comment);
            if (!comments.contains(safe)) {
                comments.add(safe);
            }
        }

        void text(String policyText) {
            text = policyText;
        }
    }

    /// Kinds of declarations in the order in which they are written.
    private static final List<String> ORDER =
            List.of("secret", "provider", "model", "pool", "route", "team", "rule");

    /// Makes a declaration with a name that is free, as near as may be to the one that is wished.
    Declaration declare(String kind, String wish) {
        Declaration declaration =
                new Declaration(free(kind, simple(wish, kind)), ORDER.indexOf(kind));
        declarations.add(declaration);
        return declaration;
    }

    /// Takes back a declaration.
    void remove(Declaration declaration) {
        declarations.remove(declaration);
    }

    /// Returns the secret of an environment variable.
    ///
    /// @param exposed whether its value stands in the file
    Declaration secret(String variable, boolean exposed, int line) {
        Declaration secret = known.get("secret " + variable);
        if (secret == null) {
            secret = declare("secret", variable);
            known.put("secret " + variable, secret);
            secret.text(
                    secret.name.equals(variable)
                            ? "secret %s from env".formatted(secret.name)
                            : "secret %s from env %s".formatted(secret.name, quoted(variable)));
        }
        if (exposed) {
            secret.comment(
                    "Rotate this key: it stood in the imported file in plain text, in line %d."
                            .formatted(line));
            remarks.add(
                    "line %d: a secret stands here in plain text; rotate it and put the new one into %s"
                            .formatted(line, variable));
        }
        return secret;
    }

    /// Returns the declaration of a text that was declared before; else declares it.
    ///
    /// @param body what stands behind the name
    Declaration shared(String kind, String wish, String head, String body) {
        String key = kind + " " + head + " " + body;
        Declaration found = known.get(key);
        if (found == null) {
            found = declare(kind, wish);
            found.text(kind + " " + found.name + " " + head + body);
            known.put(key, found);
        }
        return found;
    }

    /// Adds a team with a key that is made now, or that is known.
    ///
    /// @param key null for a new one
    Declaration team(String wish, String keyName, @Nullable String key, List<String> uses) {
        Declaration team = declare("team", wish);
        String value = key;
        if (value == null) {
            value = newKeys.get();
            keys.put(team.name, value);
            team.comment(
                    "This key was made by `writ import` and shown once. To make another: openssl rand");
            team.comment("-hex 24, and its digest: printf %s KEY | sha256sum.");
        }
        team.text(
                """
                team %s {
                  key %s sha256 "%s"
                  may use %s
                }"""
                        .formatted(
                                team.name,
                                simple(keyName, "key"),
                                sha256(value),
                                String.join(", ", uses)));
        return team;
    }

    /// Notes something that the policy does not say.
    ///
    /// @param at the declaration that it concerns; null for the policy as a whole
    void note(@Nullable Declaration at, Section.Left left, String why) {
        note(at, left.path(), left.line(), why);
    }

    void note(@Nullable Declaration at, String path, int line, String why) {
        Imported.Note note = new Imported.Note(safe(path), line, safe(why));
        notes.add(note);
        if (at != null) {
            at.comment("not imported: " + note);
            inPlace.add(note);
        }
    }

    private final Set<Imported.Note> inPlace = new HashSet<>();

    /// Says something that is imported, but deserves a look.
    void remark(String remark) {
        remarks.add(safe(remark));
    }

    Imported finished(String from) {
        StringBuilder text = new StringBuilder();
        text.append("policy %s language 1\n\n".formatted(quoted(name)));
        text.append("// Imported from %s. Read it before you serve it.\n".formatted(from));
        text.append(
                "// Prices and regions that are missing stood nowhere in the file: add `price`\n");
        text.append("// to models, and `region` to providers, which promises of residency need.\n");
        List<Imported.Note> elsewhere = new ArrayList<>(notes);
        elsewhere.removeAll(inPlace);
        if (!elsewhere.isEmpty()) {
            text.append("//\n");
            elsewhere.forEach(note -> text.append("// not imported: ").append(note).append('\n'));
        }
        for (int order = 0; order < ORDER.size(); order++) {
            boolean first = true;
            for (Declaration declaration : declarations) {
                if (declaration.order == order) {
                    if (first
                            || !declaration.comments.isEmpty()
                            || declaration.text.contains("\n")) {
                        text.append('\n');
                    }
                    declaration.comments.forEach(
                            comment -> text.append("// ").append(comment).append('\n'));
                    text.append(declaration.text).append('\n');
                    first = false;
                }
            }
        }
        return new Imported(laidOut(text.toString()), notes, remarks, keys);
    }

    private static String laidOut(String text) {
        return switch (Formatter.format(new Source("imported.writ", text))) {
            case Formatted.Text(String laidOut) -> laidOut;
            case Formatted.Unreadable(var diagnostics) ->
                    throw new IllegalStateException(
                            "the imported policy cannot be read: "
                                    + diagnostics.getFirst().headline());
        };
    }

    /// Returns the part of a name that a policy can write without quotes.
    static String simple(String wish, String otherwise) {
        StringBuilder simple = new StringBuilder();
        for (int c : wish.codePoints().toArray()) {
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
            boolean digit = c >= '0' && c <= '9';
            if (letter || (digit && !simple.isEmpty())) {
                simple.appendCodePoint(c);
            } else if (digit) {
                simple.append('n').appendCodePoint(c);
            } else if (!simple.isEmpty() && simple.charAt(simple.length() - 1) != '-') {
                simple.append('-');
            }
            if (simple.length() >= NAME_LENGTH_MAX) {
                break;
            }
        }
        while (!simple.isEmpty() && simple.charAt(simple.length() - 1) == '-') {
            simple.setLength(simple.length() - 1);
        }
        String found = simple.isEmpty() ? otherwise + "-1" : simple.toString();
        return RESERVED.contains(found) ? found + "-1" : found;
    }

    private String free(String kind, String wish) {
        Set<String> used = names.computeIfAbsent(kind, _ -> new TreeSet<>());
        String found = wish;
        for (int i = 2; !used.add(found); i++) {
            found = wish + "-" + i;
        }
        return found;
    }

    /// Returns a text of the language.
    static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int c : text.codePoints().limit(TEXT_LENGTH_MAX).toArray()) {
            if (c == '"' || c == '\\') {
                quoted.append('\\').appendCodePoint(c);
            } else if (c >= ' ' && c < 0x7F) {
                quoted.appendCodePoint(c);
            } else {
                quoted.append("\\u{%X}".formatted(c));
            }
        }
        return quoted.append('"').toString();
    }

    /// Returns a text for comments and messages: on one line, without what nobody sees.
    static String safe(String text) {
        StringBuilder safe = new StringBuilder();
        for (int c : text.codePoints().limit(TEXT_LENGTH_MAX).toArray()) {
            safe.appendCodePoint(c >= ' ' && c < 0x7F ? c : '?');
        }
        return safe.toString();
    }

    static String sha256(String key) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(key.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /// Returns shares in percent that sum to 100, in the ratio of the weights.
    ///
    /// @param weights not all 0
    static List<String> shares(List<BigDecimal> weights) {
        BigDecimal sum = weights.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
        int[] points = new int[weights.size()];
        int left = 10_000;
        for (int i = 0; i < points.length; i++) {
            points[i] =
                    weights.get(i)
                            .multiply(BigDecimal.valueOf(10_000))
                            .divide(sum, 0, RoundingMode.DOWN)
                            .intValue();
            left -= points[i];
        }
        for (int i = 0; left > 0; i = (i + 1) % points.length) {
            if (points[i] > 0) {
                points[i]++;
                left--;
            }
        }
        List<String> shares = new ArrayList<>();
        for (int each : points) {
            shares.add(Amount.percent(each));
        }
        return shares;
    }
}
