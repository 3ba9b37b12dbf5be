package dev.writ.server.live;

import dev.writ.dsl.diagnostic.Diagnostic;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an attempt to load a policy came to.
public sealed interface ReloadOutcome {
    /// When the attempt ended.
    Instant at();

    /// A policy serves that was compiled from what the origin holds.
    ///
    /// @param policyId 64 hex digits
    /// @param commit where it came from git
    record Swapped(Instant at, String policyId, @Nullable String commit, List<Diagnostic> warnings)
            implements ReloadOutcome {
        public Swapped {
            warnings = List.copyOf(warnings);
        }
    }

    /// The origin holds what was tried last.
    record Unchanged(Instant at) implements ReloadOutcome {}

    /// What the origin holds cannot serve; what served before still does.
    ///
    /// @param commit where it came from git and could be read
    /// @param diagnostics what is wrong in its text
    /// @param problems what is wrong around it; each a sentence
    record Refused(
            Instant at,
            @Nullable String commit,
            List<Diagnostic> diagnostics,
            List<String> problems)
            implements ReloadOutcome {
        public Refused {
            diagnostics = List.copyOf(diagnostics);
            problems = List.copyOf(problems);
        }
    }
}
