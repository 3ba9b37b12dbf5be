package dev.writ.dsl.format;

import dev.writ.dsl.format.Part.Block;
import dev.writ.dsl.format.Part.Entry;
import dev.writ.dsl.format.Part.Form;
import dev.writ.dsl.format.Part.Remark;
import dev.writ.dsl.format.Part.Statement;
import dev.writ.dsl.parse.WritLexer;
import java.util.ArrayList;
import java.util.List;

/// Breaks statements into lines.
///
/// What decides about breaks are widths with canonical spaces and without columns, so that they
/// are the same whatever white space there was.
final class Layout {
    private final List<Line> lines = new ArrayList<>();

    private Layout() {}

    static String text(List<Entry> entries) {
        Layout layout = new Layout();
        layout.entries(entries, 0);
        StringBuilder out = new StringBuilder();
        layout.lines.forEach(line -> line.writeTo(out));
        return out.toString();
    }

    private void entries(List<Entry> entries, int indent) {
        Columns columns = new Columns();
        for (Entry entry : entries) {
            switch (entry) {
                case Remark remark -> {
                    Line line = line(indent, remark.blankBefore());
                    line.append(
                            String.join(" ", remark.comments().stream().map(Piece::text).toList()));
                    columns.end();
                }
                case Statement statement -> {
                    int first = lines.size();
                    statement(statement, indent);
                    columns.add(statement, lines.get(first), lines.size() == first + 1);
                }
            }
        }
        columns.end();
    }

    private Line line(int indent, boolean blankBefore) {
        Line line = new Line(indent, blankBefore);
        lines.add(line);
        return line;
    }

    private void statement(Statement statement, int indent) {
        List<Segment> segments = segments(statement, indent, false);
        if (statement.form() == Form.RULE && segments.stream().anyMatch(Segment::overflows)) {
            segments = segments(statement, indent, true);
        }
        segments.forEach(this::segment);
        Line last = lines.getLast();
        statement.trailing().forEach(last::comment);
    }

    /// Returns what of a statement must begin a line.
    ///
    /// @param atJoints whether the condition and the effects of a rule do so in any case
    private static List<Segment> segments(Statement statement, int indent, boolean atJoints) {
        List<Part> parts = statement.parts();
        List<Segment> segments = new ArrayList<>();
        int from = 0;
        int brackets = 0;
        int bracketsAtStart = 0;
        boolean comments = true; // nothing else in this segment so far
        for (int i = 0; i < parts.size(); i++) {
            Piece piece = parts.get(i).first();
            boolean breaks = piece.breaks() > 0;
            boolean joint = statement.form() == Form.RULE && isJoint(statement, i);
            boolean starts =
                    i > 0
                            && (parts.get(i - 1).first().isLineComment()
                                    || (breaks && (comments || piece.isComment() || joint))
                                    || (joint && atJoints));
            if (starts) {
                segments.add(Segment.of(statement, from, i, indent, bracketsAtStart));
                from = i;
                bracketsAtStart = brackets - (Spacing.isClosing(piece) ? 1 : 0);
                comments = true;
            }
            comments &= piece.isComment();
            brackets += Spacing.isOpening(piece) ? 1 : Spacing.isClosing(piece) ? -1 : 0;
        }
        segments.add(Segment.of(statement, from, parts.size(), indent, bracketsAtStart));
        return segments;
    }

    /// Tells whether the condition or the effects of a rule start at a part.
    private static boolean isJoint(Statement rule, int index) {
        return switch (rule.parts().get(index)) {
            case Block _ -> true;
            case Piece piece ->
                    rule.joints().contains(piece.offset())
                            || (piece.is(WritLexer.WHEN)
                                    && !rule.parts().get(index - 1).first().is(WritLexer.DOT));
        };
    }

    /// A stretch of a statement that begins a line.
    ///
    /// @param codeTo index behind its last part, or before the line comment at its end
    /// @param to index behind its last part
    private record Segment(Statement statement, int from, int codeTo, int to, int indent) {
        static Segment of(Statement statement, int from, int to, int indent, int brackets) {
            boolean commented =
                    to - from > 1 && statement.parts().get(to - 1).first().isLineComment();
            return new Segment(
                    statement,
                    from,
                    commented ? to - 1 : to,
                    to,
                    from == 0 ? indent : indent + 1 + brackets);
        }

        /// Tells whether it may stand on one line, and has room there.
        boolean fits() {
            StringBuilder flat = new StringBuilder();
            for (int i = from; i < codeTo; i++) {
                if (statement.parts().get(i) instanceof Block block && !block.isFlat()) {
                    return false;
                }
                append(flat, i);
            }
            return Line.width(indent, flat) <= Formatter.WIDTH_MAX;
        }

        /// Tells whether its first line has no room even if its blocks are broken.
        boolean headOverflows() {
            StringBuilder head = new StringBuilder();
            for (int i = from; i < codeTo; i++) {
                if (statement.parts().get(i) instanceof Block block && !block.isEmpty()) {
                    head.append(" {");
                    break;
                }
                append(head, i);
            }
            return Line.width(indent, head) > Formatter.WIDTH_MAX;
        }

        /// Tells whether it is too long for what its author wrote on one line.
        boolean overflows() {
            boolean broken =
                    statement.parts().subList(from, to).stream()
                            .anyMatch(part -> part instanceof Block block && !block.isFlat());
            return broken ? headOverflows() : !fits();
        }

        private void append(StringBuilder out, int index) {
            if (index > from) {
                out.append(Spacing.before(statement, index));
            }
            out.append(flat(statement.parts().get(index)));
        }
    }

    private void segment(Segment segment) {
        Statement statement = segment.statement();
        boolean fits = segment.fits();
        boolean keepsBreaks = !fits && segment.headOverflows();
        List<Integer> columns = segment.from() == 0 ? Columns.of(statement) : List.of();
        Line line = line(segment.indent(), segment.from() == 0 && statement.blankBefore());
        Line first = line;
        int brackets = 0;
        for (int i = segment.from(); i < segment.codeTo(); i++) {
            Part part = statement.parts().get(i);
            if (i > segment.from()) {
                if (keepsBreaks && part.first().breaks() > 0 && Spacing.mayBreak(statement, i)) {
                    int inBrackets = brackets - (Spacing.isClosing(part.first()) ? 1 : 0);
                    line = line(segment.indent() + 1 + Math.max(0, inBrackets), false);
                } else {
                    line.append(Spacing.before(statement, i));
                }
            }
            if (line == first && columns.contains(i)) {
                line.startColumn();
            }
            if (part instanceof Block block && !fits && !block.isEmpty()) {
                line = broken(block, line);
            } else {
                line.append(flat(part));
            }
            Piece piece = part.first();
            brackets += Spacing.isOpening(piece) ? 1 : Spacing.isClosing(piece) ? -1 : 0;
        }
        if (segment.codeTo() < segment.to()) {
            line.comment(statement.parts().get(segment.codeTo()).first());
        }
    }

    /// Lays a block out over several lines.
    ///
    /// @param line on which it opens
    /// @return the line on which it closes
    private Line broken(Block block, Line line) {
        line.append("{");
        block.behindOpen().forEach(line::comment);
        entries(block.entries(), line.indent() + 1);
        Line last = line(line.indent(), false);
        last.append("}");
        return last;
    }

    /// Returns a part on one line.
    private static String flat(Part part) {
        return switch (part) {
            case Piece piece -> piece.text();
            case Block block -> {
                if (block.isEmpty()) {
                    yield "{}";
                }
                List<String> inner = new ArrayList<>();
                block.behindOpen().forEach(comment -> inner.add(comment.text()));
                block.entries().forEach(entry -> inner.add(flat(entry)));
                yield "{ " + String.join("  ", inner) + " }";
            }
        };
    }

    private static String flat(Entry entry) {
        StringBuilder flat = new StringBuilder();
        switch (entry) {
            case Remark remark ->
                    remark.comments().forEach(comment -> flat.append(comment.text()).append(' '));
            case Statement statement -> {
                for (int i = 0; i < statement.parts().size(); i++) {
                    if (i > 0) {
                        flat.append(Spacing.before(statement, i));
                    }
                    flat.append(flat(statement.parts().get(i)));
                }
                statement.trailing().forEach(comment -> flat.append(' ').append(comment.text()));
            }
        }
        return flat.toString().stripTrailing();
    }
}
