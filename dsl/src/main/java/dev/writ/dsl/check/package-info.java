/// From what policy files say to what they mean: names, types, phases and proofs.
///
/// Start at [Checker]. Everything that is wrong is found at once and told as a diagnostic; only a
/// tree without errors becomes a `Policy`. Nothing here reads files or the network.
@NullMarked
package dev.writ.dsl.check;

import org.jspecify.annotations.NullMarked;
