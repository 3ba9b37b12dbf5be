package dev.writ.dsl.assist;

import dev.writ.dsl.parse.Lexeme;
import dev.writ.dsl.source.Source;

/// Whole pieces of a policy as snippets: the example that the grammar's forms show, with a stop for
/// the cursor at everything that an author chooses.
final class Snippets {
    private Snippets() {}

    /// Returns a piece with stops.
    ///
    /// @param keyword with which it begins
    /// @param opens whether it goes on between braces
    static String of(String keyword, String example, boolean opens) {
        StringBuilder snippet = new StringBuilder();
        int stop = 1;
        boolean chosen = keyword.isEmpty();
        for (Lexeme lexeme : Lexeme.listOf(new Source("", example))) {
            String text = lexeme.text();
            if (text.equals(keyword) && !chosen) {
                snippet.append(Completion.escaped(text));
                chosen = true;
            } else if (isText(text)) {
                String inner = text.substring(1, text.length() - 1);
                snippet.append("\"").append(stop(stop++, inner)).append("\"");
            } else if (lexeme.isChosen()) {
                snippet.append(stop(stop++, text));
            } else {
                snippet.append(Completion.escaped(text));
            }
        }
        if (opens) {
            snippet.append(" {\n  $0\n}");
        } else if (keyword.equals("rule")) {
            snippet.append(
                    "\n  when ${%d:prompt.tokens > 50k}\n  ${%d:deny 403}"
                            .formatted(stop, stop + 1));
        }
        return snippet.toString();
    }

    private static boolean isText(String text) {
        return text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"");
    }

    private static String stop(int number, String text) {
        return "${%d:%s}".formatted(number, Completion.escaped(text));
    }

    /// Returns a snippet as plain text: every stop filled with its example.
    static String plain(String snippet) {
        StringBuilder plain = new StringBuilder();
        int depth = 0;
        for (int i = 0; i < snippet.length(); i++) {
            char c = snippet.charAt(i);
            if (c == '\\' && i + 1 < snippet.length()) {
                plain.append(snippet.charAt(++i));
            } else if (c == '$' && snippet.startsWith("${", i)) {
                i = snippet.indexOf(':', i);
                depth++;
            } else if (c == '$') {
                i++; // the last stop: `$0`
            } else if (c == '}' && depth > 0) {
                depth--;
            } else {
                plain.append(c);
            }
        }
        return plain.toString();
    }
}
