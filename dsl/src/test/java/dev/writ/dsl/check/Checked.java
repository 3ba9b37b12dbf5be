package dev.writ.dsl.check;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.diagnostic.DiagnosticCode.Severity;
import dev.writ.dsl.policy.Cause;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.Vocabulary;
import dev.writ.dsl.policy.Vocabulary.ProviderKind;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.SourceTree;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Checks of texts, with a small vocabulary.
final class Checked {
    /// The kinds of providers that these tests know.
    static final Vocabulary VOCABULARY =
            new Vocabulary(
                    List.of(
                            kind("openai", false, true, false, false),
                            kind("azure-openai", true, true, true, false),
                            kind("openai-compatible", true, false, false, false),
                            kind("vllm", true, false, false, false),
                            kind("mistral", false, true, false, false),
                            new ProviderKind(
                                    "simulated",
                                    false,
                                    false,
                                    false,
                                    true,
                                    EnumSet.complementOf(
                                            EnumSet.of(Cause.UNREACHABLE, Cause.UNAUTHORIZED)))));

    /// A policy to which tests add: one simulated provider in `eu` and one in `us`, a model on
    /// each, a route to the first, a team.
    static final String BASE =
            """
            policy "base" language 1
            provider here { kind simulated  region eu }
            provider there { kind simulated  region us }
            model near on here "near" { context 128k tokens  price $1.00 in, $2.00 out per 1M tokens }
            model far on there "far" { context 128k tokens }
            route chat { big when prompt.tokens > 10k -> far  rest otherwise -> near }
            team dev {
              user alice, bob
              key laptop sha256 "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" for alice
              may use chat
            }
            """;

    private Checked() {}

    private static ProviderKind kind(
            String name, boolean url, boolean key, boolean versioned, boolean simulated) {
        return new ProviderKind(name, url, key, versioned, simulated, Set.of(Cause.values()));
    }

    /// Checks one file.
    static CheckResult check(String text) {
        return check(Map.of("policy.writ", text), "policy.writ");
    }

    /// Checks several files.
    static CheckResult check(Map<String, String> files, String entry) {
        List<Source> sources =
                new TreeMap<>(files)
                        .entrySet().stream()
                                .map(file -> new Source(file.getKey(), file.getValue()))
                                .toList();
        return Checker.check(new SourceTree(entry, sources), VOCABULARY);
    }

    /// Returns the policy, or fails with what is wrong.
    static Policy usable(String text) {
        return switch (check(text)) {
            case CheckResult.Usable usable -> usable.policy();
            case CheckResult.Unusable unusable ->
                    throw new AssertionError(
                            unusable.diagnostics().stream()
                                    .map(d -> d.code().id() + " " + d.headline())
                                    .toList());
        };
    }

    /// Returns everything that was found, in order, as `E0102 policy.writ:4:11 headline`.
    static List<String> found(CheckResult result) {
        return result.diagnostics().stream()
                .map(d -> "%s %s %s".formatted(d.code().id(), d.primary().span(), d.headline()))
                .toList();
    }

    /// Returns everything that is found in a text, in order, as `E0102 chatt`: the code, and the
    /// first line of what the caret stands under.
    static List<String> told(String text) {
        return told(check(text));
    }

    static List<String> told(CheckResult result) {
        return result.diagnostics().stream()
                .map(
                        d ->
                                (d.code().id()
                                                + " "
                                                + d.primary()
                                                        .span()
                                                        .text()
                                                        .lines()
                                                        .findFirst()
                                                        .orElse(""))
                                        .strip())
                .toList();
    }

    /// Returns what is found in [#BASE] and a declaration behind it.
    static List<String> toldOf(String declaration) {
        return told(BASE + declaration);
    }

    /// Returns what is found in a condition of a rule on a phase.
    static List<String> toldOfCondition(String phase, String condition) {
        return toldOf("rule it on %s when %s tag \"t\"".formatted(phase, condition));
    }

    /// Returns the only thing that is found in a text.
    static Diagnostic only(String text) {
        List<Diagnostic> all = check(text).diagnostics();
        if (all.size() != 1) {
            throw new AssertionError(found(check(text)));
        }
        return all.getFirst();
    }

    /// Returns the ids of everything that was found, in order.
    static List<String> ids(CheckResult result) {
        return result.diagnostics().stream().map(d -> d.code().id()).toList();
    }

    /// Returns the ids of the errors, in order.
    static List<String> errors(CheckResult result) {
        return result.diagnostics().stream()
                .map(Diagnostic::code)
                .filter(code -> code.severity() == Severity.ERROR)
                .map(DiagnosticCode::id)
                .toList();
    }
}
