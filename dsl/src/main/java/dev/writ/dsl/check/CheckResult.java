package dev.writ.dsl.check;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.policy.Policy;
import java.util.List;

/// What the checker found: a policy that can be used, or why there is none.
public sealed interface CheckResult {
    /// Returns everything that was found, in the order of files and positions.
    List<Diagnostic> diagnostics();

    /// A policy without errors.
    ///
    /// @param diagnostics warnings only
    record Usable(Policy policy, List<Diagnostic> diagnostics) implements CheckResult {
        public Usable {
            diagnostics = List.copyOf(diagnostics);
        }
    }

    /// A tree that is not to be used.
    ///
    /// @param diagnostics at least one error
    record Unusable(List<Diagnostic> diagnostics) implements CheckResult {
        public Unusable {
            diagnostics = List.copyOf(diagnostics);
        }
    }
}
