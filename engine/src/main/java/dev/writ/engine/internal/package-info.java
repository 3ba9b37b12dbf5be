/// How conditions are evaluated: plainly, as a tree, and fast, by tables.
///
/// Start at [TreeEvaluator], which defines what a condition means, then at [ClauseIndex], which
/// answers the same for thousands of conditions at once. Other modules use `dev.writ.engine` only.
@NullMarked
package dev.writ.engine.internal;

import org.jspecify.annotations.NullMarked;
