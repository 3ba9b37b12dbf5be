package dev.writ.engine.routing;

import dev.writ.dsl.policy.Cause;
import org.jspecify.annotations.Nullable;

/// What one request says of the canary that it tries.
///
/// A failure, or a refusal of the request, counts if another model then answers the same request:
/// what no model could answer says nothing of the canary. A refusal that the other model agrees
/// with is the client's mistake.
final class CanaryOutcome {
    private final Trial trial;
    private Fate fate = Fate.OPEN;
    private @Nullable Cause cause;

    private enum Fate {
        OPEN,
        FAILED,
        REFUSED,
        KNOWN
    }

    CanaryOutcome(Trial trial) {
        this.trial = trial;
    }

    Trial trial() {
        return trial;
    }

    /// The canary answered to the end.
    void answered() {
        fate = Fate.KNOWN;
        trial.answered();
    }

    /// The client has seen the beginning of an answer that broke off.
    void brokeOff() {
        fate = Fate.KNOWN;
        trial.failed();
    }

    /// The canary failed, and the client has seen nothing of it.
    void failed(Cause why) {
        fate = Fate.FAILED;
        cause = why;
    }

    /// The canary takes the request for wrong.
    void refused() {
        fate = Fate.REFUSED;
    }

    /// Another model was faster.
    void lost() {
        fate = Fate.KNOWN;
    }

    /// Another model answered to the end.
    void otherAnswered() {
        if (fate == Fate.FAILED || fate == Fate.REFUSED) {
            fate = Fate.KNOWN;
            trial.failed();
        }
    }

    /// Another model takes the request for wrong.
    void otherRefused() {
        if (fate == Fate.FAILED) {
            fate = Fate.KNOWN;
            trial.failed();
        }
    }

    /// The client left: a failure of the canary may be why.
    void clientLeft() {
        otherRefused();
    }

    /// Returns why it failed; null unless it did.
    @Nullable Cause cause() {
        return cause;
    }
}
