/// Who calls with a signed token: reads it, checks it with the keys of its issuer, and remembers
/// that it did.
///
/// Start at [TokenIdentities]; it belongs to one policy. The keys of an issuer, [IssuerKeys], are
/// fetched by a thread of their own and outlive policies. What claims mean is said in the engine.
@NullMarked
package dev.writ.server.identity;

import org.jspecify.annotations.NullMarked;
