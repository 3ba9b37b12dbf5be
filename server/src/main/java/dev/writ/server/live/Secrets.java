package dev.writ.server.live;

import dev.writ.dsl.policy.Policy;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The values of the secrets that a policy's providers name. No method but [#value] tells one.
public final class Secrets {
    /// The longest secret, in bytes.
    public static final int BYTES_MAX = 64 * 1024;

    /// How long a vault is waited for, each time that it is asked.
    static final Duration VAULT_TIME_MAX = Duration.ofSeconds(10);

    private final Map<String, String> values;

    private Secrets(Map<String, String> values) {
        this.values = Map.copyOf(values);
    }

    /// What reading the secrets came to.
    public sealed interface Reading {
        /// All could be read.
        record Complete(Secrets secrets) implements Reading {}

        /// Some could not; each problem is a sentence that names the secret and where it was
        /// looked for.
        record Incomplete(List<String> problems) implements Reading {
            public Incomplete {
                problems = List.copyOf(problems);
            }
        }
    }

    /// Reads every secret that a provider of the policy uses; files and a vault may be waited for.
    ///
    /// @param environment of the process
    public static Reading read(Policy policy, Map<String, String> environment) {
        return read(policy, environment, VAULT_TIME_MAX);
    }

    /// @param vaultTimeMax for each answer of a vault
    static Reading read(Policy policy, Map<String, String> environment, Duration vaultTimeMax) {
        try (Vault vault = new Vault(environment, vaultTimeMax)) {
            return read(policy, environment, vault);
        }
    }

    private static Reading read(Policy policy, Map<String, String> environment, Vault vault) {
        Map<String, String> values = new TreeMap<>();
        Map<String, String> problems = new TreeMap<>();
        for (Policy.Provider provider : policy.providers()) {
            Policy.Secret secret = provider.key();
            if (secret == null
                    || values.containsKey(secret.name())
                    || problems.containsKey(secret.name())) {
                continue;
            }
            switch (secret) {
                case Policy.Secret.FromEnv(String name, String variable) -> {
                    String value = environment.get(variable);
                    take(
                            name,
                            "environment variable `%s`".formatted(variable),
                            value == null ? null : value.strip(),
                            "is not set",
                            values,
                            problems);
                }
                case Policy.Secret.FromFile(String name, String path) ->
                        readFile(name, Path.of(path).toAbsolutePath(), values, problems);
                case Policy.Secret.FromVault from -> readVault(from, vault, values, problems);
            }
        }
        return problems.isEmpty()
                ? new Reading.Complete(new Secrets(values))
                : new Reading.Incomplete(new ArrayList<>(problems.values()));
    }

    /// Returns the value of a secret of the policy that this was read for.
    public String value(Policy.Secret secret) {
        String value = values.get(secret.name());
        if (value == null) {
            throw new IllegalArgumentException("secret %s was not read".formatted(secret.name()));
        }
        return value;
    }

    /// Returns how many there are; never a value.
    @Override
    public String toString() {
        return values.size() + " secrets";
    }

    private static void readVault(
            Policy.Secret.FromVault secret,
            Vault vault,
            Map<String, String> values,
            Map<String, String> problems) {
        String value = null;
        String whyNot =
                switch (vault.read(secret)) {
                    case Vault.Answer.Problem(String why) -> why;
                    case Vault.Answer.Fields(var texts, boolean hasOthers) -> {
                        value = texts.get(secret.field());
                        yield hasOthers ? "has no such field that is a text" : "has no such field";
                    }
                };
        take(
                secret.name(),
                "`%s/%s#%s` of the vault".formatted(secret.mount(), secret.path(), secret.field()),
                value == null || value.length() > BYTES_MAX ? null : value.strip(),
                value == null ? whyNot : "is larger than 64 KiB",
                values,
                problems);
    }

    private static void readFile(
            String name, Path path, Map<String, String> values, Map<String, String> problems) {
        String where = "file `%s`".formatted(path);
        byte[] bytes;
        try (InputStream in = Files.newInputStream(path)) {
            bytes = in.readNBytes(BYTES_MAX + 1);
        } catch (NoSuchFileException e) {
            take(name, where, null, "does not exist", values, problems);
            return;
        } catch (IOException e) {
            take(name, where, null, "cannot be read", values, problems);
            return;
        }
        take(
                name,
                where,
                bytes.length > BYTES_MAX ? null : new String(bytes, StandardCharsets.UTF_8).strip(),
                "is larger than 64 KiB",
                values,
                problems);
    }

    private static void take(
            String name,
            String where,
            @Nullable String value,
            String whyNot,
            Map<String, String> values,
            Map<String, String> problems) {
        String wrong =
                value == null
                        ? whyNot
                        : value.isEmpty()
                                ? "is empty"
                                : value.chars().allMatch(c -> c > ' ' && c < 127)
                                        ? null
                                        : "holds characters that no key can have";
        if (wrong != null) {
            problems.put(name, "secret `%s`: %s %s".formatted(name, where, wrong));
        } else if (value != null) {
            values.put(name, value);
        }
    }
}
