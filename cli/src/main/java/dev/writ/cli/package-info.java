/// The commands. Start at [Writ]; each command is a class of its own that says what it prints
/// and how it ends.
///
/// Exit codes: 0 fine, 1 failed, 2 not called as it must be, 3 a policy does not compile.
@NullMarked
package dev.writ.cli;

import org.jspecify.annotations.NullMarked;
