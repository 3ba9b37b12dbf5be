package dev.writ.cli.sdk;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import dev.writ.server.Gateway;
import dev.writ.server.GatewayOptions;
import dev.writ.server.live.PolicyOrigin;
import dev.writ.server.live.PolicyRefused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// A gateway in this process under [SdkPolicy], the replayed provider behind it, and clients.
final class SdkGateway implements AutoCloseable {
    static final Path TESTS = Path.of(System.getProperty("writ.root", "..")).resolve("sdk-tests");

    private final ReplayedProvider provider;
    private final Gateway gateway;
    private final OpenAIClient client;

    private SdkGateway(ReplayedProvider provider, Gateway gateway) {
        this.provider = provider;
        this.gateway = gateway;
        // Without retries, so that each call is one call; tests of retries switch them on.
        this.client = client(SdkPolicy.KEY, 0);
    }

    /// Starts both.
    ///
    /// @param temp holds the policy and the gateway's data
    static SdkGateway start(Path temp) throws Exception {
        List<Recording> recordings = Recording.load(TESTS.resolve("wire"));
        ReplayedProvider provider = new ReplayedProvider(recordings);
        Path policy =
                Files.writeString(
                        temp.resolve("sdk-tests.writ"), SdkPolicy.text(recordings, provider));
        try {
            return new SdkGateway(
                    provider,
                    Gateway.start(
                            GatewayOptions.of(
                                            new PolicyOrigin.OfPath(policy),
                                            temp.resolve("data"),
                                            Map.of(
                                                    SdkPolicy.PROVIDER_KEY_VARIABLE,
                                                    SdkPolicy.PROVIDER_KEY))
                                    .at(GatewayOptions.LOOPBACK, 0, GatewayOptions.LOOPBACK, 0),
                            _ -> {}));
        } catch (PolicyRefused e) {
            provider.close();
            throw new IllegalStateException(e.outcome().toString(), e);
        }
    }

    /// Returns what clients call.
    String url() {
        return "http://127.0.0.1:%d/v1".formatted(gateway.port());
    }

    ReplayedProvider provider() {
        return provider;
    }

    /// Returns a client that never tries again.
    OpenAIClient client() {
        return client;
    }

    /// Returns a client with another key, or one that tries again.
    OpenAIClient client(String key, int retriesMax) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(url())
                .apiKey(key)
                .maxRetries(retriesMax)
                .timeout(Duration.ofSeconds(60))
                .build();
    }

    @Override
    public void close() throws IOException {
        client.close();
        // First, so that no call is under way that the gateway would wait for.
        provider.close();
        gateway.close();
    }
}
