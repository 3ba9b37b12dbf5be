/// Policy files laid out anew: the same tokens and comments in the same order, other white space.
///
/// Start at [Formatter]. [Outline] finds the statements and blocks of a file, [Layout] breaks them
/// into lines, [Spacing] says what stands between two tokens, [Columns] lines words up. Files that
/// cannot be read are left alone.
@NullMarked
package dev.writ.dsl.format;

import org.jspecify.annotations.NullMarked;
