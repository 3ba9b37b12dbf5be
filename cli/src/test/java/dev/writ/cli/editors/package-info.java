/// Tests of what stands in `editors`.
@NullMarked
package dev.writ.cli.editors;

import org.jspecify.annotations.NullMarked;
