/// Wire formats of clients and providers: pure functions over bytes. Imports no other module of
/// Writ.
@NullMarked
package dev.writ.providers;

import org.jspecify.annotations.NullMarked;
