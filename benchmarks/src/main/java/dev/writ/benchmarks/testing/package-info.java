/// How long the tests of a policy take.
@NullMarked
package dev.writ.benchmarks.testing;

import org.jspecify.annotations.NullMarked;
