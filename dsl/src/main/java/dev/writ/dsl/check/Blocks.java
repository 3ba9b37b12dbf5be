package dev.writ.dsl.check;

import dev.writ.dsl.diagnostic.Edit;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.Span;

/// Edits of declarations and of what stands between their braces, in the one layout.
final class Blocks {
    private Blocks() {}

    /// Puts a property or an arm at the end of a declaration that ends in a brace.
    static Edit append(Span declaration, String text) {
        Source source = declaration.source();
        String written = source.text();
        int brace = declaration.end() - 1;
        int end = brace;
        while (end > declaration.start() && Character.isWhitespace(written.charAt(end - 1))) {
            end--;
        }
        boolean oneLine = source.line(end) == source.line(brace);
        boolean empty = written.charAt(end - 1) == '{';
        String before = oneLine ? (empty ? " " : "  ") : "\n  " + indentation(declaration);
        String after = oneLine ? " " : written.substring(end, brace);
        return new Edit(new Span(source, end, brace), before + text + after);
    }

    /// Returns the white space before a declaration on its line.
    private static String indentation(Span declaration) {
        String line = declaration.source().lineText(declaration.line());
        return line.substring(0, line.length() - line.stripLeading().length());
    }

    /// Takes a declaration away, with the comment that is written for it and the blank line behind.
    static Edit removeDeclaration(Span declaration) {
        Source source = declaration.source();
        int line = declaration.line();
        while (line > 1 && source.lineText(line - 1).strip().startsWith("///")) {
            line--;
        }
        boolean alone =
                source.text()
                        .substring(source.lineStart(declaration.line()), declaration.start())
                        .isBlank();
        int start = alone ? source.lineStart(line) : declaration.start();
        Edit edit = Edit.remove(new Span(source, start, declaration.end()));
        int end = edit.span().end();
        int last = source.line(end);
        boolean blank =
                alone
                        && end == source.lineStart(last)
                        && last < source.lineCount()
                        && source.lineText(last).isBlank();
        return blank
                ? new Edit(new Span(source, edit.span().start(), source.lineStart(last + 1)), "")
                : edit;
    }
}
