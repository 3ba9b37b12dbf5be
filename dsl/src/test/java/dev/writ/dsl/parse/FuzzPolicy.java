package dev.writ.dsl.parse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.diagnostic.DiagnosticText;
import dev.writ.dsl.format.Formatted;
import dev.writ.dsl.format.Formatter;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.Span;
import dev.writ.dsl.syntax.ParsedFile;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.antlr.v4.runtime.BailErrorStrategy;
import org.antlr.v4.runtime.misc.ParseCancellationException;

/// What must hold for any text that is read as a policy. `./fuzz policy` looks for texts for which
/// it does not.
public final class FuzzPolicy {
    private FuzzPolicy() {}

    /// Called by the fuzzer.
    public static void fuzzerTestOneInput(byte[] bytes) {
        check(new String(bytes, StandardCharsets.UTF_8));
    }

    /// Checks that a text that does not fit the grammar is told to have a mistake, and no other;
    /// that everything stands in the text; that it is always read alike; and that formatting what
    /// is formatted changes nothing.
    static void check(String text) {
        Source source = new Source("p.writ", text);
        ParsedFile parsed = PolicyParser.parse(source);
        List<Diagnostic> told = parsed.diagnostics();
        assertTrue(told.size() <= Mistakes.TOLD_MAX, () -> told.size() + " mistakes");
        Tokens tokens = Tokens.of(source);
        if (Brackets.of(tokens.types()).deepest() <= PolicyParser.DEPTH_MAX) {
            boolean fits = fits(tokens);
            boolean form = told.stream().anyMatch(FuzzPolicy::isAboutForm);
            assertTrue(fits || form, "nothing told");
            assertTrue(!fits || !form, () -> "told for nothing: " + told);
        }
        for (Diagnostic diagnostic : told) {
            DiagnosticText.render(diagnostic, DiagnosticText.Style.PLAIN);
        }
        stands(parsed, source);
        assertEquals(described(told), described(PolicyParser.parse(source).diagnostics()));
        if (Formatter.format(source) instanceof Formatted.Text formatted) {
            assertEquals(formatted, Formatter.format(new Source("p.writ", formatted.text())));
        }
    }

    /// Tells whether a diagnostic is about more than the size or the spelling of a value.
    private static boolean isAboutForm(Diagnostic diagnostic) {
        return diagnostic.code() != DiagnosticCode.TOO_LARGE
                && !diagnostic.headline().endsWith("is no escape");
    }

    private static List<String> described(List<Diagnostic> told) {
        return told.stream().map(d -> d.primary().span() + " " + d.headline()).toList();
    }

    private static boolean fits(Tokens tokens) {
        WritParser parser = new WritParser(tokens.stream());
        parser.removeErrorListeners();
        parser.setErrorHandler(new BailErrorStrategy());
        try {
            parser.file();
            return true;
        } catch (ParseCancellationException _) {
            return false;
        }
    }

    /// Checks that each span of a tree of records is one of the source.
    private static void stands(Object part, Source source) {
        switch (part) {
            case Span span -> assertSame(source, span.source());
            case List<?> list -> list.forEach(element -> stands(element, source));
            case Record node -> {
                for (RecordComponent component : node.getClass().getRecordComponents()) {
                    stands(value(component, node), source);
                }
            }
            default -> {} // a value
        }
    }

    private static Object value(RecordComponent component, Record node) {
        try {
            component.getAccessor().setAccessible(true);
            Object value = component.getAccessor().invoke(node);
            return value == null ? "" : value;
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(component + " cannot be read", e);
        }
    }
}
