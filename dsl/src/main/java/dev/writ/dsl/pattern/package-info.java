/// What RE2 patterns are made of, for those who match them while a text is still coming.
///
/// Start at [PatternShape]. Which characters a class has and what a pattern means is RE2J's to say;
/// nothing here matches.
@NullMarked
package dev.writ.dsl.pattern;

import org.jspecify.annotations.NullMarked;
