/// Decision records: what was decided about a request, and on what, for those that a policy asks to
/// audit. They hold names, numbers and labels; no prompt, no answer, no key.
@NullMarked
package dev.writ.server.audit;

import org.jspecify.annotations.NullMarked;
