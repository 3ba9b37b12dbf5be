package dev.writ.dsl.format;

import dev.writ.dsl.diagnostic.Edit;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.Span;
import java.util.ArrayList;
import java.util.List;

/// What the one style changes in a file, and nothing else: the white space between its tokens.
public final class FormatEdits {
    private FormatEdits() {}

    /// Returns the edits that lay a file out, in order; none where it is laid out already, or where
    /// it has mistakes of form.
    public static List<Edit> of(Source source) {
        return switch (Formatter.format(source)) {
            case Formatted.Unreadable _ -> List.of();
            case Formatted.Text(String text) -> between(source, new Source(source.path(), text));
        };
    }

    /// Both have the same pieces, so only what lies between two of them can differ, and white space
    /// inside of comments.
    private static List<Edit> between(Source before, Source after) {
        List<Piece> old = Piece.listOf(before);
        List<Piece> fresh = Piece.listOf(after);
        List<Edit> edits = new ArrayList<>();
        int oldEnd = 0;
        int freshEnd = 0;
        for (int i = 0; i <= old.size(); i++) {
            boolean last = i == old.size();
            int oldStart = last ? before.text().length() : old.get(i).offset();
            int freshStart = last ? after.text().length() : fresh.get(i).offset();
            String space = after.text().substring(freshEnd, freshStart);
            if (!space.equals(before.text().substring(oldEnd, oldStart))) {
                edits.add(new Edit(new Span(before, oldEnd, oldStart), space));
            }
            if (!last) {
                oldEnd = end(before, old, i);
                freshEnd = freshStart + old.get(i).text().length();
                String written = before.text().substring(oldStart, oldEnd);
                if (!written.equals(old.get(i).text())) {
                    edits.add(new Edit(new Span(before, oldStart, oldEnd), old.get(i).text()));
                }
            }
        }
        return edits;
    }

    /// Returns where a piece ends as it was written.
    private static int end(Source source, List<Piece> pieces, int index) {
        Piece piece = pieces.get(index);
        String text = source.text();
        if (piece.isLineComment()) {
            int end = piece.offset();
            while (end < text.length() && text.charAt(end) != '\n' && text.charAt(end) != '\r') {
                end++;
            }
            return end;
        }
        if (piece.isComment()) {
            int end = text.indexOf("*/", piece.offset() + 2);
            return end < 0 ? text.length() : end + 2;
        }
        return piece.offset() + piece.text().length();
    }
}
