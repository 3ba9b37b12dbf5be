package dev.writ.cli.importing;

import dev.writ.cli.importing.PolicyDraft.Declaration;
import dev.writ.providers.kind.ProviderKind;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Providers of other gateways in the words of policies.
final class Upstreams {
    private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);

    /// The longest time that a policy may set, in seconds.
    private static final BigDecimal SECONDS_MAX = BigDecimal.valueOf(3600);

    /// Stands where the file has no address that could be written down.
    private static final String NO_URL = "https://fill-in.invalid/v1";

    /// How a provider of another gateway is called here.
    ///
    /// @param url where the kind has none of its own
    /// @param variable where other gateways look for its key
    private record Row(String kind, @Nullable String url, String variable) {}

    /// A name that LiteLLM, Portkey or Bifrost give a provider, and what it is here. The addresses
    /// are those under which the provider speaks OpenAI's format.
    private static final Map<String, Row> ROWS =
            Map.ofEntries(
                    Map.entry("openai", new Row("openai", null, "OPENAI_API_KEY")),
                    Map.entry("text-completion-openai", new Row("openai", null, "OPENAI_API_KEY")),
                    Map.entry("azure", new Row("azure-openai", null, "AZURE_API_KEY")),
                    Map.entry("azure-openai", new Row("azure-openai", null, "AZURE_API_KEY")),
                    Map.entry("ollama", new Row("ollama", null, "OLLAMA_API_KEY")),
                    Map.entry("ollama_chat", new Row("ollama", null, "OLLAMA_API_KEY")),
                    Map.entry("groq", new Row("groq", null, "GROQ_API_KEY")),
                    Map.entry("mistral", new Row("mistral", null, "MISTRAL_API_KEY")),
                    Map.entry("mistral-ai", new Row("mistral", null, "MISTRAL_API_KEY")),
                    Map.entry("deepseek", new Row("deepseek", null, "DEEPSEEK_API_KEY")),
                    Map.entry("together_ai", new Row("together", null, "TOGETHERAI_API_KEY")),
                    Map.entry("together-ai", new Row("together", null, "TOGETHERAI_API_KEY")),
                    Map.entry("fireworks_ai", new Row("fireworks", null, "FIREWORKS_API_KEY")),
                    Map.entry("fireworks-ai", new Row("fireworks", null, "FIREWORKS_API_KEY")),
                    Map.entry("fireworks", new Row("fireworks", null, "FIREWORKS_API_KEY")),
                    Map.entry("openrouter", new Row("openrouter", null, "OPENROUTER_API_KEY")),
                    Map.entry("xai", new Row("xai", null, "XAI_API_KEY")),
                    Map.entry("x-ai", new Row("xai", null, "XAI_API_KEY")),
                    Map.entry("hosted_vllm", new Row("vllm", null, "HOSTED_VLLM_API_KEY")),
                    Map.entry("vllm", new Row("vllm", null, "VLLM_API_KEY")),
                    Map.entry(
                            "litellm_proxy",
                            new Row("openai-compatible", null, "LITELLM_PROXY_API_KEY")),
                    Map.entry(
                            "openai_like",
                            new Row("openai-compatible", null, "OPENAI_LIKE_API_KEY")),
                    Map.entry(
                            "anthropic",
                            new Row(
                                    "openai-compatible",
                                    "https://api.anthropic.com/v1",
                                    "ANTHROPIC_API_KEY")),
                    Map.entry(
                            "gemini",
                            new Row(
                                    "openai-compatible",
                                    "https://generativelanguage.googleapis.com/v1beta/openai",
                                    "GEMINI_API_KEY")),
                    Map.entry(
                            "google",
                            new Row(
                                    "openai-compatible",
                                    "https://generativelanguage.googleapis.com/v1beta/openai",
                                    "GEMINI_API_KEY")),
                    Map.entry(
                            "perplexity",
                            new Row(
                                    "openai-compatible",
                                    "https://api.perplexity.ai",
                                    "PERPLEXITYAI_API_KEY")),
                    Map.entry(
                            "perplexity-ai",
                            new Row(
                                    "openai-compatible",
                                    "https://api.perplexity.ai",
                                    "PERPLEXITYAI_API_KEY")),
                    Map.entry(
                            "cerebras",
                            new Row(
                                    "openai-compatible",
                                    "https://api.cerebras.ai/v1",
                                    "CEREBRAS_API_KEY")),
                    Map.entry(
                            "nvidia_nim",
                            new Row(
                                    "openai-compatible",
                                    "https://integrate.api.nvidia.com/v1",
                                    "NVIDIA_NIM_API_KEY")),
                    Map.entry(
                            "deepinfra",
                            new Row(
                                    "openai-compatible",
                                    "https://api.deepinfra.com/v1/openai",
                                    "DEEPINFRA_API_KEY")));

    private final PolicyDraft draft;
    private final Map<String, String> exposed = new HashMap<>();

    Upstreams(PolicyDraft draft) {
        this.draft = draft;
    }

    /// Returns a variable for a key that stands in the file itself: the usual one for the first,
    /// another for each other.
    String exposed(String theirs, String value) {
        String digest = PolicyDraft.sha256(value);
        String known = exposed.get(digest);
        if (known != null) {
            return known;
        }
        String usual = variable(theirs);
        String free = usual;
        for (int i = 2; exposed.containsValue(free); i++) {
            free = usual + "_" + i;
        }
        exposed.put(digest, free);
        return free;
    }

    /// An account at a provider, as a file says it.
    ///
    /// @param theirs what the file calls the provider
    /// @param url null where the file has none; not a policy's url yet
    /// @param secret what it calls the key; null for the usual variable
    /// @param exposed whether the file has the key itself
    /// @param seconds how long to wait; null where it does not say
    record Account(
            String theirs,
            @Nullable String url,
            @Nullable String secret,
            boolean exposed,
            @Nullable String apiVersion,
            @Nullable BigDecimal seconds,
            @Nullable String region,
            int line) {}

    /// Tells whether a provider can be written at all.
    static boolean knows(String theirs) {
        return ROWS.containsKey(theirs) || ProviderKind.of(theirs) != null;
    }

    /// Returns the usual variable of a provider's key.
    static String variable(String theirs) {
        Row row = ROWS.get(theirs);
        return row == null
                ? PolicyDraft.simple(theirs, "PROVIDER").replace('-', '_').toUpperCase(Locale.ROOT)
                        + "_API_KEY"
                : row.variable();
    }

    /// Returns the provider of an account that [#knows] knows.
    Declaration provider(Account account) {
        Row row = ROWS.getOrDefault(account.theirs(), new Row(account.theirs(), null, ""));
        ProviderKind own = ProviderKind.of(account.theirs());
        String kindWord = own != null ? own.word() : row.kind();
        String url = account.url() == null ? null : url(account.url(), kindWord);
        boolean noUrl = account.url() != null && url == null;
        boolean elsewhere =
                kindWord.equals("openai")
                        && url != null
                        && !url.startsWith("https://api.openai.com");
        if (elsewhere) {
            kindWord = "openai-compatible";
        }
        ProviderKind kind = ProviderKind.of(kindWord);
        if (kind == null) {
            throw new IllegalStateException("there is no kind of providers " + kindWord);
        }
        if (url == null && own == null) {
            url = row.url();
        }
        if (url == null && kind.needsUrl()) {
            noUrl = true;
        }

        List<String> properties = new ArrayList<>();
        properties.add("kind " + kind.word());
        if (account.region() != null) {
            properties.add("region " + PolicyDraft.simple(account.region(), "region"));
        }
        if (noUrl) {
            properties.add("url " + PolicyDraft.quoted(NO_URL));
        } else if (url != null) {
            properties.add("url " + PolicyDraft.quoted(url));
        }
        if (account.secret() != null || kind.needsKey() || (row.url() != null && own == null)) {
            String variable =
                    account.secret() == null ? variable(account.theirs()) : account.secret();
            properties.add("key " + draft.secret(variable, account.exposed(), account.line()).name);
        }
        if (account.apiVersion() != null && kind.versioned()) {
            properties.add("api-version " + PolicyDraft.quoted(account.apiVersion()));
        }
        properties.add("timeout " + timeout(account.seconds()));
        Declaration provider =
                draft.shared(
                        "provider",
                        wish(account, url),
                        "",
                        "{ " + String.join("  ", properties) + " }");
        if (noUrl) {
            provider.comment(
                    "Fill in the url: the file had none that can be written here (line %d)."
                            .formatted(account.line()));
            draft.remark(
                    "line %d: provider `%s` needs its url filled in"
                            .formatted(account.line(), provider.name));
        }
        return provider;
    }

    private static String wish(Account account, @Nullable String url) {
        String host = url == null ? null : host(url);
        if (host == null
                || ROWS.getOrDefault(account.theirs(), new Row("", null, "")).url() != null) {
            return account.theirs().replace('_', '-');
        }
        String first = host.split("\\.", 2)[0];
        return account.theirs().replace('_', '-') + "-" + first;
    }

    private static @Nullable String host(String url) {
        try {
            return new URI(url).getHost();
        } catch (URISyntaxException _) {
            return null;
        }
    }

    /// Returns an address as providers have it; null where it is none, as a variable's name.
    private static @Nullable String url(String text, String kind) {
        String url = text.strip();
        while (url.endsWith("/")) {
            url = url.substring(0, url.length() - 1);
        }
        try {
            URI uri = new URI(url);
            boolean plain =
                    ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
                            && uri.getHost() != null
                            && uri.getRawUserInfo() == null
                            && uri.getRawQuery() == null
                            && uri.getRawFragment() == null;
            if (!plain) {
                return null;
            }
            boolean root = uri.getRawPath() == null || uri.getRawPath().isEmpty();
            return root && !kind.equals("azure-openai") ? url + "/v1" : url;
        } catch (URISyntaxException _) {
            return null;
        }
    }

    private String timeout(@Nullable BigDecimal seconds) {
        if (seconds == null || seconds.signum() <= 0) {
            return "60s";
        }
        if (seconds.compareTo(SECONDS_MAX) > 0) {
            draft.remark("a timeout of more than an hour became an hour");
            return "3600s";
        }
        return seconds.movePointRight(3)
                                .setScale(0, RoundingMode.UP)
                                .remainder(BigDecimal.valueOf(1000))
                                .signum()
                        == 0
                ? seconds.setScale(0, RoundingMode.UP).toPlainString() + "s"
                : seconds.movePointRight(3).setScale(0, RoundingMode.UP).toPlainString() + "ms";
    }

    /// Returns a model of a provider.
    Declaration model(Declaration provider, String upstreamName, List<String> properties) {
        String block = properties.isEmpty() ? " {}" : " { " + String.join("  ", properties) + " }";
        String wish =
                upstreamName.substring(upstreamName.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        return draft.shared(
                "model",
                wish,
                "",
                "on %s %s%s".formatted(provider.name, PolicyDraft.quoted(upstreamName), block));
    }

    /// Returns `price …` from prices in dollars a token; null where one of them is missing.
    static @Nullable String price(@Nullable BigDecimal in, @Nullable BigDecimal out) {
        return in == null || out == null || in.signum() < 0 || out.signum() < 0
                ? null
                : "price %s in, %s out per 1M tokens".formatted(dollars(in), dollars(out));
    }

    private static String dollars(BigDecimal perToken) {
        BigDecimal dollars =
                perToken.multiply(MILLION).setScale(9, RoundingMode.HALF_UP).stripTrailingZeros();
        return "$" + (dollars.scale() < 2 ? dollars.setScale(2) : dollars).toPlainString();
    }
}
