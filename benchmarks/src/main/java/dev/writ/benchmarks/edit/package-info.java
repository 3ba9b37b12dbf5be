/// How long an author waits: checking a tree, and checking it again after a keystroke. Start at
/// [EditBench].
@NullMarked
package dev.writ.benchmarks.edit;

import org.jspecify.annotations.NullMarked;
