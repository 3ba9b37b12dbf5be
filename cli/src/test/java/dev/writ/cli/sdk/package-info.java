/// OpenAI's own SDKs against the gateway: they are the clients that it must not surprise. Start at
/// [SdkPolicy], which says what a test can ask for.
@NullMarked
package dev.writ.cli.sdk;

import org.jspecify.annotations.NullMarked;
