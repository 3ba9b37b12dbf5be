package dev.writ.cli.lsp;

import com.google.gson.Gson;
import com.google.gson.JsonPrimitive;
import dev.writ.dsl.check.CheckResult;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.PolicyTest;
import dev.writ.engine.testing.TestFailure;
import dev.writ.engine.testing.TestResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.eclipse.lsp4j.Location;
import org.eclipse.lsp4j.MessageParams;
import org.eclipse.lsp4j.MessageType;
import org.eclipse.lsp4j.ShowDocumentParams;
import org.eclipse.lsp4j.ShowDocumentResult;
import org.eclipse.lsp4j.services.LanguageClient;
import org.jspecify.annotations.Nullable;

/// What an editor can have the server do.
///
/// Each command tells the author what came of it by the means of the protocol, and answers with
/// the same as data.
final class Commands implements AutoCloseable {
    /// Runs the test of a name, or all tests of the policy: an address, perhaps a name.
    static final String RUN_TESTS = "writ.runTests";

    /// Shows what the requests of a test were asked: an address, a name.
    static final String EXPLAIN_TEST = "writ.explainTest";

    /// Shows places: an address, a position there, locations. Editors that can show several at
    /// once do so themselves.
    static final String SHOW_PLACES = "writ.showPlaces";

    static final List<String> ALL = List.of(RUN_TESTS, EXPLAIN_TEST, SHOW_PLACES);

    /// The most places that a message names.
    static final int PLACES_TOLD_MAX = 10;

    private static final Gson GSON = new Gson();

    private final Workspace workspace;
    private final Explanations explanations = new Explanations();
    private volatile @Nullable LanguageClient client;
    private volatile boolean showsDocuments;

    Commands(Workspace workspace) {
        this.workspace = workspace;
    }

    /// @param documents whether the editor shows documents that it is told to show
    void connect(LanguageClient to, boolean documents) {
        client = to;
        showsDocuments = documents;
    }

    CompletableFuture<Object> execute(String command, List<Object> arguments) {
        return switch (command) {
            case RUN_TESTS -> run(text(arguments, 0), optional(arguments, 1));
            case EXPLAIN_TEST -> explain(text(arguments, 0), text(arguments, 1));
            case SHOW_PLACES -> show(arguments);
            default -> throw Answers.refused("there is no command " + command);
        };
    }

    private static String text(List<Object> arguments, int index) {
        String text = optional(arguments, index);
        if (text == null) {
            throw Answers.refused("the command takes the address of a document, and a name");
        }
        return text;
    }

    private static @Nullable String optional(List<Object> arguments, int index) {
        boolean isText =
                arguments.size() > index
                        && arguments.get(index) instanceof JsonPrimitive primitive
                        && primitive.isString();
        return isText ? ((JsonPrimitive) arguments.get(index)).getAsString() : null;
    }

    // ── Tests ────────────────────────────────────────────────────────────────────────────────

    /// Tests of a policy, and which analysis of its tree they are of.
    private record Asked(PolicyTree tree, long version, Policy policy, List<PolicyTest> tests) {}

    /// @param name of the test; null for all of the policy
    private CompletableFuture<Asked> asked(String uri, @Nullable String name) {
        return workspace
                .askForOne(
                        uri,
                        known -> {
                            if (!(known.analysis().result() instanceof CheckResult.Usable usable)) {
                                throw Answers.refused(
                                        "the policy does not compile, so its tests do not run");
                            }
                            Policy policy = usable.policy();
                            List<PolicyTest> tests =
                                    policy.tests().stream()
                                            .filter(
                                                    test ->
                                                            name == null
                                                                    || test.name().equals(name))
                                            .toList();
                            if (tests.isEmpty()) {
                                throw Answers.refused(
                                        name == null
                                                ? "the policy has no tests"
                                                : "the policy has no test `%s`".formatted(name));
                            }
                            return new Asked(known.tree(), known.tree().version(), policy, tests);
                        })
                .thenApply(
                        asked -> {
                            if (asked == null) {
                                throw Answers.refused("no policy has this document");
                            }
                            return asked;
                        });
    }

    private CompletableFuture<Object> run(String uri, @Nullable String name) {
        return asked(uri, name)
                .thenCompose(
                        asked ->
                                workspace
                                        .tests()
                                        .now(asked.policy(), asked.tests())
                                        .thenApply(results -> ran(asked, name, results)));
    }

    private Object ran(Asked asked, @Nullable String name, Map<String, TestResult> results) {
        workspace.tested(asked.tree(), asked.version(), results, name == null);
        boolean passed = results.values().stream().allMatch(TestResult::passed);
        tell(
                passed ? MessageType.Info : MessageType.Warning,
                TestWords.message(results.values(), asked.tests().size() - results.size()));
        List<Map<String, Object>> tests = new ArrayList<>();
        for (TestResult result : results.values()) {
            Map<String, Object> test = new LinkedHashMap<>();
            test.put("name", result.test().name());
            test.put("passed", result.passed());
            test.put("requests", result.requests());
            List<Map<String, Object>> failures = new ArrayList<>();
            for (TestFailure failure : result.failures()) {
                failures.add(
                        Map.of(
                                "location",
                                Answers.location(failure.at(), asked.tree().root()),
                                "message",
                                failure.headline()));
            }
            test.put("failures", failures);
            tests.add(test);
        }
        return Map.of("tests", tests);
    }

    private CompletableFuture<Object> explain(String uri, String name) {
        return asked(uri, name)
                .thenCompose(
                        asked -> {
                            PolicyTest test = asked.tests().getFirst();
                            return workspace
                                    .tests()
                                    .explain(asked.policy(), test)
                                    .thenApply(explained -> TestWords.explanation(test, explained))
                                    .whenComplete((_, _) -> workspace.check());
                        })
                .thenApply(
                        text -> {
                            showText(text);
                            return Map.of("name", name, "text", text);
                        });
    }

    private void showText(String text) {
        LanguageClient to = client;
        String address = showsDocuments ? explanations.write(text) : null;
        if (to != null && address != null) {
            show(to, focused(address), text);
        } else {
            tell(MessageType.Info, text);
        }
    }

    /// Has the editor show a document; where it does not, it shows a message.
    private void show(LanguageClient to, ShowDocumentParams params, String otherwise) {
        CompletableFuture<Void> shown =
                to.showDocument(params)
                        .exceptionally(_ -> new ShowDocumentResult(false))
                        .thenAccept(
                                result -> {
                                    if (!result.isSuccess()) {
                                        tell(MessageType.Info, otherwise);
                                    }
                                });
        shown.exceptionally(_ -> null); // an editor that is gone sees nothing
    }

    // ── Places ───────────────────────────────────────────────────────────────────────────────

    private CompletableFuture<Object> show(List<Object> arguments) {
        if (arguments.size() < 3) {
            throw Answers.refused("the command takes an address, a position and locations");
        }
        List<Location> places =
                List.of(GSON.fromJson(GSON.toJson(arguments.get(2)), Location[].class));
        LanguageClient to = client;
        if (to != null && showsDocuments && places.size() == 1) {
            ShowDocumentParams shown = focused(places.getFirst().getUri());
            shown.setSelection(places.getFirst().getRange());
            show(to, shown, words(places));
        } else {
            tell(MessageType.Info, words(places));
        }
        return CompletableFuture.completedFuture(places);
    }

    private static String words(List<Location> places) {
        List<String> words = new ArrayList<>();
        for (Location place : places.subList(0, Math.min(places.size(), PLACES_TOLD_MAX))) {
            String uri = place.getUri();
            words.add(
                    "%s:%d"
                            .formatted(
                                    uri.substring(uri.lastIndexOf('/') + 1),
                                    place.getRange().getStart().getLine() + 1));
        }
        int more = places.size() - words.size();
        return String.join(", ", words) + (more > 0 ? " and %d more".formatted(more) : "");
    }

    private static ShowDocumentParams focused(String uri) {
        ShowDocumentParams params = new ShowDocumentParams(uri);
        params.setTakeFocus(true);
        return params;
    }

    private void tell(MessageType type, String message) {
        LanguageClient to = client;
        if (to != null) {
            to.showMessage(new MessageParams(type, message));
        }
    }

    @Override
    public void close() {
        explanations.close();
    }
}
