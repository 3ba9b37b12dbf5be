package dev.writ.dsl.assist;

import java.util.Map;

/// What the words of the language mean, in a sentence each.
final class Meanings {
    private static final Map<String, String> MEANINGS =
            Map.ofEntries(
                    Map.entry("policy", "The first line of a file: its name and the language."),
                    Map.entry("use", "Makes the declarations of another file visible in this one."),
                    Map.entry("secret", "A secret by its name; the value is never in a policy."),
                    Map.entry("provider", "An endpoint that serves models."),
                    Map.entry("model", "A model of a provider, with its price and abilities."),
                    Map.entry("pool", "Several models for one purpose, with fallbacks."),
                    Map.entry("route", "What clients call: the first arm that is true is taken."),
                    Map.entry("team", "Who may use what: keys, users, grants, regions."),
                    Map.entry("rule", "What happens to requests of any team, in one phase."),
                    Map.entry("identity", "Whose signed tokens are taken in the place of keys."),
                    Map.entry("issuer", "Who signs the tokens: what they have in `iss`."),
                    Map.entry("audience", "For whom the tokens are made: what they have in `aud`."),
                    Map.entry("jwks", "Where the issuer's keys are; else the issuer tells."),
                    Map.entry("leeway", "How far the issuer's clock and ours may differ."),
                    Map.entry("claim", "What a token says under a name."),
                    Map.entry("calendar", "When somebody is there: hours, and days without."),
                    Map.entry("zone", "The time zone of the calendar's hours."),
                    Map.entry("open", "Days of the week, and from when to when."),
                    Map.entry("closed", "Days of the year on which it is closed."),
                    Map.entry("clamp", "Keeps a number of the request between two others."),
                    Map.entry("prepend", "Puts a message before those of the request."),
                    Map.entry("append", "Puts a message behind those of the request."),
                    Map.entry("kind", "Which protocol the provider speaks."),
                    Map.entry("url", "Where the provider is, for kinds without an address."),
                    Map.entry("region", "Where the provider computes; `stay in` counts on it."),
                    Map.entry(
                            "key", "The secret to call a provider with; in a team: a virtual key."),
                    Map.entry("timeout", "How long to wait before a fallback is tried."),
                    Map.entry("api-version", "The version of the provider's paths."),
                    Map.entry("latency", "How long a simulated provider thinks."),
                    Map.entry("pace", "How fast a simulated provider writes."),
                    Map.entry("fail", "The share of requests that a simulated provider refuses."),
                    Map.entry("break", "The share of answers that a simulated provider cuts."),
                    Map.entry("reply", "What a simulated provider answers."),
                    Map.entry("limit", "How much may be used in a period."),
                    Map.entry("context", "The longest prompt with its answer, in tokens."),
                    Map.entry("price", "What tokens cost, input and output."),
                    Map.entry("can", "What the model can do beyond text."),
                    Map.entry("first", "The head of a pool that is tried in order."),
                    Map.entry("choose", "How the first model is chosen."),
                    Map.entry("then", "What is tried when the attempts before failed."),
                    Map.entry(
                            "commit", "How long a stream is held back, so that it can fall back."),
                    Map.entry("hedge", "Asks a second model as well where the first is silent."),
                    Map.entry("canary", "Lets a share try a new model first, until it fails."),
                    Map.entry("mirror", "Also sends a share to a model whose answers nobody sees."),
                    Map.entry("given", "What holds for every case of the test."),
                    Map.entry("case", "A request, and what must come of it."),
                    Map.entry("step", "One of several requests, in order."),
                    Map.entry("expect", "What must come of the request."),
                    Map.entry("retry", "How often the same model is tried again."),
                    Map.entry("may", "Which routes the team may use, and when."),
                    Map.entry("stay", "The regions that no request of the team may leave: proved."),
                    Map.entry("user", "The users of the team, for keys of their own."),
                    Map.entry("budget", "How much money may be spent in a period."),
                    Map.entry("cache", "Where answers are kept for the same or a like question."),
                    Map.entry("guard", "A check of prompts or answers."),
                    Map.entry(
                            "when", "The condition; unknown never counts in the caller's favour."),
                    Map.entry("otherwise", "Every request that no arm above catches."),
                    Map.entry("deny", "Refuses the request, with a status and a text."),
                    Map.entry("require", "Denies unless the condition is certainly true."),
                    Map.entry("tag", "Marks the decision record of the request."),
                    Map.entry("set", "Sets a field of the request."),
                    Map.entry("audit", "Writes a decision record."),
                    Map.entry("present", "The request has it."),
                    Map.entry("absent", "The request does not have it."),
                    Map.entry("else", "What counts where there is none."),
                    Map.entry("matches", "A regular expression of RE2, anywhere in the text."),
                    Map.entry("signal", "A score or label that a model or service gives."),
                    Map.entry("tools", "Which tools a team's requests may call."),
                    Map.entry("server", "A server of tools."),
                    Map.entry("test", "An example that `writ test` runs."),
                    Map.entry("always", "A promise that must hold for every request."));

    private Meanings() {}

    /// Returns the sentence about a word, or the empty text.
    ///
    /// @param rule of the grammar in which it stands
    static String of(String word, String rule) {
        if (word.equals("limit") && rule.equals("providerProp")) {
            return "How much the provider takes in a period.";
        }
        return MEANINGS.getOrDefault(word, "");
    }
}
