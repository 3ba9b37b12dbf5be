/// Tests of `writ lsp` as editors use it: a process of its own, and the protocol between.
@NullMarked
package dev.writ.cli.lsp;

import org.jspecify.annotations.NullMarked;
