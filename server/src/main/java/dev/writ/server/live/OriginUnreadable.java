package dev.writ.server.live;

/// An origin's text could not be read; the message is a sentence for people.
final class OriginUnreadable extends Exception {
    private static final long serialVersionUID = 1;

    OriginUnreadable(String message) {
        super(message);
    }

    OriginUnreadable(String message, Throwable cause) {
        super(message, cause);
    }
}
