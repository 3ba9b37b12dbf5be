/// The kinds of providers that speak OpenAI's format, and in which each differs from OpenAI.
///
/// [ProviderKind] is the whole of it: one table, one row a kind.
@NullMarked
package dev.writ.providers.kind;

import org.jspecify.annotations.NullMarked;
