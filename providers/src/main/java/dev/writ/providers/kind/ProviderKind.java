package dev.writ.providers.kind;

import dev.writ.providers.openai.Edits;
import dev.writ.providers.openai.Endpoint;
import dev.writ.providers.openai.TokenField;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// A way to speak to a provider: OpenAI's format, and what is different.
///
/// A new kind is a row here. Policies name kinds by [#word].
public enum ProviderKind {
    OPENAI(row("openai").at("https://api.openai.com/v1").completionTokens()),
    AZURE_OPENAI(row("azure-openai").deployments("2024-10-21").completionTokens()),
    /// Any server that speaks OpenAI's format; which endpoints it has, it says itself.
    OPENAI_COMPATIBLE(row("openai-compatible").keyOptional()),
    VLLM(row("vllm").keyOptional()),
    OLLAMA(row("ollama").at("http://localhost:11434/v1").keyOptional().onlyMaxTokens()),
    GROQ(row("groq").at("https://api.groq.com/openai/v1").only(Endpoint.CHAT).completionTokens()),
    MISTRAL(
            row("mistral")
                    .at("https://api.mistral.ai/v1")
                    .only(Endpoint.CHAT, Endpoint.EMBEDDINGS)
                    .onlyMaxTokens()
                    .usageUnasked()),
    DEEPSEEK(row("deepseek").at("https://api.deepseek.com/v1").only(Endpoint.CHAT).onlyMaxTokens()),
    TOGETHER(row("together").at("https://api.together.xyz/v1").onlyMaxTokens()),
    FIREWORKS(row("fireworks").at("https://api.fireworks.ai/inference/v1")),
    OPENROUTER(row("openrouter").at("https://openrouter.ai/api/v1")),
    XAI(
            row("xai")
                    .at("https://api.x.ai/v1")
                    .only(Endpoint.CHAT, Endpoint.COMPLETIONS)
                    .completionTokens()),
    /// Writ's own simulated provider, whose address and key the gateway knows itself.
    SIMULATED(row("simulated").inside());

    private static final String HEX = "0123456789ABCDEF";
    private static final String PLAIN = "-._~";

    private final String word;
    private final @Nullable String defaultUrl;
    private final boolean needsUrl;
    private final boolean needsKey;
    private final KeyHeader keyHeader;
    private final @Nullable String defaultApiVersion;
    private final TokenField tokenField;
    private final boolean knowsBothTokenFields;
    private final boolean usageIsAskedFor;

    @SuppressWarnings("ImmutableEnumChecker") // a copy
    private final Set<Endpoint> endpoints;

    ProviderKind(Row row) {
        this.word = row.word;
        this.defaultUrl = row.url;
        this.needsUrl = row.url == null && !row.inside;
        this.needsKey = row.needsKey;
        this.keyHeader = row.keyHeader;
        this.defaultApiVersion = row.apiVersion;
        this.tokenField = row.tokenField;
        this.knowsBothTokenFields = row.knowsBoth;
        this.usageIsAskedFor = row.usageIsAskedFor;
        this.endpoints = row.endpoints;
    }

    /// Returns the kind that policies write as `word`, null if there is none.
    public static @Nullable ProviderKind of(String word) {
        for (ProviderKind kind : values()) {
            if (kind.word.equals(word)) {
                return kind;
            }
        }
        return null;
    }

    /// Returns how policies write it.
    public String word() {
        return word;
    }

    /// Returns where it is called if the policy does not say; null if the policy must say.
    public @Nullable String defaultUrl() {
        return defaultUrl;
    }

    /// Tells whether a policy must give its `url`.
    public boolean needsUrl() {
        return needsUrl;
    }

    /// Tells whether it answers nobody without a key.
    public boolean needsKey() {
        return needsKey;
    }

    /// Returns how a key is sent, where there is one.
    public KeyHeader keyHeader() {
        return keyHeader;
    }

    /// Tells whether it takes an `api-version`.
    public boolean versioned() {
        return defaultApiVersion != null;
    }

    /// Tells whether it is Writ's own.
    public boolean simulated() {
        return this == SIMULATED;
    }

    /// Returns how it names the bound of a chat answer, where a client did not set one.
    public TokenField tokenField() {
        return tokenField;
    }

    /// Tells whether it takes either name of that bound. If not, [#tokenField] is the only one.
    public boolean knowsBothTokenFields() {
        return knowsBothTokenFields;
    }

    /// Tells whether `stream_options.include_usage` asks for the usage of a stream. If not, the
    /// field is unknown and usage comes without it.
    public boolean usageIsAskedFor() {
        return usageIsAskedFor;
    }

    /// Edits what a request must be for this kind, whatever a policy sets: the one name of the
    /// bound that it knows, and no field that it refuses.
    public void fit(Edits edits) {
        if (!knowsBothTokenFields) {
            edits.maxTokensOnlyAs(tokenField);
        }
        if (!usageIsAskedFor) {
            edits.remove("stream_options");
        }
    }

    /// Returns what can be asked of it.
    public Set<Endpoint> endpoints() {
        return endpoints;
    }

    /// Returns path and query of a call: visible ASCII characters that begin with a slash. A
    /// model's name is one segment of the path, whatever it holds.
    ///
    /// @param basePath the path of the provider's URL as it stands there, or nothing; with or
    ///     without a slash at its end
    /// @param model the name that the provider knows
    /// @param apiVersion what the policy says, for kinds that are [#versioned]
    public String path(
            String basePath, Endpoint endpoint, String model, @Nullable String apiVersion) {
        int end = basePath.length();
        while (end > 0 && basePath.charAt(end - 1) == '/') {
            end--;
        }
        StringBuilder path = new StringBuilder(128);
        escape(basePath.substring(0, end), ProviderKind::isVisible, path);
        if (defaultApiVersion == null) {
            return path.append(endpoint.path()).toString();
        }
        path.append("/openai/deployments/");
        segment(model, path);
        path.append(endpoint.path()).append("?api-version=");
        escape(apiVersion == null ? defaultApiVersion : apiVersion, ProviderKind::isPlain, path);
        return path.toString();
    }

    /// Appends a name as one segment. `.` and `..` would name another place even when escaped, and
    /// nothing would name the place above: an underscore stands for them, which no provider knows.
    private static void segment(String name, StringBuilder path) {
        if (name.isEmpty() || name.equals(".") || name.equals("..")) {
            path.append('_');
        } else {
            escape(name, ProviderKind::isPlain, path);
        }
    }

    private static void escape(String text, IntPredicate stays, StringBuilder path) {
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            int c = b & 0xff;
            if (stays.test(c)) {
                path.append((char) c);
            } else {
                path.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
            }
        }
    }

    private static boolean isPlain(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || PLAIN.indexOf(c) >= 0;
    }

    private static boolean isVisible(int c) {
        return c > ' ' && c <= '~';
    }

    private static Row row(String word) {
        return new Row(word);
    }

    /// What a row says. Left unsaid: no address, a key is needed and sent as a bearer token, every
    /// endpoint, both names of the bound are known and `max_tokens` is the one to insert, usage of
    /// a stream is asked for.
    private static final class Row {
        private final String word;
        private @Nullable String url;
        private boolean inside;
        private boolean needsKey = true;
        private KeyHeader keyHeader = KeyHeader.BEARER;
        private @Nullable String apiVersion;
        private TokenField tokenField = TokenField.MAX_TOKENS;
        private boolean knowsBoth = true;
        private boolean usageIsAskedFor = true;
        private Set<Endpoint> endpoints = Set.copyOf(EnumSet.allOf(Endpoint.class));

        Row(String word) {
            this.word = word;
        }

        Row at(String address) {
            url = address;
            return this;
        }

        Row keyOptional() {
            needsKey = false;
            return this;
        }

        Row inside() {
            inside = true;
            needsKey = false;
            return this;
        }

        /// The model stands in the path, a version in the query, the key in a header of its own.
        Row deployments(String defaultApiVersion) {
            apiVersion = defaultApiVersion;
            keyHeader = KeyHeader.API_KEY;
            return this;
        }

        Row completionTokens() {
            tokenField = TokenField.MAX_COMPLETION_TOKENS;
            return this;
        }

        Row onlyMaxTokens() {
            knowsBoth = false;
            return this;
        }

        /// Streams end with their usage always, and `stream_options` is an unknown field.
        Row usageUnasked() {
            usageIsAskedFor = false;
            return this;
        }

        Row only(Endpoint... some) {
            endpoints = Set.of(some);
            return this;
        }
    }
}
