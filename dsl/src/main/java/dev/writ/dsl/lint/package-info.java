/// What could be written better in policies that mean what they should. Start at [Linter].
///
/// A lint speaks of the text, not of the meaning: policies that do not compile have none.
@NullMarked
package dev.writ.dsl.lint;

import org.jspecify.annotations.NullMarked;
