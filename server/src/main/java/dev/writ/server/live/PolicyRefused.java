package dev.writ.server.live;

/// There is no policy to serve with: the origin's cannot be used and there is no last good one.
public final class PolicyRefused extends Exception {
    private static final long serialVersionUID = 1;

    private final transient ReloadOutcome.Refused outcome;

    PolicyRefused(ReloadOutcome.Refused outcome) {
        super(
                "the policy cannot be used: %d errors, %d problems"
                        .formatted(outcome.diagnostics().size(), outcome.problems().size()));
        this.outcome = outcome;
    }

    /// Returns what is wrong.
    public ReloadOutcome.Refused outcome() {
        return outcome;
    }
}
