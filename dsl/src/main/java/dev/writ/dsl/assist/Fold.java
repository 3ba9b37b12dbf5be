package dev.writ.dsl.assist;

import dev.writ.dsl.parse.Lexeme;
import dev.writ.dsl.source.Source;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// Lines that an editor can put away: between braces, or of a comment.
///
/// @param firstLine counted from 1; it stays
/// @param lastLine counted from 1; behind the first
public record Fold(int firstLine, int lastLine, boolean comment) {
    /// Returns what can be put away of a file, also where braces have no partner.
    public static List<Fold> of(Source source) {
        List<Fold> folds = new ArrayList<>();
        Deque<Integer> open = new ArrayDeque<>();
        int commentFirst = 0;
        int commentLast = 0;
        for (Lexeme lexeme : Lexeme.listOf(source)) {
            int line = source.line(lexeme.offset());
            if (lexeme.isComment()) {
                int end = source.line(lexeme.offset() + lexeme.text().length());
                if (commentFirst > 0 && line == commentLast + 1) {
                    commentLast = end;
                } else {
                    add(folds, commentFirst, commentLast, true);
                    commentFirst = line;
                    commentLast = end;
                }
            } else if (!lexeme.text().isBlank()) {
                add(folds, commentFirst, commentLast, true);
                commentFirst = 0;
                commentLast = 0;
                if (lexeme.text().equals("{")) {
                    open.push(line);
                } else if (lexeme.text().equals("}") && !open.isEmpty()) {
                    add(folds, open.pop(), line, false);
                }
            }
        }
        add(folds, commentFirst, commentLast, true);
        return folds;
    }

    private static void add(List<Fold> folds, int first, int last, boolean comment) {
        if (first > 0 && last > first) {
            folds.add(new Fold(first, last, comment));
        }
    }
}
