package dev.writ.server.live;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What serves, since when, and what came of the last attempt to change it.
///
/// @param origin where policies come from, without credentials
/// @param policyId of what serves, 64 hex digits
/// @param commit of what serves, where it came from git
/// @param since when it began to serve
/// @param lastGood what serves is the persisted last good policy, because the origin's could not
/// be used at the start
/// @param last the newest attempt that was not [ReloadOutcome.Unchanged]
/// @param swaps how often a policy began to serve, the first included
/// @param refusals how many attempts came to nothing
/// @param notKept why the policy that serves could not be persisted as last good; null if it is
public record ReloadStatus(
        String origin,
        String policyId,
        @Nullable String commit,
        Instant since,
        boolean lastGood,
        ReloadOutcome last,
        long swaps,
        long refusals,
        @Nullable String notKept) {
    /// Whether what serves is what the origin held when it was last looked at.
    public boolean upToDate() {
        return !lastGood && !(last instanceof ReloadOutcome.Refused);
    }
}
