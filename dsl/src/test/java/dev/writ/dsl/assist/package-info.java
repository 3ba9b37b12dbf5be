@NullMarked
package dev.writ.dsl.assist;

import org.jspecify.annotations.NullMarked;
