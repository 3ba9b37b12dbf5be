/// Benchmarks of the engine and of the whole gateway.
@NullMarked
package dev.writ.benchmarks;

import org.jspecify.annotations.NullMarked;
