package dev.writ.cli;

/// A command could not do what it was asked for; the message is a line for people.
final class Failed extends Exception {
    private static final long serialVersionUID = 1;

    private final int exitCode;

    /// @param exitCode one of [Exit]
    Failed(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
