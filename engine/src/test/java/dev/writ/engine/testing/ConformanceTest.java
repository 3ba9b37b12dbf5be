package dev.writ.engine.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.PolicyTest;
import dev.writ.engine.Caller;
import dev.writ.engine.Decision;
import dev.writ.engine.Explainer;
import dev.writ.engine.PolicySnapshot;
import dev.writ.engine.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every behaviour in `policies/conformance`, by both evaluators: the index that serves, and the
/// tree that defines what it must do.
final class ConformanceTest {
    private static final Path FOLDER =
            Path.of(System.getProperty("writ.root", "..")).resolve("policies/conformance");

    private static List<Path> behaviours() throws IOException {
        try (Stream<Path> all = Files.walk(FOLDER)) {
            List<Path> files =
                    all.filter(file -> file.toString().endsWith(".writ"))
                            .map(FOLDER::relativize)
                            .sorted()
                            .toList();
            assertFalse(files.isEmpty());
            return files;
        }
    }

    @ParameterizedTest
    @MethodSource("behaviours")
    void isThatOfBothEvaluators(Path file) throws IOException {
        Policy policy = Tried.policy(Files.readString(FOLDER.resolve(file)));
        PolicySnapshot snapshot = PolicySnapshot.compile(policy);
        assertFalse(policy.tests().isEmpty());
        for (PolicyTest test : policy.tests()) {
            World world = new World(policy);
            for (PolicyTest.Request request : test.requests()) {
                world = test.inSteps() ? world : new World(policy);
                world.begin(request);
                for (int time = 1; time <= request.times(); time++) {
                    both(snapshot, world, test, request);
                }
            }
        }
    }

    private static void both(
            PolicySnapshot snapshot, World world, PolicyTest test, PolicyTest.Request request) {
        Caller caller = new TestCallers(snapshot).of(request);
        Course byIndex =
                Sending.send(
                        snapshot,
                        String::length,
                        world,
                        request,
                        caller,
                        new TestRunner.Bench(
                                snapshot.newFacts(), new Decision(), snapshot.newAnswerRoom()));
        Verdict byTree =
                Explainer.explain(
                                snapshot,
                                caller,
                                byIndex.asked(),
                                byIndex.before(),
                                byIndex.answer(),
                                byIndex.after())
                        .verdict();
        if (byIndex.verdict().arm() != null) {
            assertEquals(byIndex.verdict(), byTree, test.name());
        } // else the tree also tells where the request would have gone
        for (PolicyTest.Expected expected : request.expected()) {
            for (Course course : List.of(byIndex, byIndex.with(byTree))) {
                assertNull(
                        new Judge(snapshot, course).judge(expected),
                        () -> test.name() + ", line " + expected.span().line());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("behaviours")
    void saysWhatItShows(Path file) throws IOException {
        List<String> lines = Files.readAllLines(FOLDER.resolve(file));
        String name = file.getFileName().toString().replace(".writ", "");
        assertEquals("policy \"%s\" language 1".formatted(name), lines.getFirst());
        assertTrue(lines.get(2).startsWith("// "));
        String page = Files.readString(FOLDER.resolve("README.md"));
        assertTrue(page.contains("(%s)".formatted(file)), () -> "not in the README: " + file);
    }
}
