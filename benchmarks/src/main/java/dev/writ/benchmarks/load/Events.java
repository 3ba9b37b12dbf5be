package dev.writ.benchmarks.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// The answers of the mock upstream: of the size and shape that providers send.
final class Events {
    /// What stands before the time at which an event was written.
    static final byte[] TIME_MARK = "\"sent_ns\":\"".getBytes(StandardCharsets.US_ASCII);

    /// How many digits the time has: nanoseconds of the machine's monotonic clock.
    static final int TIME_DIGITS = 19;

    /// What stands in a request before the events a second, which end with a quote.
    static final byte[] RATE_MARK = "\"user\":\"rate-".getBytes(StandardCharsets.US_ASCII);

    private static final String WHOLE =
            """
            {"id":"chatcmpl-9yWQ3mX1pT7cV2bN8kL4hJ6gF5dSa","object":"chat.completion",\
            "created":1800000000,"model":"gpt-bench","choices":[{"index":0,"message":\
            {"role":"assistant","content":"The quick brown fox jumps over the lazy dog, and then \
            it does so again because it liked it.","refusal":null,"annotations":[]},\
            "logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":42,\
            "completion_tokens":21,"total_tokens":63,"prompt_tokens_details":\
            {"cached_tokens":0,"audio_tokens":0}},"service_tier":"default",\
            "system_fingerprint":"fp_3aa7262c27"}""";

    private static final String EVENT =
            """
            data: {"id":"chatcmpl-9yWQ3mX1pT7cV2bN8kL4hJ6gF5dSa","object":"chat.completion.chunk",\
            "created":1800000000,"model":"gpt-bench","system_fingerprint":"fp_3aa7262c27",\
            "sent_ns":"0000000000000000000","choices":[{"index":0,"delta":{"content":" word"},\
            "logprobs":null,"finish_reason":null}]}

            """;

    private static final byte[] CHUNK = chunk();
    private static final int TIME_AT = timeAt(CHUNK);

    private Events() {}

    static byte[] wholeAnswer() {
        return ("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: "
                        + WHOLE.length()
                        + "\r\n\r\n"
                        + WHOLE)
                .getBytes(StandardCharsets.US_ASCII);
    }

    static byte[] streamHead() {
        return """
                HTTP/1.1 200 OK\r
                content-type: text/event-stream\r
                cache-control: no-cache\r
                transfer-encoding: chunked\r
                \r
                """
                .getBytes(StandardCharsets.US_ASCII);
    }

    /// Puts one event, as one HTTP chunk, written `nanos`.
    static void put(ByteBuffer into, long nanos) {
        int start = into.position();
        into.put(CHUNK);
        long rest = nanos;
        for (int digit = TIME_DIGITS - 1; digit >= 0; digit--) {
            into.put(start + TIME_AT + digit, (byte) ('0' + rest % 10));
            rest /= 10;
        }
    }

    /// Returns how many bytes [#put] puts.
    static int size() {
        return CHUNK.length;
    }

    private static byte[] chunk() {
        return (Integer.toHexString(EVENT.length()) + "\r\n" + EVENT + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static int timeAt(byte[] chunk) {
        String mark = new String(TIME_MARK, StandardCharsets.US_ASCII);
        return new String(chunk, StandardCharsets.US_ASCII).indexOf(mark) + mark.length();
    }
}
