/// The gateway as a whole. Start at [Gateway], which makes all parts; the life of a request stands
/// in [dev.writ.server.pipeline.GatewayPipeline].
@NullMarked
package dev.writ.server;

import org.jspecify.annotations.NullMarked;
