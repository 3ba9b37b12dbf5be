package dev.writ.engine.testing;

import dev.writ.dsl.policy.Policy;
import dev.writ.engine.Caller;
import dev.writ.engine.KeptFacts;
import dev.writ.engine.Verdict;
import dev.writ.engine.routing.PassedOver;
import dev.writ.engine.routing.Role;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What came of one request.
///
/// @param asked the route that the client asked for
/// @param before the facts before anything was decided
/// @param answer the facts as the rules on stream saw them at the end of the answer; null where
///     there was none
/// @param after the facts as the rules on response saw them
/// @param calls every call of a provider, in order
/// @param passedOver models to which it was not sent although it was their turn
/// @param mirroredTo the model that got a copy; null if none did
/// @param answeredBy the model whose answer the client got; null if none answered
/// @param status what the client got
/// @param broken whether the answer broke off behind its first byte
/// @param nothingLeft why no model answered, in words; null where one did, or none was asked
record Course(
        Caller caller,
        Policy.Route asked,
        KeptFacts before,
        @Nullable KeptFacts answer,
        KeptFacts after,
        Verdict verdict,
        List<Call> calls,
        List<PassedOver> passedOver,
        Policy.@Nullable Model mirroredTo,
        Policy.@Nullable Model answeredBy,
        int status,
        boolean broken,
        @Nullable String nothingLeft) {
    Course {
        calls = List.copyOf(calls);
        passedOver = List.copyOf(passedOver);
    }

    /// Returns the same with what another evaluator decides.
    Course with(Verdict other) {
        return new Course(
                caller,
                asked,
                before,
                answer,
                after,
                other,
                calls,
                passedOver,
                mirroredTo,
                answeredBy,
                status,
                broken,
                nothingLeft);
    }

    /// A call of a provider.
    ///
    /// @param end how it ended, in words
    record Call(Policy.Model model, Role role, String end) {}
}
