package dev.writ.dsl.parse;

/// Where the declarations of a broken file end at the latest: before the next line that begins as
/// only declarations do.
final class Regions {
    private final Tokens tokens;
    private final Brackets brackets;
    private boolean open;

    Regions(Tokens tokens, Brackets brackets) {
        this.tokens = tokens;
        this.brackets = brackets;
    }

    /// Returns where the declaration that begins at an index ends at the latest.
    ///
    /// What stands between braces that match belongs to it. Where its own brace has no partner, a
    /// line that is indented no more than it and begins as a declaration ends it.
    int end(int start) {
        int end = tokens.size() - 1;
        int index = start;
        open = false;
        while (++index < end) {
            if (tokens.type(index) == WritParser.LBRACE) {
                int close = brackets.partner(index);
                if (close > index) {
                    index = close;
                    continue;
                }
                open = true;
            } else if (tokens.startsLine(index)
                    && isHead(tokens, index)
                    && (!open || tokens.column(index) <= tokens.column(start))) {
                return index;
            }
        }
        return end;
    }

    /// Tells whether the declaration of which [#end] was asked last has a brace without a partner.
    boolean isOpen() {
        return open;
    }

    /// Tells whether a declaration begins there, by the keyword and what follows it.
    static boolean isHead(Tokens tokens, int index) {
        return isHead(tokens, index, tokens.type(index));
    }

    /// Tells whether a declaration would begin there if its keyword were of the type.
    static boolean isHead(Tokens tokens, int index, int type) {
        int second = tokens.type(index + 1);
        int third = tokens.type(index + 2);
        boolean named = Words.isName(second);
        boolean body = named && third == WritParser.LBRACE;
        return switch (type) {
            case WritParser.SECRET ->
                    named
                            && (third == WritParser.FROM
                                    || third == WritParser.ASSIGN
                                    || tokens.startsLine(index + 2));
            case WritParser.PROVIDER, WritParser.POOL, WritParser.TEAM ->
                    body || (named && tokens.startsLine(index + 2));
            case WritParser.ROUTE ->
                    body || (named && (third == WritParser.AS || tokens.startsLine(index + 2)));
            case WritParser.MODEL -> named && third == WritParser.ON;
            case WritParser.RULE -> named && third == WritParser.ON;
            case WritParser.CACHE,
                    WritParser.GUARD,
                    WritParser.SERVER,
                    WritParser.CALENDAR,
                    WritParser.IDENTITY ->
                    body;
            case WritParser.SIGNAL -> named && third == WritParser.COLON;
            case WritParser.BUDGET -> named && third == WritParser.MONEY;
            case WritParser.LIMIT -> named && third == WritParser.NUMBER;
            case WritParser.TOOLS -> second == WritParser.FOR;
            case WritParser.TEST ->
                    second == WritParser.STRING
                            && (third == WritParser.LBRACE || third == WritParser.FOR);
            case WritParser.ALWAYS -> second == WritParser.STRING && third == WritParser.LBRACE;
            case WritParser.USE, WritParser.POLICY -> second == WritParser.STRING;
            default -> false;
        };
    }
}
