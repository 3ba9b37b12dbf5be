package dev.writ.cli.lsp;

import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.Span;
import org.eclipse.lsp4j.Position;
import org.eclipse.lsp4j.Range;

/// Places of the protocol, which counts lines and UTF-16 units from 0, as offsets and back.
final class Places {
    private Places() {}

    /// Returns the offset of a position: the nearest that there is.
    static int offset(Source source, Position position) {
        if (position.getLine() < 0) {
            return 0;
        }
        if (position.getLine() >= source.lineCount()) {
            return source.text().length();
        }
        int line = position.getLine() + 1;
        int end = source.lineStart(line) + source.lineText(line).length();
        return Math.clamp(
                (long) source.lineStart(line) + Math.max(0, position.getCharacter()),
                source.lineStart(line),
                end);
    }

    static Position position(Source source, int offset) {
        int line = source.line(offset);
        return new Position(line - 1, offset - source.lineStart(line));
    }

    static Range range(Span span) {
        return new Range(
                position(span.source(), span.start()), position(span.source(), span.end()));
    }
}
