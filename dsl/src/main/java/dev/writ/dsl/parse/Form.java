package dev.writ.dsl.parse;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What policies are made of: the pieces that are read each on its own, with a whole one of each
/// sort to show.
enum Form {
    HEADER(WritParser.RULE_header, "header", "policy \"NAME\" language 1"),
    USE(WritParser.RULE_useDecl, "declaration", "use \"teams.writ\" as teams"),
    SECRET(WritParser.RULE_secretDecl, "declaration", "secret OPENAI_API_KEY from env"),
    PROVIDER_HEAD(WritParser.RULE_providerHead, "declaration", "provider openai"),
    PROVIDER_PROPERTY(
            WritParser.RULE_providerProp,
            "provider property",
            "kind openai",
            "url \"https://llm.example.org/v1\"",
            "region eu",
            "key OPENAI_API_KEY",
            "timeout 60s",
            "api-version \"2024-10-21\"",
            "latency 50ms",
            "pace 100 tokens per second",
            "fail 5% with 503",
            "break 2% after 10 tokens",
            "reply \"Hello.\"",
            "limit 200k tokens per minute"),
    MODEL_HEAD(WritParser.RULE_modelHead, "declaration", "model gpt on openai \"gpt-4.1\""),
    MODEL_PROPERTY(
            WritParser.RULE_modelProp,
            "model property",
            "context 128k tokens",
            "price $2.00 in, $8.00 out per 1M tokens",
            "can tools, vision, json, streaming"),
    POOL_HEAD(WritParser.RULE_poolHead, "declaration", "pool general"),
    POOL_PROPERTY(
            WritParser.RULE_poolProp,
            "pool property",
            "70% gpt",
            "first gpt",
            "choose fastest of gpt, claude",
            "then claude on timeout, overloaded",
            "retry 1 within 2s",
            "commit after 1 token",
            "hedge after 2s up to 10%",
            "canary 5% to claude by user stop at 2% failures in 500 requests",
            "mirror 5% to claude"),
    ROUTE_HEAD(WritParser.RULE_routeHead, "declaration", "route chat as \"gpt-4o\""),
    ARM(
            WritParser.RULE_arm,
            "arm",
            "long when prompt.tokens > 50k -> claude",
            "rest otherwise -> pool general"),
    TEAM_HEAD(WritParser.RULE_teamHead, "declaration", "team support"),
    TEAM_PROPERTY(
            WritParser.RULE_teamProp,
            "team property",
            "key laptop sha256 \"9f86d0…\"",
            "may use chat, fast",
            "user alice, bob",
            "stay in eu",
            "budget $2_000 per month for team { at 100% deny }",
            "limit 60 requests per minute",
            "cache answers",
            "guard pii"),
    CALENDAR_HEAD(WritParser.RULE_calendarHead, "declaration", "calendar office"),
    CALENDAR_PROPERTY(
            WritParser.RULE_calendarProp,
            "calendar property",
            "zone \"Europe/Berlin\"",
            "open monday..friday from \"08:00\" to \"18:00\"",
            "closed \"2026-12-24\" to \"2026-12-31\""),
    IDENTITY_HEAD(WritParser.RULE_identityHead, "declaration", "identity acme-sso"),
    IDENTITY_PROPERTY(
            WritParser.RULE_identityProp,
            "identity property",
            "issuer \"https://login.example.org/\"",
            "audience \"writ\"",
            "jwks \"https://login.example.org/keys\"",
            "team support when claim \"groups\" is \"eng-support\"",
            "user from claim \"sub\"",
            "tag from claim \"department\"",
            "leeway 30s"),
    RULE_HEAD(WritParser.RULE_ruleHead, "declaration", "rule large-prompts on request"),
    WHEN(WritParser.RULE_whenPart, "condition", "when prompt.tokens > 50k"),
    EFFECT(
            WritParser.RULE_effect,
            "effect",
            "deny 429 \"Too large.\"",
            "require team.region is eu else deny 403",
            "tag \"large\"",
            "set request.max_tokens = 4k",
            "clamp request.max_tokens to 4k",
            "prepend system \"Answer in one paragraph.\"",
            "append system \"Never name our customers.\"",
            "audit full",
            "guard pii"),
    TEST_HEAD(WritParser.RULE_testHead, "declaration", "test \"small prompts\" for team support"),
    TEST_LINE(
            WritParser.RULE_testLine,
            "line of a test",
            "given team support, route chat",
            "expect allow, model gpt",
            "case prompt 300 tokens => allow, arm tiny",
            "step provider openai down => model claude"),
    BUDGET_HEAD(
            WritParser.RULE_budgetHead, "declaration", "budget all $50_000 per month for global"),
    BUDGET_PROPERTY(
            WritParser.RULE_budgetProp,
            "budget property",
            "at 100% deny 402 say \"The budget of this month is used.\"",
            "raise by $500 until \"2026-12-01\"",
            "zone \"Europe/Berlin\"",
            "starts on monday",
            "was \"team/support/budget/old\""),
    LIMIT(WritParser.RULE_limitDecl, "declaration", "limit all 200k tokens per minute"),
    SIGNAL_HEAD(
            WritParser.RULE_signalHead,
            "declaration",
            "signal injection : score by local \"prompt-guard-2\""),
    SIGNAL_PROPERTY(
            WritParser.RULE_signalProp,
            "signal property",
            "timeout 40ms",
            "fails closed",
            "labels [\"de\", \"en\"]"),
    CACHE_HEAD(WritParser.RULE_cacheHead, "declaration", "cache answers"),
    CACHE_PROPERTY(
            WritParser.RULE_cacheProp,
            "cache property",
            "scope team",
            "exact for 24h",
            "semantic gated for 6h, wrong at most 1% of hits",
            "skip when request.tools present",
            "judge by model llama budget $5 per day"),
    GUARD_HEAD(WritParser.RULE_guardHead, "declaration", "guard pii"),
    GUARD_PROPERTY(
            WritParser.RULE_guardProp,
            "guard property",
            "detect email, phone, iban",
            "countries us, de",
            "input mask then restore",
            "output window 200 tokens mask",
            "fails closed"),
    SERVER_HEAD(WritParser.RULE_serverHead, "declaration", "server github"),
    SERVER_PROPERTY(
            WritParser.RULE_serverProp,
            "server property",
            "url \"https://mcp.example.org/github\"",
            "key GITHUB_TOKEN",
            "region us",
            "schema \"schemas/github.tools.json\"",
            "timeout 10s"),
    TOOLS_HEAD(WritParser.RULE_toolsHead, "declaration", "tools for support"),
    TOOL_RULE(
            WritParser.RULE_toolRule,
            "rule of tools",
            "refunds approve billing.refund when args.amount <= 200 by \"leads\" within 15min",
            "rest otherwise deny say \"Not on the list of tools.\""),
    ALWAYS(
            WritParser.RULE_alwaysDecl,
            "declaration",
            "always \"the clinic stays\" { if team is clinic then provider.region is eu }");

    /// The first words of declarations, those first that are there to be chosen from.
    static final List<String> DECLARATIONS =
            List.of(
                    "provider",
                    "model",
                    "pool",
                    "route",
                    "team",
                    "identity",
                    "rule",
                    "calendar",
                    "secret",
                    "use",
                    "cache",
                    "guard",
                    "budget",
                    "limit",
                    "signal",
                    "server",
                    "tools",
                    "test",
                    "always");

    private final int rule;
    private final String noun;
    /// A line each.
    private final String examples;

    Form(int rule, String noun, String... examples) {
        this.rule = rule;
        this.noun = noun;
        this.examples = String.join("\n", examples);
    }

    /// Returns what a rule of the grammar reads, or null for a rule that reads no whole piece.
    static @Nullable Form of(int rule) {
        for (Form form : values()) {
            if (form.rule == rule) {
                return form;
            }
        }
        return null;
    }

    /// Returns the number of its rule in the grammar.
    int rule() {
        return rule;
    }

    /// Returns what people call it.
    String noun() {
        return noun;
    }

    /// Tells whether several follow each other, each with a keyword of its own.
    boolean isRepeated() {
        return switch (this) {
            case PROVIDER_PROPERTY,
                    MODEL_PROPERTY,
                    POOL_PROPERTY,
                    TEAM_PROPERTY,
                    CALENDAR_PROPERTY,
                    IDENTITY_PROPERTY,
                    EFFECT,
                    TEST_LINE,
                    BUDGET_PROPERTY,
                    SIGNAL_PROPERTY,
                    CACHE_PROPERTY,
                    GUARD_PROPERTY,
                    SERVER_PROPERTY ->
                    true;
            case HEADER,
                    USE,
                    SECRET,
                    PROVIDER_HEAD,
                    MODEL_HEAD,
                    POOL_HEAD,
                    ROUTE_HEAD,
                    ARM,
                    TEAM_HEAD,
                    CALENDAR_HEAD,
                    IDENTITY_HEAD,
                    RULE_HEAD,
                    WHEN,
                    TEST_HEAD,
                    BUDGET_HEAD,
                    LIMIT,
                    SIGNAL_HEAD,
                    CACHE_HEAD,
                    GUARD_HEAD,
                    SERVER_HEAD,
                    TOOLS_HEAD,
                    TOOL_RULE,
                    ALWAYS ->
                    false;
        };
    }

    /// Returns the noun with its article.
    String aNoun() {
        return ("aeiou".indexOf(noun.charAt(0)) < 0 ? "a " : "an ") + noun;
    }

    /// Returns whole ones, one for each word that it can begin with.
    List<String> examples() {
        return examples.lines().toList();
    }

    /// Returns the words that it can begin with, without shares and names.
    List<String> keywords() {
        return examples.lines()
                .map(example -> example.substring(0, example.indexOf(' ')))
                .filter(word -> Character.isLetter(word.charAt(0)))
                .toList();
    }

    /// Returns how a keyword is shown: with the word that always follows it.
    static String shown(String keyword) {
        return switch (keyword) {
            case "may" -> "may use";
            case "stay" -> "stay in";
            default -> keyword;
        };
    }

    /// Returns the whole one that begins with a word, or the first.
    String example(String word) {
        return examples.lines()
                .filter(example -> example.startsWith(word + " "))
                .findFirst()
                .orElse(examples().getFirst());
    }
}
