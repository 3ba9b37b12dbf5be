/// What a policy file says, before anybody asks whether it makes sense: tokens to records.
///
/// Start at [Item]. Meaning is given in `dev.writ.dsl.check`.
@NullMarked
package dev.writ.dsl.syntax;

import org.jspecify.annotations.NullMarked;
