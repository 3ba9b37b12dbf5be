package dev.writ.cli.lsp;

import dev.writ.dsl.check.Analysis;
import dev.writ.dsl.check.Checker;
import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.lint.Linter;
import dev.writ.dsl.parse.FileReader;
import dev.writ.dsl.policy.Vocabulary;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.SourceTree;
import dev.writ.dsl.syntax.ParsedFile;
import dev.writ.engine.testing.TestResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One policy as the editor sees it: what lies on disk, and over it what is open.
///
/// Used by one thread. A file that did not change keeps its [Source], and is not read again.
final class PolicyTree {
    /// Findings about how one file is written; an editor shows the first ones.
    static final int LINTS_PER_FILE_MAX = 100;

    /// Expectations that tests did not meet; an editor shows the first ones.
    static final int TEST_FAILURES_MAX = 100;

    private final PolicyRoot root;
    private final Vocabulary vocabulary;
    private final FileReader reader = new FileReader();
    private final Map<String, Source> disk = new TreeMap<>();
    private @Nullable Analysis analysis;
    private List<Source> analyzed = List.of();
    private String trouble = "";

    /// Which analysis is the newest, and what its tests are known to give, by their names.
    private long version;
    private final Map<String, TestResult> results = new HashMap<>();
    private boolean tested;
    private long plannedIn = -1;

    /// By path: what the linter says of a file.
    private final Map<String, Linted> linted = new HashMap<>();

    private record Linted(Source source, List<Diagnostic> found) {}

    PolicyTree(PolicyRoot root, Vocabulary vocabulary) {
        this.root = root;
        this.vocabulary = vocabulary;
    }

    PolicyRoot root() {
        return root;
    }

    /// Reads the disk again.
    ///
    /// @return why that is not possible, for people, where it was possible before; else null
    @Nullable String reload() {
        Map<String, Source> fresh = new HashMap<>();
        try {
            for (Source source : root.load()) {
                Source known = disk.get(source.path());
                boolean same = known != null && known.text().equals(source.text());
                fresh.put(source.path(), same ? known : source);
            }
        } catch (IOException e) {
            String message = String.valueOf(e.getMessage());
            boolean news = !message.equals(trouble);
            trouble = message;
            return news ? message : null;
        }
        trouble = "";
        disk.clear();
        disk.putAll(fresh);
        return null;
    }

    /// Tells whether there is nothing to check.
    boolean isEmpty(Map<String, Source> open) {
        return disk.isEmpty() && open.isEmpty();
    }

    /// Checks the tree, which is not empty, with what is open, unless nothing changed since.
    ///
    /// @param open texts by their paths in the tree
    Analysis analyze(Map<String, Source> open) {
        Map<String, Source> all = new TreeMap<>(disk);
        all.putAll(open);
        List<Source> files = new ArrayList<>(all.values());
        Analysis last = analysis;
        if (last != null && same(files, analyzed)) {
            return last;
        }
        String entry = files.getFirst().path();
        Analysis now = Checker.analyze(new SourceTree(entry, files), vocabulary, reader::read);
        analysis = now;
        version++;
        results.clear();
        tested = false;
        plannedIn = -1;
        analyzed = files;
        linted.keySet().retainAll(all.keySet());
        return now;
    }

    /// Returns the number of the newest analysis.
    long version() {
        return version;
    }

    /// Takes down what tests gave, unless they were those of an older analysis.
    ///
    /// @param all whether no other tests are to be run
    void tested(long of, Map<String, TestResult> gave, boolean all) {
        if (of == version) {
            results.putAll(gave);
            tested |= all;
        }
    }

    /// Returns what a test gave, or null if it was not run on what is newest.
    @Nullable TestResult result(String test) {
        return results.get(test);
    }

    /// Tells whether the tests of the newest analysis must be planned: they were neither run, nor
    /// planned in this round.
    boolean plans(long round) {
        if (tested || plannedIn == round) {
            return false;
        }
        plannedIn = round;
        return true;
    }

    private static boolean same(List<Source> a, List<Source> b) {
        if (a.size() != b.size()) {
            return false;
        }
        for (int i = 0; i < a.size(); i++) {
            if (a.get(i) != b.get(i)) {
                return false;
            }
        }
        return true;
    }

    /// Returns what an author is told of each file, by its path and sorted by place; every file of
    /// the tree has an entry.
    Map<String, List<Diagnostic>> told(Analysis analysis, Settings settings) {
        Map<String, List<Diagnostic>> told = new TreeMap<>();
        for (ParsedFile file : analysis.files()) {
            told.put(file.source().path(), new ArrayList<>());
        }
        List<Diagnostic> all = new ArrayList<>(analysis.result().diagnostics());
        if (settings.lint()) {
            analysis.files().forEach(file -> all.addAll(lints(file)));
        }
        results.values().stream()
                .flatMap(result -> result.failures().stream())
                .limit(TEST_FAILURES_MAX)
                .forEach(failure -> all.add(failure.diagnostic()));
        for (Diagnostic diagnostic : all) {
            told.computeIfAbsent(
                            diagnostic.primary().span().source().path(), _ -> new ArrayList<>())
                    .add(diagnostic);
        }
        for (List<Diagnostic> ofFile : told.values()) {
            ofFile.sort(Comparator.comparingInt(each -> each.primary().span().start()));
        }
        return told;
    }

    private List<Diagnostic> lints(ParsedFile file) {
        Linted known = linted.get(file.source().path());
        if (known != null && known.source() == file.source()) {
            return known.found();
        }
        List<Diagnostic> found = Linter.lint(file);
        List<Diagnostic> first =
                List.copyOf(found.subList(0, Math.min(found.size(), LINTS_PER_FILE_MAX)));
        linted.put(file.source().path(), new Linted(file.source(), first));
        return first;
    }
}
