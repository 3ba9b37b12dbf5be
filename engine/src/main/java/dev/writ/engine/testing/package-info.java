/// Tests of policies: requests that nobody sent, decided and routed as the gateway does.
///
/// Start at [TestRunner]. [World] is what stands around the requests of a test, [Sending] the way
/// of one request through it, [Course] what came of it, [Judge] whether that is what was expected.
/// [Coverage] sees which meanings of a policy its tests tried. No I/O; what they mean stands in
/// `docs/design/testing.md`.
@NullMarked
package dev.writ.engine.testing;

import org.jspecify.annotations.NullMarked;
