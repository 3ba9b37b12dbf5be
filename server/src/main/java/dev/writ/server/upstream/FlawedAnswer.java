package dev.writ.server.upstream;

import java.io.IOException;

/// An answer that is not read on.
@SuppressWarnings("serial") // Never leaves the I/O thread.
final class FlawedAnswer extends IOException {
    private final UpstreamFault fault;

    FlawedAnswer(UpstreamFault fault) {
        super(fault.text());
        this.fault = fault;
    }

    FlawedAnswer(String what) {
        this(new UpstreamFault.BadAnswer(what));
    }

    UpstreamFault fault() {
        return fault;
    }
}
