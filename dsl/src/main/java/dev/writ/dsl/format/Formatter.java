package dev.writ.dsl.format;

import dev.writ.dsl.diagnostic.DiagnosticCode.Severity;
import dev.writ.dsl.parse.PolicyParser;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.syntax.ParsedFile;
import java.util.List;

/// Lays policy files out in the one style.
///
/// - Two spaces of indentation a brace; every declaration on a line of its own.
/// - A block that its author wrote on one line stays on one line if that has room for it. Any other
///   has a line for each property, arm or effect, with their first words in a column.
/// - One space between tokens, two between the properties of a block on one line.
/// - One blank line where there were some, none at the edges of blocks.
/// - Lines end in `\n`, and a byte order mark is gone.
///
/// INVARIANT (lossless): tokens and comments stay as they are and in their order; only white space
/// between them, and at the ends of comments' lines, changes. Formatting twice is formatting once.
public final class Formatter {
    /// The columns of a line that is broken no further.
    public static final int WIDTH_MAX = 120;

    private Formatter() {}

    /// Returns a file laid out, or what keeps it from being read.
    public static Formatted format(Source source) {
        ParsedFile file = PolicyParser.parse(source);
        if (file.diagnostics().stream().anyMatch(d -> d.code().severity() == Severity.ERROR)) {
            return new Formatted.Unreadable(file.diagnostics());
        }
        List<Piece> pieces = Piece.listOf(source);
        String text = Layout.text(Outline.of(file, pieces));
        if (!Piece.texts(Piece.listOf(new Source(source.path(), text)))
                .equals(Piece.texts(pieces))) {
            throw new IllegalStateException("the layout of %s changed it".formatted(source));
        }
        return new Formatted.Text(text);
    }
}
