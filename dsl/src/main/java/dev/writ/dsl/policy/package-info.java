/// What a checked policy means: names resolved, types and units known, nothing left to go wrong.
///
/// Start at [Policy]. Made by `dev.writ.dsl.check`, consumed by the engine and the server.
@NullMarked
package dev.writ.dsl.policy;

import org.jspecify.annotations.NullMarked;
