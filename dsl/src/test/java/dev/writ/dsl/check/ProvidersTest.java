package dev.writ.dsl.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.writ.dsl.policy.Capability;
import dev.writ.dsl.policy.Policy;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Providers, secrets and models.
final class ProvidersTest {
    /// Puts a provider `p` and its model into a policy that uses them.
    private static String policy(String provider, String model) {
        return """
        policy "p" language 1
        secret KEY from env
        provider spare { kind openai  key KEY  timeout 1s }
        provider p { %s }
        model gpt on spare "gpt" { }
        model m on p "m" { %s }
        route chat { a when request.stream -> gpt  b otherwise -> m }
        team t { key k sha256 "%s"  may use chat }
        """
                .formatted(provider, model, "a".repeat(64));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    kind openai key KEY timeout 1s                 |
                    kind openai key KEY                            | W0330 p
                    kind openai timeout 1s                         | E0206 p
                    kind azure-openai key KEY timeout 1s           | E0206 p
                    kind azure-openai url "https://h/x" key KEY timeout 1s |
                    kind azure-openai url "https://h/x" key KEY timeout 1s api-version "2024-10-21" |
                    kind openai key KEY timeout 1s api-version "1" | E0208 api-version "1"
                    kind openai-compatible url "http://h:8000/v1" timeout 1s |
                    kind openia key KEY timeout 1s                 | E0204 openia
                    key KEY timeout 1s                             | E0206 p
                    kind simulated                                 |
                    kind simulated kind simulated                  | E0207 kind simulated
                    kind simulated region anywhere                 | E0205 anywhere
                    kind simulated region several                  | E0205 several
                    kind simulated region unknown                  |
                    kind simulated latency 50ms pace 40 tokens per second fail 5% with 503 break 2% after 10 tokens reply "x" |
                    kind openai key KEY timeout 1s latency 50ms    | E0208 latency 50ms
                    kind openai key KEY timeout 1s pace 40 tokens per second | E0208 pace 40 tokens per second
                    kind openai key KEY timeout 1s reply "x"       | E0208 reply "x"
                    kind openai key KEY timeout 1s fail 5% with 503 | E0208 fail 5% with 503
                    kind openai key KEY timeout 1s break 2% after 10 tokens | E0208 break 2% after 10 tokens
                    kind simulated latency 0s                      | E0205 0s
                    kind simulated latency 61min                   | E0205 61min
                    kind simulated pace 40 per second              |
                    kind simulated pace 6000 tokens per minute     |
                    kind simulated pace 40 tokens per week         | E0204 week
                    kind simulated pace 40 requests per second     | E0201 40 requests
                    kind simulated pace 0 tokens per second        | E0205 0 tokens per second
                    kind simulated pace 10 tokens per minute       | E0205 10 tokens per minute
                    kind simulated pace 1M tokens per second       |
                    kind simulated pace 1_000_001 tokens per second | E0205 1_000_001 tokens per second
                    kind simulated fail 101% with 503              | E0205 101%
                    kind simulated fail 0% with 503                |
                    kind simulated fail 5% with 200                | E0205 200
                    kind simulated break 5% after 10               |
                    kind simulated break 5% after 2M tokens        | E0205 2M tokens
                    kind simulated timeout 5s                      |
                    kind simulated timeout connect 1s, idle 2s, total 1h |
                    kind simulated timeout connect 1s, conect 2s   | E0004 conect
                    kind simulated timeout connect 1s, connect 2s  | E0207 connect 2s
                    kind simulated timeout 1s, first-byte 2s       | E0207 first-byte 2s
                    kind simulated timeout 1s timeout 2s           | E0207 timeout 2s
                    kind simulated timeout 0s                      | E0205 0s
                    kind simulated timeout 25h                     | E0205 25h
                    """)
    void aProviderIsWholeAndOfItsKind(String provider, String told) {
        assertEquals(told == null ? List.of() : List.of(told), Checked.told(policy(provider, "")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    https://api.example.com/v1      |
                    http://127.0.0.1:8000           |
                    https://h/accounts/@cf/v1       |
                    http://[::1]:8000/v1            |
                    api.example.com/v1              | E0205
                    ftp://h/v1                      | E0205
                    https:///v1                     | E0205
                    https://h/v1#x                  | E0205
                    https://h /v1                   | E0205
                    ''                              | E0205
                    https://user:secret@h/v1        | E0302
                    https://user@h/v1               | E0302
                    https://user:sec ret@h/v1       | E0302
                    https://user:sec/ret@h/v1       | E0302
                    https://h/v1?key=abc            | E0302
                    """)
    void aUrlIsSchemeHostAndPath(String url, String id) {
        List<String> told =
                Checked.told(
                        policy("kind openai-compatible timeout 1s url \"%s\"".formatted(url), ""));
        assertEquals(id == null ? List.of() : List.of(id + " \"" + url + "\""), told);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    from env                  |
                    from env "OTHER"          |
                    from env ""               | E0205 ""
                    from file "/run/x"        |
                    from file ""              | E0205 ""
                    from vault "kv/x#key"     |
                    from vault "kv/a/b-c.d#k" |
                    from vault ""             | E0205 ""
                    from vault "kv/x"         | E0205 "kv/x"
                    from vault "kv/x#"        | E0205 "kv/x#"
                    from vault "kv#key"       | E0205 "kv#key"
                    from vault "/x#key"       | E0205 "/x#key"
                    from vault "kv/#key"      | E0205 "kv/#key"
                    from vault "kv//x#key"    | E0205 "kv//x#key"
                    from vault "kv/../x#key"  | E0205 "kv/../x#key"
                    from vault "kv/x#a#b"     | E0205 "kv/x#a#b"
                    from vault "kv/x y#key"   | E0205 "kv/x y#key"
                    from vault "kv/x?v=1#key" | E0205 "kv/x?v=1#key"
                    from vault "kv#x/key"     | E0205 "kv#x/key"
                    = "x"                     | E0301 "x"
                    """)
    void aSecretSaysWhereItsValueComesFrom(String origin, String told) {
        assertEquals(
                told == null ? List.of() : List.of(told),
                Checked.told(
                        policy("kind simulated", "").replace("KEY from env", "KEY " + origin)));
    }

    @Test
    void whatIsWrittenIsInThePolicy() {
        Policy policy =
                Checked.usable(
                        policy(
                                        "kind azure-openai region eu url \"https://h/x\" key KEY api-version \"v\""
                                                + " timeout connect 1s, first-byte 2s, idle 3s, total 4min",
                                        "context 8k price $0.15 in, $0.60 out per 1M tokens can tools, json")
                                .replace("KEY from env", "KEY from env \"OTHER\""));
        Policy.Provider provider = policy.providers().get(1);
        assertEquals("azure-openai", provider.kind());
        assertEquals("https://h/x", provider.url());
        assertEquals("eu", provider.region());
        assertEquals(new Policy.Secret.FromEnv("KEY", "OTHER"), provider.key());
        assertEquals("v", provider.apiVersion());
        assertEquals(
                new Policy.Secret.FromVault("KEY", "kv", "team/openai", "api-key"),
                Checked.usable(
                                policy(
                                                "kind azure-openai url \"https://h/x\" key KEY timeout 9s",
                                                "")
                                        .replace(
                                                "KEY from env",
                                                "KEY from vault \"kv/team/openai#api-key\""))
                        .providers()
                        .get(1)
                        .key());
        assertEquals(
                new Policy.Timeouts(
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(3),
                        Duration.ofMinutes(4)),
                provider.timeouts());
        assertNull(provider.simulation());
        Policy.Model model = policy.models().get(1);
        assertEquals(8_000, model.contextTokens());
        assertEquals(new Policy.Price(150_000_000, 600_000_000), model.price());
        assertEquals(Set.of(Capability.TOOLS, Capability.JSON), model.capabilities());
    }

    @Test
    void whatIsNotWrittenHasDefaults() {
        Policy policy = Checked.usable(policy("kind simulated", ""));
        Policy.Provider provider = policy.providers().get(1);
        assertEquals("unknown", provider.region());
        assertEquals(Policy.Timeouts.DEFAULT, provider.timeouts());
        assertEquals(
                new Policy.Simulation(Duration.ZERO, 0, 0, 503, 0, 0, null), provider.simulation());
        Policy.Model model = policy.models().get(1);
        assertEquals(0, model.contextTokens());
        assertNull(model.price());
        assertEquals(Set.of(), model.capabilities());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    context 128k tokens                        |
                    context 128k                               |
                    context 0 tokens                           | E0205 0 tokens
                    context 1.5 tokens                         | E0205 1.5 tokens
                    context 8k bytes                           | E0201 8k bytes
                    context 8k context 9k                      | E0207 context 9k
                    price $1 in, $2 out per 1M tokens          |
                    price $1 in, $2 out per 1k tokens          |
                    price $1 in, $2 out per 1M                 |
                    price $0 in, $0 out per 1M tokens          |
                    price $1 in, $2 out per 0 tokens           | E0205 0 tokens
                    price $1 in, $2 out per 1M requests        | E0201 1M requests
                    price $9B in, $2 out per 1M tokens         |
                    price $9B in, $2 out per 1 tokens          | E0205 $9B
                    can tools, vision, json, streaming, embeddings |
                    can tool                                   | E0204 tool
                    can tools can json                         | E0207 can json
                    """)
    void aModelIsWithinBounds(String model, String told) {
        assertEquals(
                told == null ? List.of() : List.of(told),
                Checked.told(policy("kind simulated", model)));
    }

    @Test
    void aPriceIsForAMillionTokensWhateverItIsWrittenFor() {
        Policy policy =
                Checked.usable(
                        policy("kind simulated", "price $0.001 in, $0.002 out per 1k tokens"));
        assertEquals(
                new Policy.Price(1_000_000_000, 2_000_000_000), policy.models().get(1).price());
    }

    @Test
    void aModelNeedsANameAtItsProvider() {
        assertEquals(
                List.of("E0205 \" \""),
                Checked.told(policy("kind simulated", "").replace("on p \"m\"", "on p \" \"")));
    }
}
