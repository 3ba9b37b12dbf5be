package dev.writ.benchmarks.load;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The policy that Writ is measured with: 20 teams with keys, 100 rules that the bench's requests
/// pass, one provider.
final class BenchPolicy {
    static final int TEAMS = 20;
    static final int RULES = 100;

    /// A key of the last team.
    static final String KEY = key(TEAMS - 1);

    private BenchPolicy() {}

    static String text(int upstreamPort) {
        StringBuilder text = new StringBuilder();
        text.append(
                """
                policy "bench" language 1

                provider mock { kind openai-compatible  url "http://127.0.0.1:%d/v1"  region eu  timeout 60s }
                model gpt-bench on mock "gpt-bench" { context 128k tokens  price $2.00 in, $8.00 out per 1M tokens }
                pool general { 100%% gpt-bench  retry 1 within 2s }
                route chat as "chat" {
                  big   when prompt.tokens > 100k tokens -> gpt-bench
                  rest  otherwise -> pool general
                }
                """
                        .formatted(upstreamPort));
        for (int team = 0; team < TEAMS; team++) {
            text.append(
                    """
                    team team-%1$02d {
                      key key-%1$02d sha256 "%2$s"
                      may use chat
                    }
                    """
                            .formatted(team, sha256(key(team))));
        }
        for (int rule = 0; rule < RULES; rule++) {
            text.append(rule(rule));
        }
        return text.toString();
    }

    private static String rule(int rule) {
        int team = rule % TEAMS;
        String when =
                switch (rule % 5) {
                    case 0 ->
                            "team is team-%02d and prompt.tokens > %dk tokens"
                                    .formatted(team, 40 + rule);
                    case 1 ->
                            "request.max_tokens else 0 > %d and team is team-%02d"
                                    .formatted(9000 + rule, team);
                    case 2 ->
                            "request.header(\"x-tier\") else \"free\" is \"banned-%d\""
                                    .formatted(rule);
                    case 3 ->
                            "request.messages.count > %d and request.stream".formatted(1000 + rule);
                    default ->
                            "request.tools.count > %d and team is team-%02d"
                                    .formatted(100 + rule, team);
                };
        return "rule r%02d on request when %s deny 429 \"Rule %d.\"\n".formatted(rule, when, rule);
    }

    private static String key(int team) {
        return "bench-key-%02d".formatted(team);
    }

    private static String sha256(String key) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(key.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
