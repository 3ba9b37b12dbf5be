/// Decides: checked policies and the facts of a request to decisions and targets.
///
/// Start at [PolicySnapshot]; [Explainer] tells why. Does no input or output and takes its clock
/// from outside. Which of several models is called lies in `routing`.
@NullMarked
package dev.writ.engine;

import org.jspecify.annotations.NullMarked;
