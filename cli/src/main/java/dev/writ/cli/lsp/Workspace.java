package dev.writ.cli.lsp;

import dev.writ.cli.lsp.OpenDocuments.Open;
import dev.writ.dsl.check.Analysis;
import dev.writ.dsl.check.CheckResult;
import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.policy.Vocabulary;
import dev.writ.dsl.source.Source;
import dev.writ.engine.testing.TestResult;
import dev.writ.server.serving.PromptSize;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.lsp4j.MessageParams;
import org.eclipse.lsp4j.MessageType;
import org.eclipse.lsp4j.TextDocumentContentChangeEvent;
import org.eclipse.lsp4j.services.LanguageClient;
import org.jspecify.annotations.Nullable;

/// The policies that an editor has open, and the one thread that looks at them.
///
/// Changes of documents are taken down at once, on the thread that reads the protocol. The worker
/// checks what is newest when it comes to it: while it works, changes pile up, and are checked
/// together. Questions wait for that check, so their answers fit what the author sees.
final class Workspace implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Workspace.class.getName());

    private final Vocabulary vocabulary;
    private final ExecutorService worker =
            Executors.newSingleThreadExecutor(Thread.ofPlatform().name("writ-lsp").factory());
    private final AtomicBoolean scheduled = new AtomicBoolean();

    private final OpenDocuments documents = new OpenDocuments();
    private final TestRuns tests =
            new TestRuns(snapshot -> prompt -> PromptSize.of(snapshot, prompt));

    // Only the worker touches these.
    private final List<PolicyTree> trees = new ArrayList<>();
    private final Told told = new Told();
    private @Nullable LanguageClient client;
    private boolean refreshesLenses;
    private Settings settings = Settings.DEFAULT;

    Workspace(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
    }

    /// A file of a tree, and what is known of the tree.
    record Known(PolicyTree tree, Analysis analysis, Source source, Settings settings) {
        /// Returns what the author is told of the file, by place.
        List<Diagnostic> told() {
            return tree.told(analysis, settings).getOrDefault(source.path(), List.of());
        }
    }

    /// A question about a document.
    interface Question<T> {
        T answer(Known known);
    }

    /// A question about a document that may have no answer.
    interface OptionalQuestion<T> {
        @Nullable T answer(Known known);
    }

    void connect(LanguageClient to) {
        worker.execute(() -> client = to);
    }

    /// Says whether the editor asks for lenses again when it is told to.
    void refreshesLenses(boolean does) {
        worker.execute(() -> refreshesLenses = does);
    }

    TestRuns tests() {
        return tests;
    }

    /// Takes down what the author sets, as [Settings#with] reads it.
    void configure(@Nullable Object said) {
        worker.execute(
                () -> {
                    settings = settings.with(said);
                    schedule();
                });
    }

    /// Checks what is newest, and plans its tests.
    void check() {
        schedule();
    }

    /// Takes folders as policies, each with every policy file below it.
    void folders(List<Path> added, List<Path> removed) {
        worker.execute(
                () -> {
                    trees.removeIf(
                            tree ->
                                    tree.root() instanceof PolicyRoot.Folder(Path path)
                                            && removed.contains(path));
                    for (Path path : added) {
                        PolicyTree tree = new PolicyTree(new PolicyRoot.Folder(path), vocabulary);
                        trees.add(tree);
                        reload(tree);
                    }
                    schedule(); // here, so that a check that waits already does not come before
                });
    }

    /// Reads the disk again.
    void reload() {
        worker.execute(
                () -> {
                    trees.forEach(this::reload);
                    schedule();
                });
    }

    private void reload(PolicyTree tree) {
        String trouble = tree.reload();
        LanguageClient to = client;
        if (trouble != null && to != null) {
            to.showMessage(new MessageParams(MessageType.Error, trouble));
        }
    }

    void opened(String uri, int version, String text) {
        documents.open(uri, version, text);
        tests.cancel();
        schedule();
    }

    void changed(String uri, int version, List<TextDocumentContentChangeEvent> changes) {
        documents.change(uri, version, changes);
        tests.cancel();
        schedule();
    }

    void closed(String uri) {
        documents.close(uri);
        reload();
    }

    /// Has the worker check what is newest, once however often this is called before it does.
    private void schedule() {
        if (scheduled.compareAndSet(false, true)) {
            worker.execute(this::checkAll);
        }
    }

    private void checkAll() {
        scheduled.set(false);
        long round = tests.round();
        try {
            Map<String, Open> now = documents.now();
            adopt(now);
            Set<String> uris = new HashSet<>();
            for (PolicyTree tree : trees) {
                publish(tree, now, uris, round);
            }
            told.forgetAllBut(uris, client);
        } catch (RuntimeException | StackOverflowError e) {
            LOG.log(Level.SEVERE, "the check of an open policy failed", e);
        }
    }

    /// Makes a tree of each document that belongs to none, and drops those that nobody needs.
    private void adopt(Map<String, Open> now) {
        Set<PolicyTree> needed = new HashSet<>();
        for (String uri : now.keySet()) {
            PolicyTree tree = tree(uri);
            if (tree != null) {
                needed.add(tree);
            }
        }
        trees.removeIf(
                tree -> !(tree.root() instanceof PolicyRoot.Folder) && !needed.contains(tree));
        for (String uri : now.keySet()) {
            if (tree(uri) == null) {
                Path file = PolicyRoot.file(uri);
                PolicyTree tree =
                        new PolicyTree(
                                file == null
                                        ? new PolicyRoot.Draft(uri)
                                        : new PolicyRoot.File(file),
                                vocabulary);
                trees.add(tree);
                reload(tree);
            }
        }
    }

    /// Returns the tree of a document: that of a folder before one that was made for the document
    /// while no folder had it.
    private @Nullable PolicyTree tree(String uri) {
        PolicyTree found = null;
        for (PolicyTree tree : trees) {
            if (tree.root().path(uri) != null) {
                if (tree.root() instanceof PolicyRoot.Folder) {
                    return tree;
                }
                found = found == null ? tree : found;
            }
        }
        return found;
    }

    private void publish(PolicyTree tree, Map<String, Open> now, Set<String> all, long round) {
        Map<String, Source> texts = texts(tree, now);
        if (tree.isEmpty(texts)) {
            return;
        }
        Map<String, String> uris = new HashMap<>();
        now.keySet()
                .forEach(
                        uri -> {
                            String path = tree.root().path(uri);
                            if (path != null && tree(uri) == tree) {
                                uris.put(path, uri);
                            }
                        });
        Analysis analysis = tree.analyze(texts);
        for (Map.Entry<String, List<Diagnostic>> file : tree.told(analysis, settings).entrySet()) {
            String open = uris.get(file.getKey());
            Open document = open == null ? null : now.get(open);
            String uri = open == null ? tree.root().uri(file.getKey()) : open;
            all.add(uri);
            told.tell(
                    client,
                    uri,
                    document == null ? null : document.version(),
                    file.getValue().stream()
                            .map(diagnostic -> Answers.diagnostic(diagnostic, tree.root()))
                            .toList());
        }
        if (settings.tests()
                && analysis.result() instanceof CheckResult.Usable usable
                && !usable.policy().tests().isEmpty()
                && tree.plans(round)) {
            long version = tree.version();
            tests.plan(round, usable.policy(), results -> tested(tree, version, results, true));
        }
    }

    /// Takes down what tests gave, and tells the editor. Any thread.
    ///
    /// @param version of the tree's analysis that they were of
    /// @param all whether no other tests are to be run
    void tested(PolicyTree tree, long version, Map<String, TestResult> results, boolean all) {
        worker.execute(
                () -> {
                    tree.tested(version, results, all);
                    LanguageClient to = client;
                    if (refreshesLenses && to != null) {
                        CompletableFuture<Void> refreshed = to.refreshCodeLenses();
                        refreshed.exceptionally(_ -> null); // then it asks when it likes
                    }
                    schedule();
                });
    }

    /// What is open belongs to trees by its path; the source of an open document stays the same
    /// object as long as its text does.
    private final Map<Source, Source> placed = new WeakHashMap<>();

    private Map<String, Source> texts(PolicyTree tree, Map<String, Open> now) {
        Map<String, Source> texts = new HashMap<>();
        now.forEach(
                (uri, document) -> {
                    String path = tree.root().path(uri);
                    if (path != null && tree(uri) == tree) {
                        texts.put(
                                path,
                                placed.computeIfAbsent(
                                        document.source(),
                                        source -> new Source(path, source.text())));
                    }
                });
        return texts;
    }

    /// Answers a question about a document on the worker, of what is newest then.
    ///
    /// @param nothing the answer where no policy has the document
    <T> CompletableFuture<T> ask(String uri, T nothing, Question<T> question) {
        return CompletableFuture.supplyAsync(
                () -> {
                    Map<String, Open> now = documents.now();
                    adopt(now);
                    PolicyTree tree = tree(uri);
                    if (tree == null) {
                        return nothing;
                    }
                    Analysis analysis = tree.analyze(texts(tree, now));
                    String path = tree.root().path(uri);
                    for (var file : analysis.files()) {
                        if (file.source().path().equals(path)) {
                            return question.answer(
                                    new Known(tree, analysis, file.source(), settings));
                        }
                    }
                    return nothing;
                },
                worker);
    }

    /// Answers a question that may have no answer: the protocol says `null` then, and its types do
    /// not.
    @SuppressWarnings("NullAway")
    <T> CompletableFuture<T> askForOne(String uri, OptionalQuestion<T> question) {
        return ask(uri, null, question::answer);
    }

    /// Lets what was begun come to its end, and takes nothing more.
    @Override
    public void close() {
        tests.close();
        worker.shutdown();
    }
}
