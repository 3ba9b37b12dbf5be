/// Where policies come from and how they change while traffic flows: files, folders and git
/// branches are read, compiled and swapped in whole; what does not compile never replaces what
/// serves. Start at [Reloader].
///
/// It does not know what a compiled policy is: a [PolicyCompiler] brings that.
@NullMarked
package dev.writ.server.live;

import org.jspecify.annotations.NullMarked;
