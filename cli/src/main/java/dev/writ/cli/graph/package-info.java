/// Policies as pictures: who may call what, and where it goes.
///
/// [PolicyGraph] makes a [Graph] of a policy; [MermaidText], [DotText] and [SvgText] write it down.
/// All of it is pure: the same policy gives the same text. What rules do is not drawn.
@NullMarked
package dev.writ.cli.graph;

import org.jspecify.annotations.NullMarked;
