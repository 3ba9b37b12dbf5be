package dev.writ.server.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.Span;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Where secrets are looked for and what is said when they are not there.
final class SecretsTest {
    private static final Policy.Secret ENV = new Policy.Secret.FromEnv("OPENAI", "OPENAI_API_KEY");

    @TempDir Path temp;

    @Test
    void readsVariablesAndFiles() throws IOException {
        Path file = Files.writeString(temp.resolve("key"), "from-file\n");
        Policy.Secret fromFile = new Policy.Secret.FromFile("MISTRAL", file.toString());
        Secrets secrets =
                assertInstanceOf(
                                Secrets.Reading.Complete.class,
                                Secrets.read(
                                        policy(ENV, fromFile, ENV),
                                        Map.of("OPENAI_API_KEY", "from-env")))
                        .secrets();
        assertEquals("from-env", secrets.value(ENV));
        assertEquals("from-file", secrets.value(fromFile));
        assertFalse(secrets.toString().contains("from"));
    }

    @Test
    void namesEachSecretThatIsMissingAndWhereItWasLookedFor() {
        Path file = temp.resolve("none");
        assertEquals(
                List.of(
                        "secret `MISTRAL`: file `%s` does not exist".formatted(file),
                        "secret `OPENAI`: environment variable `OPENAI_API_KEY` is not set"),
                problems(
                        policy(ENV, new Policy.Secret.FromFile("MISTRAL", file.toString())),
                        Map.of()));
    }

    @Test
    void refusesWhatNoKeyCanBeAndNeverShowsIt() {
        assertEquals(
                List.of("secret `OPENAI`: environment variable `OPENAI_API_KEY` is empty"),
                problems(policy(ENV), Map.of("OPENAI_API_KEY", " \n")));
        assertEquals(
                List.of(
                        "secret `OPENAI`: environment variable `OPENAI_API_KEY` holds characters"
                                + " that no key can have"),
                problems(policy(ENV), Map.of("OPENAI_API_KEY", "a\r\nx-header: b")));
    }

    @Test
    void readsFilesUpToTheLimit() throws IOException {
        Path file = Files.writeString(temp.resolve("key"), "k".repeat(Secrets.BYTES_MAX));
        Policy policy = policy(new Policy.Secret.FromFile("LONG", file.toString()));
        assertInstanceOf(Secrets.Reading.Complete.class, Secrets.read(policy, Map.of()));
        Files.writeString(file, "k".repeat(Secrets.BYTES_MAX + 1));
        assertEquals(
                List.of("secret `LONG`: file `%s` is larger than 64 KiB".formatted(file)),
                problems(policy, Map.of()));
    }

    private static List<String> problems(Policy policy, Map<String, String> environment) {
        return assertInstanceOf(Secrets.Reading.Incomplete.class, Secrets.read(policy, environment))
                .problems();
    }

    /// Returns a policy whose providers use these secrets.
    static Policy policy(Policy.Secret... secrets) {
        Span span = new Span(new Source("p.writ", ""), 0, 0);
        List<Policy.Provider> providers =
                Stream.of(secrets)
                        .map(
                                secret ->
                                        new Policy.Provider(
                                                "p",
                                                span,
                                                "openai",
                                                null,
                                                "unknown",
                                                secret,
                                                null,
                                                Policy.Timeouts.DEFAULT,
                                                null))
                        .toList();
        return new Policy(
                "test",
                "0".repeat(64),
                providers,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }
}
