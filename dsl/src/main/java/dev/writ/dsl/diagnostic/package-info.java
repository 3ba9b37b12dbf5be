/// What is wrong with a policy, and how it is shown. Start at [Diagnostic].
@NullMarked
package dev.writ.dsl.diagnostic;

import org.jspecify.annotations.NullMarked;
