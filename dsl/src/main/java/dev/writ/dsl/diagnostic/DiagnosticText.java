package dev.writ.dsl.diagnostic;

import dev.writ.dsl.diagnostic.Diagnostic.Label;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.Span;
import java.util.ArrayList;
import java.util.List;

/// Diagnostics as people read them: the author's text with carets under it, then what to do.
///
/// ```text
/// error[E0102]: unknown route `chatt`
///    ┌─ teams.writ:4:11
///  4 │   may use chatt
///    │           ^^^^^ no such route
///    = hint: did you mean `chat`?
///    = see docs/reference/diagnostics/E0102.md
/// ```
public final class DiagnosticText {
    private static final int GUTTER_WIDTH_MIN = 2;
    private static final String PAGES = "docs/reference/diagnostics/";

    private final Diagnostic diagnostic;
    private final Style style;
    private final int gutter;
    private final StringBuilder out = new StringBuilder();

    private DiagnosticText(Diagnostic diagnostic, Style style) {
        this.diagnostic = diagnostic;
        this.style = style;
        int lastLine = diagnostic.primary().span().line();
        for (Label label : diagnostic.because()) {
            lastLine = Math.max(lastLine, label.span().line());
        }
        this.gutter = Math.max(GUTTER_WIDTH_MIN, String.valueOf(lastLine).length());
    }

    /// How diagnostics are shown.
    public enum Style {
        /// Text alone.
        PLAIN,
        /// With the colours of ANSI terminals.
        TERMINAL
    }

    /// Returns the lines of a diagnostic, without a line break at the end.
    ///
    /// Characters that terminals act upon or do not show, such as those that change the direction
    /// of text, stand there by their number, wherever they come from.
    public static String render(Diagnostic diagnostic, Style style) {
        return new DiagnosticText(diagnostic, style).render();
    }

    private String render() {
        Colour severity =
                switch (diagnostic.code().severity()) {
                    case ERROR -> Colour.RED;
                    case WARNING, LINT -> Colour.YELLOW;
                };
        add(
                severity,
                "%s[%s]".formatted(diagnostic.code().severity().word(), diagnostic.code().id()));
        add(Colour.BOLD, ": " + Excerpt.shown(diagnostic.headline()));
        place(diagnostic.primary().span());
        underline(diagnostic.primary(), '^', severity);
        diagnostic.notes().forEach(note -> remark("", note));
        Span shown = diagnostic.primary().span();
        for (Label label : diagnostic.because()) {
            if (label.span().source() != shown.source() || label.span().line() != shown.line()) {
                place(label.span());
            }
            shown = label.span();
            underline(label, '-', Colour.BLUE);
        }
        diagnostic.hints().forEach(hint -> remark("hint: ", hint));
        newLine();
        add(Colour.BLUE, " ".repeat(gutter + 1) + "= ");
        out.append("see ").append(PAGES).append(diagnostic.code().id()).append(".md");
        return out.toString();
    }

    /// Names a place and shows its line.
    private void place(Span span) {
        newLine();
        add(Colour.BLUE, " ".repeat(gutter + 1) + "┌─ ");
        out.append(Excerpt.shown(span.toString()));
        newLine();
        add(Colour.BLUE, ("%" + gutter + "d │ ").formatted(span.line()));
        out.append(excerpt(span).text());
    }

    private void underline(Label label, char mark, Colour colour) {
        Excerpt excerpt = excerpt(label.span());
        newLine();
        add(Colour.BLUE, " ".repeat(gutter) + " │ ");
        out.append(" ".repeat(excerpt.markStart()));
        String text = label.text().isEmpty() ? "" : " " + Excerpt.shown(label.text());
        add(colour, String.valueOf(mark).repeat(excerpt.markWidth()) + text);
    }

    private Excerpt excerpt(Span span) {
        Source source = span.source();
        int lineStart = source.lineStart(span.line());
        return Excerpt.of(
                diagnostic.lineText(source, span.line()),
                span.start() - lineStart,
                span.end() - lineStart);
    }

    private void remark(String kind, String text) {
        List<String> lines = new ArrayList<>();
        text.lines().forEach(line -> lines.add(Excerpt.shown(line)));
        newLine();
        add(Colour.BLUE, " ".repeat(gutter + 1) + "= ");
        add(Colour.BOLD, kind);
        out.append(String.join("\n" + " ".repeat(gutter + 3), lines));
    }

    private void newLine() {
        // Lines without text end in their mark, not in a space.
        int end = out.length();
        while (end > 0 && out.charAt(end - 1) == ' ') {
            end--;
        }
        out.setLength(end);
        out.append('\n');
    }

    private void add(Colour colour, String text) {
        if (style == Style.PLAIN || text.isEmpty()) {
            out.append(text);
        } else {
            out.append(colour.on).append(text).append("\u001b[0m");
        }
    }

    /// What terminals are told.
    private enum Colour {
        RED("\u001b[1;31m"),
        YELLOW("\u001b[1;33m"),
        BLUE("\u001b[34m"),
        BOLD("\u001b[1m");

        private final String on;

        Colour(String on) {
            this.on = on;
        }
    }
}
