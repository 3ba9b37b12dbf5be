package dev.writ.dsl.format;

import dev.writ.dsl.format.Part.Block;
import dev.writ.dsl.format.Part.Entry;
import dev.writ.dsl.format.Part.Form;
import dev.writ.dsl.format.Part.Remark;
import dev.writ.dsl.format.Part.Statement;
import dev.writ.dsl.parse.WritLexer;
import dev.writ.dsl.syntax.ParsedFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads pieces as statements and blocks.
///
/// In blocks whose syntax is not known, a line is a statement, and on one line two spaces or more
/// stand between statements.
final class Outline {
    private final List<Piece> pieces;
    private final Starts starts;
    private int at;

    private Outline(List<Piece> pieces, Starts starts) {
        this.pieces = pieces;
        this.starts = starts;
    }

    /// Returns the entries of a file that can be read.
    static List<Entry> of(ParsedFile file, List<Piece> pieces) {
        return new Outline(pieces, Starts.of(file)).entries(Form.DECLARATION, true, null);
    }

    /// Reads entries up to the brace that closes them, or the end of the file.
    ///
    /// @param behindOpen takes the comments on the line of the open brace; null for a file
    private List<Entry> entries(Form form, boolean spansLines, @Nullable List<Piece> behindOpen) {
        List<Entry> entries = new ArrayList<>();
        List<Piece> onLine = new ArrayList<>(); // comments with nothing before them on their line
        while (at < pieces.size()) {
            Piece piece = pieces.get(at);
            boolean blank =
                    !entries.isEmpty()
                            && (onLine.isEmpty() ? piece : onLine.getFirst()).breaks() > 1;
            if (!piece.isComment()) {
                if (behindOpen != null && piece.is(WritLexer.RBRACE)) {
                    break;
                }
                entries.add(statement(form, spansLines, blank, onLine));
                onLine.clear();
                continue;
            }
            at++;
            if (!onLine.isEmpty() || piece.breaks() > 0 || (entries.isEmpty() && !endsLine())) {
                onLine.add(piece);
            } else if (!entries.isEmpty()) {
                entries.add(withTrailing(entries.removeLast(), piece));
            } else if (behindOpen != null) {
                behindOpen.add(piece);
            } else {
                onLine.add(piece);
            }
            if (!onLine.isEmpty() && endsLine()) {
                entries.add(new Remark(blank, onLine));
                onLine.clear();
            }
        }
        return entries;
    }

    /// Tells whether the piece before stands last on its line, or in its block.
    private boolean endsLine() {
        return at == pieces.size()
                || pieces.get(at).breaks() > 0
                || pieces.get(at).is(WritLexer.RBRACE);
    }

    private static Entry withTrailing(Entry entry, Piece comment) {
        return switch (entry) {
            case Statement statement -> statement.withTrailing(comment);
            case Remark remark -> remark.with(comment);
        };
    }

    private Statement statement(
            Form place, boolean spansLines, boolean blank, List<Piece> commentsBefore) {
        List<Part> parts = new ArrayList<>(commentsBefore);
        Piece keyword = pieces.get(at);
        Form form = place == Form.DECLARATION && keyword.is(WritLexer.RULE) ? Form.RULE : place;
        Piece last = null;
        int brackets = 0;
        while (true) {
            int next = at;
            while (next < pieces.size() && pieces.get(next).isComment()) {
                next++;
            }
            if (next == pieces.size()) {
                break;
            }
            Piece token = pieces.get(next);
            if (token.is(WritLexer.RBRACE)
                    || (last != null && brackets == 0 && begins(place, spansLines, last, next))) {
                break;
            }
            while (at < next) {
                parts.add(pieces.get(at++));
            }
            if (token.is(WritLexer.LBRACE)) {
                parts.add(block(inner(form, keyword)));
                last = pieces.get(at - 1);
            } else {
                parts.add(token);
                last = token;
                brackets += Spacing.isOpening(token) ? 1 : Spacing.isClosing(token) ? -1 : 0;
                at++;
            }
        }
        return new Statement(
                form, blank, parts, form == Form.RULE ? starts.inner() : Set.of(), List.of());
    }

    /// Tells whether a token begins a statement.
    ///
    /// @param last the token before it
    private boolean begins(Form form, boolean spansLines, Piece last, int index) {
        Piece token = pieces.get(index);
        return switch (form) {
            case DECLARATION, RULE -> starts.declarations().contains(token.offset());
            case PROPERTY,
                    POOL_PROPERTY,
                    TEAM_PROPERTY,
                    IDENTITY_PROPERTY,
                    ARM,
                    EFFECT,
                    TEST_LINE ->
                    starts.inner().contains(token.offset());
            case LINE ->
                    !token.is(WritLexer.LBRACE)
                            && (spansLines
                                    ? breaksBefore(index) && !Spacing.isContinued(last, token)
                                    : token.spaces() > 1);
        };
    }

    /// Tells whether a line ends between a token and the token before it.
    private boolean breaksBefore(int index) {
        for (int i = index; ; i--) {
            if (pieces.get(i).breaks() > 0) {
                return true;
            }
            if (i == 0 || !pieces.get(i - 1).isComment()) {
                return false;
            }
        }
    }

    private static Form inner(Form outer, Piece keyword) {
        return switch (outer) {
            case RULE -> Form.EFFECT;
            case DECLARATION ->
                    switch (keyword.type()) {
                        case WritLexer.PROVIDER,
                                WritLexer.MODEL,
                                WritLexer.CALENDAR,
                                WritLexer.SIGNAL,
                                WritLexer.CACHE,
                                WritLexer.GUARD,
                                WritLexer.BUDGET,
                                WritLexer.SERVER ->
                                Form.PROPERTY;
                        case WritLexer.TOOLS -> Form.ARM;
                        case WritLexer.POOL -> Form.POOL_PROPERTY;
                        case WritLexer.TEAM -> Form.TEAM_PROPERTY;
                        case WritLexer.IDENTITY -> Form.IDENTITY_PROPERTY;
                        case WritLexer.ROUTE -> Form.ARM;
                        case WritLexer.TEST -> Form.TEST_LINE;
                        default -> Form.LINE;
                    };
            case TEAM_PROPERTY -> keyword.is(WritLexer.BUDGET) ? Form.PROPERTY : Form.LINE;
            case PROPERTY, POOL_PROPERTY, IDENTITY_PROPERTY, ARM, EFFECT, TEST_LINE, LINE ->
                    Form.LINE;
        };
    }

    private Block block(Form inner) {
        Piece open = pieces.get(at);
        boolean spansLines = spansLines(at);
        at++;
        List<Piece> behindOpen = new ArrayList<>();
        List<Entry> entries = entries(inner, spansLines, behindOpen);
        at++;
        return new Block(inner, open, spansLines, behindOpen, entries);
    }

    /// Tells whether the brace that closes a brace stands on another line.
    private boolean spansLines(int open) {
        int depth = 1;
        for (int i = open + 1; ; i++) {
            Piece piece = pieces.get(i);
            if (piece.breaks() > 0 || (piece.isComment() && piece.text().contains("\n"))) {
                return true;
            }
            if (piece.is(WritLexer.LBRACE)) {
                depth++;
            } else if (piece.is(WritLexer.RBRACE) && --depth == 0) {
                return false;
            }
        }
    }
}
