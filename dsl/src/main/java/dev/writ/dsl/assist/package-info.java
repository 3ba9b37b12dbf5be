/// What an editor tells an author: what could be written, what a name means and where it is used,
/// how it would be renamed. Pure functions of an [dev.writ.dsl.check.Analysis] and a place; files
/// with mistakes are as good as others, as far as they can be read.
///
/// Start at [Completions] and [Names]. No protocol and no files here.
@NullMarked
package dev.writ.dsl.assist;

import org.jspecify.annotations.NullMarked;
