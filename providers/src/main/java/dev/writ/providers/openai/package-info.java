/// OpenAI's wire format, as clients speak it and most providers answer it.
///
/// Start reading at [OpenAiRequest]: a body is read once into what policies ask for, and written
/// again by [OpenAiRequest#rewritten] as slices of the same bytes. [EventScanner] watches a stream
/// that is forwarded as it comes; [UsageReader] reads what a whole answer cost. Nothing here opens
/// a connection, waits or logs, and no message repeats what a client wrote.
@NullMarked
package dev.writ.providers.openai;

import org.jspecify.annotations.NullMarked;
