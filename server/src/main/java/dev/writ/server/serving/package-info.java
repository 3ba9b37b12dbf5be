/// A policy made ready to serve: its decisions compiled, its providers with address and key.
///
/// Start at [ServingPolicy]; [ServingCompiler] makes one from text whenever the text changes.
@NullMarked
package dev.writ.server.serving;

import org.jspecify.annotations.NullMarked;
