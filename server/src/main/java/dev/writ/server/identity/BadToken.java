package dev.writ.server.identity;

/// A token that is not taken.
final class BadToken extends Exception {
    private static final long serialVersionUID = 1L;

    private final TokenProblem problem;

    BadToken(TokenProblem problem) {
        super(problem.code(), null, false, false); // strangers cause it at will: no stack
        this.problem = problem;
    }

    TokenProblem problem() {
        return problem;
    }
}
