/// Tests of what patterns are made of.
@NullMarked
package dev.writ.dsl.pattern;

import org.jspecify.annotations.NullMarked;
