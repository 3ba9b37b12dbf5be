package dev.writ.server.upstream;

/// An answer that cannot be read on.
@SuppressWarnings("serial") // Never leaves the I/O thread.
final class FlawedAnswer extends Exception {
    private final UpstreamFault fault;

    FlawedAnswer(UpstreamFault fault) {
        super(fault.text(), null, false, false);
        this.fault = fault;
    }

    FlawedAnswer(String what) {
        this(new UpstreamFault.BadAnswer(what));
    }

    UpstreamFault fault() {
        return fault;
    }
}
