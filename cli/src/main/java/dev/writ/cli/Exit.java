package dev.writ.cli;

/// How commands end.
final class Exit {
    static final int FINE = 0;

    /// What was asked for could not be done.
    static final int FAILED = 1;

    /// The command was not called as it must be.
    static final int USAGE = 2;

    /// A policy does not compile.
    static final int POLICY = 3;

    /// A test of a policy fails.
    static final int TESTS = 4;

    /// The tests of a policy try less of it than they must.
    static final int COVERAGE = 5;

    private Exit() {}
}
