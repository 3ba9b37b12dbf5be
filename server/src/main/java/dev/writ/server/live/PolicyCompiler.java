package dev.writ.server.live;

import dev.writ.dsl.diagnostic.Diagnostic;
import java.util.List;

/// Turns the text of a policy into what serves requests: check, compile, read the secrets.
///
/// It runs on a thread that may block, one call at a time.
///
/// @param <S> what serves requests; immutable, shared by all threads
@FunctionalInterface
public interface PolicyCompiler<S> {
    /// Compiles; what is wrong with the policy is in the answer, never an exception.
    Compiled<S> compile(PolicySources sources);

    /// What became of a policy's text.
    sealed interface Compiled<S> {
        /// It can serve.
        ///
        /// @param policyId 64 hex digits
        /// @param warnings what is worth knowing about it
        record Ready<S>(S policy, String policyId, List<Diagnostic> warnings)
                implements Compiled<S> {
            public Ready {
                warnings = List.copyOf(warnings);
            }
        }

        /// It cannot serve.
        ///
        /// @param diagnostics what is wrong in its text
        /// @param problems what is wrong around it, such as a secret that cannot be read; each a
        /// sentence
        record Rejected<S>(List<Diagnostic> diagnostics, List<String> problems)
                implements Compiled<S> {
            public Rejected {
                diagnostics = List.copyOf(diagnostics);
                problems = List.copyOf(problems);
            }
        }
    }
}
