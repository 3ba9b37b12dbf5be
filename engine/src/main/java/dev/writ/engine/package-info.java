/// Decides: checked policies and the facts of a request to decisions and targets.
///
/// Does no input or output and takes its clock from outside.
@NullMarked
package dev.writ.engine;

import org.jspecify.annotations.NullMarked;
