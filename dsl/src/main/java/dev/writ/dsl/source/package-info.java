/// Policy sources as text: files, trees of files, and spans in them. Start at [Span].
@NullMarked
package dev.writ.dsl.source;

import org.jspecify.annotations.NullMarked;
