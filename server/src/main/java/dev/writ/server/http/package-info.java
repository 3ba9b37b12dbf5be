/// Where clients and operators connect: the public address, whose requests go through the pipeline,
/// and the management address with a token of its own.
///
/// Start at [FrontDoor]. No endpoint here forwards to a provider around the pipeline.
@NullMarked
package dev.writ.server.http;

import org.jspecify.annotations.NullMarked;
