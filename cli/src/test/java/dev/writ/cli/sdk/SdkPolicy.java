package dev.writ.cli.sdk;

import java.util.List;
import java.util.stream.Collectors;

/// The policy that all SDKs are tested under. Its routes:
///
/// - `chat`, `embeddings`: simulated models that do as they are asked
/// - `down`, `breaks`: simulated models that fail, or break off after five tokens, each time
/// - `closed`: a route that the team may not use
/// - `impatient`, `unreachable`: a provider that is given up soon, and one that is not there
/// - the name of each recording: a provider that answers with it
final class SdkPolicy {
    /// The key of the team; the policy holds its SHA-256.
    static final String KEY = "writ-sdk-tests";

    /// The variable that holds the gateway's own key of the replayed provider, and the key.
    static final String PROVIDER_KEY_VARIABLE = "REPLAYED_KEY";

    static final String PROVIDER_KEY = "sk-of-the-gateway";

    private static final String FIXED =
            """
            policy "sdk-tests" language 1

            secret REPLAYED_KEY from env

            provider willing { kind simulated }
            provider down    { kind simulated  fail 100% with 503 }
            provider fragile { kind simulated  break 100% after 5 tokens }
            model words   on willing "words"   { can tools, vision, json, streaming }
            model vectors on willing "vectors" { can embeddings }
            model failing on down    "failing" {}
            model broken  on fragile "broken" {}
            route chat as "gpt-4.1-mini" { only otherwise -> words }
            route embeddings as "text-embedding-3-small" { only otherwise -> vectors }
            route down   { only otherwise -> failing }
            route breaks { only otherwise -> broken }
            route closed { only otherwise -> words }

            provider slow    { kind openai-compatible  url "SILENT"  timeout first-byte 200ms }
            provider nowhere { kind openai-compatible  url "http://127.0.0.1:1/v1"  timeout 5s }
            model late on slow    "late" {}
            model lost on nowhere "lost" {}
            route impatient   { only otherwise -> late }
            route unreachable { only otherwise -> lost }

            rule refused-400 on request when request.header("x-refuse") else "" is "400"
              deny 400 "Not like this."
            rule refused-403 on request when request.header("x-refuse") else "" is "403"
              deny "Not you."
            rule refused-413 on request when request.header("x-refuse") else "" is "413"
              deny 413 "Send less."
            rule refused-429 on request when request.header("x-refuse") else "" is "429"
              deny 429 "Not now."
            """;

    private static final String REPLAYED =
            """

            provider NAME { kind openai-compatible  url "URL"  key REPLAYED_KEY  timeout 60s }
            model NAME on NAME "NAME-model" {}
            route NAME { only otherwise -> NAME }
            """;

    private static final String TEAM =
            """

            team sdk {
              key tests sha256 "a690e1460ca1fd2004bc546e769b2f751edd7926efe404da14b0f69e760cc955"
              may use chat, embeddings, down, breaks, impatient, unreachable, ROUTES
            }
            """;

    private SdkPolicy() {}

    static String text(List<Recording> recordings, ReplayedProvider provider) {
        return FIXED.replace("SILENT", provider.url("silent"))
                + recordings.stream()
                        .map(
                                each ->
                                        REPLAYED.replace("NAME", each.name())
                                                .replace("URL", provider.url(each.name())))
                        .collect(Collectors.joining())
                + TEAM.replace(
                        "ROUTES",
                        recordings.stream().map(Recording::name).collect(Collectors.joining(", ")));
    }
}
