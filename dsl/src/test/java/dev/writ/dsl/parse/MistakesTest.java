package dev.writ.dsl.parse;

import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.writ.dsl.Golden;
import dev.writ.dsl.check.Checker;
import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticText;
import dev.writ.dsl.diagnostic.DiagnosticText.Style;
import dev.writ.dsl.policy.Cause;
import dev.writ.dsl.policy.Vocabulary;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.SourceTree;
import dev.writ.dsl.syntax.ParsedFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Mistakes that authors make, one a file in `mistakes`, and exactly what they are told of them.
///
/// Behind the messages about the form stand the ids of what the checker adds: a mistake that is
/// told already must not come back as another.
final class MistakesTest {
    private static final Vocabulary VOCABULARY =
            new Vocabulary(
                    List.of(
                            new Vocabulary.ProviderKind(
                                    "simulated",
                                    false,
                                    false,
                                    false,
                                    true,
                                    Set.of(Cause.values()))));

    static Stream<Path> mistakes() throws IOException {
        return Golden.files("parse/mistakes").stream();
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void areToldOnceInTheAuthorsWords(Path file) throws IOException {
        String text = Golden.given(file, "diagnostics");
        ParsedFile parsed = PolicyParser.parse(new Source("policy.writ", text));
        assertFalse(parsed.diagnostics().isEmpty());
        String told =
                parsed.diagnostics().stream()
                        .map(diagnostic -> DiagnosticText.render(diagnostic, Style.PLAIN) + "\n")
                        .collect(Collectors.joining("\n"));
        Golden.expect(file, "diagnostics", told + "---- also\n" + also(parsed));
    }

    private static String also(ParsedFile parsed) {
        SourceTree tree = new SourceTree(parsed.source().path(), List.of(parsed.source()));
        return Checker.check(tree, VOCABULARY).diagnostics().stream()
                .filter(found -> parsed.diagnostics().stream().noneMatch(told -> same(told, found)))
                .map(found -> "%s %s\n".formatted(found.code().id(), found.headline()))
                .collect(Collectors.joining());
    }

    private static boolean same(Diagnostic a, Diagnostic b) {
        return a.code() == b.code() && a.primary().span().start() == b.primary().span().start();
    }
}
