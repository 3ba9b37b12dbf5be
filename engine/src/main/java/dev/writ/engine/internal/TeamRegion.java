package dev.writ.engine.internal;

import dev.writ.dsl.policy.Policy;

/// The words of [Attribute#TEAM_REGION].
public final class TeamRegion {
    private TeamRegion() {}

    /// Returns the region that the team must stay in, `anywhere` or `several`.
    public static String word(Policy.Team team) {
        return switch (team.regions().size()) {
            case 0 -> "anywhere";
            case 1 -> team.regions().iterator().next();
            default -> "several";
        };
    }
}
