/// Guards: text to findings. Imports no other module of Writ.
///
/// Holds nothing yet; a policy that asks for a guard is refused by the checker.
@NullMarked
package dev.writ.guardrails;

import org.jspecify.annotations.NullMarked;
