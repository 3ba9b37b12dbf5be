/// `writ lsp`: the Language Server Protocol over standard input and output. What it says is made by
/// `dev.writ.dsl.assist`; here are only documents, threads and the words of the protocol.
///
/// Start at [PolicyServer].
@NullMarked
package dev.writ.cli.lsp;

import org.jspecify.annotations.NullMarked;
