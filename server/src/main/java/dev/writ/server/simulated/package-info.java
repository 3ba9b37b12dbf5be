/// A provider that needs no account: it answers by itself, in OpenAI's wire format, as the policy
/// scripts it.
///
/// Start reading at [SimulatedProviders]. Simulated providers are called through the same upstream
/// client as all others, over a loopback socket, so that what is tried with them is what runs with
/// real ones. The same request gets the same answer: what fails, breaks and is said follows from
/// the request id and the request.
@NullMarked
package dev.writ.server.simulated;

import org.jspecify.annotations.NullMarked;
