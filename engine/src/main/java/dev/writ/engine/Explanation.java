package dev.writ.engine;

import dev.writ.dsl.policy.Condition;
import dev.writ.dsl.policy.Policy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Why a request is decided as it is, in full: every rule, arm and grant that was looked at.
///
/// No text of the request is in it but the names of models and tiers: of headers, metadata and
/// prompts it tells the length only.
///
/// @param asked the route that the client asked for
/// @param grants those of the team that name the route
/// @param rules every rule of the phases that were explained, in the order of phases, then of
///     declaration
/// @param arms the arms that were looked at, the one that was taken last
/// @param nearMisses rules of `rules` that would have fired had one atom been otherwise; the one
///     whose number was nearest comes first
/// @param verdict what the gateway decides
public record Explanation(
        Caller caller,
        Policy.Route asked,
        List<GrantLine> grants,
        List<RuleLine> rules,
        List<ArmLine> arms,
        List<RuleLine> nearMisses,
        Verdict verdict) {
    public Explanation {
        grants = List.copyOf(grants);
        rules = List.copyOf(rules);
        arms = List.copyOf(arms);
        nearMisses = List.copyOf(nearMisses);
    }

    /// A grant of the team.
    ///
    /// @param obstacle what keeps it from being certain; null if it is
    public record GrantLine(Policy.Grant grant, Truth value, @Nullable Obstacle obstacle) {}

    /// A rule.
    ///
    /// @param when the value of its condition
    /// @param fired whether any of its effects happened
    /// @param obstacle what kept it from doing anything; null if it fired
    public record RuleLine(
            Policy.Rule rule, Truth when, boolean fired, @Nullable Obstacle obstacle) {}

    /// An arm that was looked at.
    ///
    /// @param obstacle why it was passed over; null if it was taken
    public record ArmLine(
            Policy.Route route, Policy.Arm arm, Truth value, @Nullable Obstacle obstacle) {}

    /// The first atom that kept a condition from firing.
    ///
    /// @param atom as it stands in the policy
    /// @param value of the atom
    /// @param needed what it would have taken, in the words of the language
    /// @param had what the request had instead
    /// @param atomsInTheWay how many atoms would have to be otherwise, at least
    /// @param gap how far the number was from the threshold, as a share of the threshold; 1 where
    ///     there is no threshold
    public record Obstacle(
            Condition atom, Truth value, String needed, String had, int atomsInTheWay, double gap) {
        /// Returns `needed …, had …`.
        public String text() {
            return "needed " + needed + ", had " + had;
        }
    }

    /// Returns all of it for people to read, with the file and line of everything.
    public String text() {
        return ExplanationText.of(this);
    }
}
