/// The gateway: the pipeline, its phases, upstream calls, reload and management.
@NullMarked
package dev.writ.server;

import org.jspecify.annotations.NullMarked;
