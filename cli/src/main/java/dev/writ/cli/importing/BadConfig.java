package dev.writ.cli.importing;

/// A file that cannot be read as what it should be.
public final class BadConfig extends Exception {
    private static final long serialVersionUID = 1L;

    /// @param line counted from 1
    /// @param column counted from 1
    BadConfig(int line, int column, String what) {
        super("line %d, column %d: %s".formatted(line, column, what));
    }
}
