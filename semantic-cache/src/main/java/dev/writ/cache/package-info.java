/// The semantic cache: prompt to remembered answer. Imports no other module of Writ.
///
/// Holds nothing yet; a policy that asks for a cache is refused by the checker.
@NullMarked
package dev.writ.cache;

import org.jspecify.annotations.NullMarked;
