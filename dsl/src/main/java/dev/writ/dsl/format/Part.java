package dev.writ.dsl.format;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// What statements are made of: tokens, comments, and blocks.
sealed interface Part permits Piece, Part.Block {
    /// `{ … }`.
    ///
    /// @param open its first brace
    /// @param spansLines whether its author wrote it over several lines
    /// @param behindOpen comments on the line of the first brace
    record Block(
            Form inner, Piece open, boolean spansLines, List<Piece> behindOpen, List<Entry> entries)
            implements Part {
        public Block {
            behindOpen = List.copyOf(behindOpen);
            entries = List.copyOf(entries);
        }

        boolean isEmpty() {
            return entries.isEmpty() && behindOpen.isEmpty();
        }

        /// Tells whether it may stand on one line.
        boolean isFlat() {
            return !spansLines || isEmpty();
        }
    }

    /// Returns its first piece.
    default Piece first() {
        return switch (this) {
            case Piece piece -> piece;
            case Block block -> block.open();
        };
    }

    /// What stands in a block or a file.
    sealed interface Entry {
        boolean blankBefore();
    }

    /// A line of comments.
    record Remark(boolean blankBefore, List<Piece> comments) implements Entry {
        public Remark {
            comments = List.copyOf(comments);
        }

        Remark with(Piece comment) {
            List<Piece> longer = new ArrayList<>(comments);
            longer.add(comment);
            return new Remark(blankBefore, longer);
        }
    }

    /// A declaration, property, arm, effect, or line of a block whose syntax is not known.
    ///
    /// @param joints offsets of the effects of a rule without braces
    /// @param trailing comments behind it on its last line
    record Statement(
            Form form,
            boolean blankBefore,
            List<Part> parts,
            Set<Integer> joints,
            List<Piece> trailing)
            implements Entry {
        public Statement {
            parts = List.copyOf(parts);
            trailing = List.copyOf(trailing);
        }

        Statement withTrailing(Piece comment) {
            List<Piece> longer = new ArrayList<>(trailing);
            longer.add(comment);
            return new Statement(form, blankBefore, parts, joints, longer);
        }
    }

    /// The kinds of statements that are laid out differently.
    enum Form {
        DECLARATION,
        RULE,
        PROPERTY,
        POOL_PROPERTY,
        TEAM_PROPERTY,
        IDENTITY_PROPERTY,
        ARM,
        EFFECT,
        TEST_LINE,
        /// Of a block that is balanced structure only.
        LINE
    }
}
