/// Policy text to the records of [dev.writ.dsl.syntax], and everything that can be wrong with its
/// form.
///
/// Start at [PolicyParser]. The syntax itself stands in `Writ.g4`. Meaning is not looked at here.
@NullMarked
package dev.writ.dsl.parse;

import org.jspecify.annotations.NullMarked;
