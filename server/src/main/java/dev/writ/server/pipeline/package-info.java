/// The life of a request. Start reading at [GatewayPipeline], the list of phases.
///
/// Everything here runs on the I/O thread of its request and never blocks; what must wait returns
/// [Step#AWAIT] and goes on with [Exchange#resume].
@NullMarked
package dev.writ.server.pipeline;

import org.jspecify.annotations.NullMarked;
