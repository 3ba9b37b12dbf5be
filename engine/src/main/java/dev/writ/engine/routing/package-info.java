/// Which model next: choices of pools, retries, fallbacks, circuit breakers.
///
/// Start reading at [Attempts], which walks one request through a target; what is known of each
/// model of each provider lies in [TargetStates]. Calls nobody and waits for nothing: the caller
/// says how each attempt went. The reasons stand in `docs/design/routing.md`.
@NullMarked
package dev.writ.engine.routing;

import org.jspecify.annotations.NullMarked;
