package dev.writ.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.writ.dsl.policy.Policy;
import dev.writ.engine.Caller;
import dev.writ.engine.Explainer;
import dev.writ.engine.Explanation;
import dev.writ.engine.Explanation.Obstacle;
import dev.writ.engine.Facts;
import dev.writ.engine.PolicySnapshot;
import dev.writ.engine.Verdict;
import dev.writ.providers.kind.ProviderKind;
import dev.writ.providers.openai.BadRequest;
import dev.writ.providers.openai.Endpoint;
import dev.writ.providers.openai.OpenAiRequest;
import dev.writ.server.pipeline.RequestFacts;
import dev.writ.server.pipeline.RequestRouting;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `writ explain`: tells what a policy decides about a request, and why.
@Command(
        name = "explain",
        description = {
            "Tell what a policy decides about a request, and why.",
            "Shown are the grants, rules and arms, with what each needed and what the request had.",
            "No text of the request or the answer is printed."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  writ explain policies/quickstart request.json --team demo",
            "  writ explain teams.writ - --key research/notebook --header x-tier=gold",
            "  writ explain teams.writ - --team support --user ada@acme.example",
            "  writ explain teams.writ - --identity acme-sso --claim sub=ada --claim groups=eng"
        })
final class Explain implements Callable<Integer> {
    /// The largest request, in bytes.
    static final int REQUEST_BYTES_MAX = 32 * 1024 * 1024;

    private final Console console;

    @Parameters(
            arity = "1..2",
            paramLabel = "[POLICY] REQUEST",
            description = {
                "A policy file or folder, the current folder if left out; and a file with the JSON",
                "that a client sends, or - for standard input."
            })
    List<String> paths = List.of();

    @Option(names = "--team", paramLabel = "NAME", description = "The team that calls.")
    @Nullable String team;

    @Option(
            names = "--key",
            paramLabel = "TEAM/KEY",
            description = "The key that is used; a team's first if left out.")
    @Nullable String key;

    @Option(
            names = "--user",
            paramLabel = "NAME",
            description = "The user whose key is used, or whom the token names.")
    @Nullable String user;

    @Option(
            names = "--identity",
            paramLabel = "NAME",
            description = {
                "The identity that vouches for a token; where no key fits, the first that leads to",
                "the team."
            })
    @Nullable String identity;

    @Option(
            names = "--claim",
            paramLabel = "NAME=VALUE",
            description = {
                "A claim of the token, from which team and user follow where they are left out; may",
                "be repeated, also with one name for a list. NAME.NAME is a claim in a claim."
            })
    List<String> claims = List.of();

    @Option(
            names = "--endpoint",
            defaultValue = "chat",
            description = "${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE}.")
    AskedFor endpoint = AskedFor.chat;

    @Option(
            names = "--header",
            paramLabel = "NAME=VALUE",
            description = "A header of the request; may be repeated.")
    Map<String, String> headers = new TreeMap<>();

    @Option(
            names = "--at",
            paramLabel = "TIME",
            description = "When the request comes, such as 2026-01-31T12:00:00Z; now.")
    @Nullable String at;

    @Option(
            names = "--answer",
            paramLabel = "TEXT",
            description = "What the model answers, for rules on stream.")
    @Nullable String answer;

    @Option(
            names = "--request-id",
            paramLabel = "ID",
            defaultValue = "explain",
            description = "The request id, which chooses in pools; ${DEFAULT-VALUE}.")
    String requestId = "";

    @Option(
            names = "--format",
            defaultValue = "text",
            description = "${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE}.")
    Format format = Format.text;

    /// What is asked for; the constants are what people type.
    enum AskedFor {
        chat(Endpoint.CHAT),
        completions(Endpoint.COMPLETIONS),
        embeddings(Endpoint.EMBEDDINGS);

        private final Endpoint endpoint;

        AskedFor(Endpoint endpoint) {
            this.endpoint = endpoint;
        }
    }

    /// How the explanation is printed; the constants are what people type.
    enum Format {
        text,
        json
    }

    Explain(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws Failed {
        Path path = Path.of(paths.size() > 1 ? paths.getFirst() : ".");
        Policy policy = Check.usable(console, Check.load(path));
        PolicySnapshot snapshot = PolicySnapshot.compile(policy);
        Caller caller = caller(snapshot);
        OpenAiRequest request = request(paths.getLast());
        Policy.Route route = snapshot.route(request.model());
        if (route == null) {
            throw new Failed(
                    Exit.FAILED,
                    "no route answers to the model of this request; the gateway says 404");
        }
        Facts facts = snapshot.newFacts();
        RequestFacts.fillExactly(
                facts,
                snapshot,
                caller,
                endpoint.endpoint,
                request,
                this::header,
                time().toEpochMilli());
        Explanation sent = Explainer.explain(snapshot, caller, route, facts);
        WayText way = way(snapshot, sent.verdict(), caller, request);
        Policy.Model model = model(policy, way);
        Explanation explanation =
                answer == null || model == null
                        ? sent
                        : Explainer.explain(snapshot, caller, route, facts, model, answer);
        if (format == Format.text) {
            console.out().print(explanation.text());
            console.out().print(way.text());
        } else {
            console.out().println(Check.written(json -> write(json, explanation, way)));
        }
        return Exit.FINE;
    }

    private WayText way(
            PolicySnapshot snapshot, Verdict verdict, Caller caller, OpenAiRequest request) {
        Policy.Target target = verdict.target();
        return verdict.denied() || target == null
                ? WayText.NONE
                : WayText.of(
                        snapshot.policy(),
                        target,
                        RequestRouting.of(
                                snapshot, target, caller, requestId, request, this::hasEndpoint));
    }

    private boolean hasEndpoint(Policy.Model model) {
        ProviderKind kind = ProviderKind.of(model.provider().kind());
        return kind != null && kind.endpoints().contains(endpoint.endpoint);
    }

    /// Returns the model that is asked first; null where none is.
    private static Policy.@Nullable Model model(Policy policy, WayText way) {
        return policy.models().stream()
                .filter(model -> model.name().equals(way.model()))
                .findFirst()
                .orElse(null);
    }

    private Caller caller(PolicySnapshot snapshot) throws Failed {
        return new ExplainedCaller(snapshot, team, key, user, identity, claims).find();
    }

    private OpenAiRequest request(String path) throws Failed {
        byte[] body;
        try (InputStream in =
                path.equals("-") ? console.in() : Files.newInputStream(Path.of(path))) {
            body = in.readNBytes(REQUEST_BYTES_MAX + 1);
        } catch (NoSuchFileException e) {
            throw new Failed(Exit.USAGE, "there is no %s".formatted(path));
        } catch (IOException e) {
            throw new Failed(Exit.FAILED, "%s cannot be read".formatted(path));
        }
        if (body.length > REQUEST_BYTES_MAX) {
            throw new Failed(Exit.FAILED, "the request is larger than the gateway takes");
        }
        try {
            return OpenAiRequest.read(endpoint.endpoint, body, body.length);
        } catch (BadRequest e) {
            String param = e.param();
            throw new Failed(
                    Exit.FAILED,
                    "the gateway refuses this request: %s%s"
                            .formatted(e.sentence(), param == null ? "" : " (" + param + ")"));
        }
    }

    private @Nullable String header(String name) {
        for (Map.Entry<String, String> header : headers.entrySet()) {
            if (header.getKey().toLowerCase(Locale.ROOT).equals(name)) {
                return header.getValue();
            }
        }
        return null;
    }

    private Instant time() throws Failed {
        try {
            return at == null ? Instant.now() : Instant.parse(at);
        } catch (DateTimeParseException e) {
            throw new Failed(Exit.USAGE, "--at takes a time such as 2026-01-31T12:00:00Z");
        }
    }

    private static void write(JsonGenerator json, Explanation explanation, WayText way)
            throws IOException {
        Verdict verdict = explanation.verdict();
        json.writeStartObject();
        json.writeBooleanField("denied", verdict.denied());
        Policy.Denial denial = verdict.denial();
        if (denial != null) {
            json.writeNumberField("status", denial.status());
            json.writeStringField(
                    "reason", String.valueOf(verdict.reason()).toLowerCase(Locale.ROOT));
            json.writeStringField("reason_name", verdict.reasonName());
        }
        Policy.Route route = verdict.route();
        json.writeStringField("route", route == null ? null : route.name());
        Policy.Arm arm = verdict.arm();
        json.writeStringField("arm", arm == null ? null : arm.name());
        json.writeStringField("model", way.model());
        json.writeArrayFieldStart("tags");
        for (String tag : verdict.tags()) {
            json.writeString(tag);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("rules");
        for (Policy.Rule rule : verdict.fired()) {
            json.writeString(rule.name());
        }
        json.writeEndArray();
        json.writeArrayFieldStart("near_misses");
        for (Explanation.RuleLine line : explanation.nearMisses()) {
            Obstacle obstacle = line.obstacle();
            if (obstacle != null) {
                json.writeStartObject();
                json.writeStringField("rule", line.rule().name());
                json.writeStringField("needed", obstacle.needed());
                json.writeStringField("had", obstacle.had());
                json.writeEndObject();
            }
        }
        json.writeEndArray();
        json.writeStringField("text", explanation.text() + way.text());
        json.writeEndObject();
    }
}
