package dev.writ.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.writ.dsl.policy.Phase;
import dev.writ.dsl.policy.Policy;
import dev.writ.engine.internal.ClauseIndex;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// Where rules that ask who is calling stand.
class PhaseRulesTest {
    private static final int TEAMS = 40;

    @Test
    void aRuleOfOneTeamStandsInTheIndexOfThatTeamOnly() {
        PolicySnapshot snapshot =
                snapshot("rule one on request when team is team-7 and request.stream deny 403");
        PhaseRules rules = snapshot.rules(Phase.REQUEST);
        assertEquals(0, rules.common().clauseCount());
        for (Policy.Team team : snapshot.policy().teams()) {
            ClauseIndex index = rules.ofTeam(team);
            if (team.index() == 7) {
                assertEquals(1, Objects.requireNonNull(index).clauseCount());
            } else {
                assertNull(index, team.name());
            }
        }
    }

    @Test
    void rulesOfManyTeamsStandInTheSharedIndexSoThatRoomDoesNotGrowWithRulesTimesTeams() {
        StringBuilder rules = new StringBuilder();
        for (int team = 0; team < TEAMS; team++) {
            rules.append(
                    "rule r%d on request when not team is team-%d and request.stream deny 403%n"
                            .formatted(team, team));
        }
        PolicySnapshot snapshot = snapshot(rules.toString());
        assertEquals(TEAMS, snapshot.rules(Phase.REQUEST).common().clauseCount());
        for (Policy.Team team : snapshot.policy().teams()) {
            assertNull(snapshot.rules(Phase.REQUEST).ofTeam(team), team.name());
        }
    }

    @Test
    void aRuleOfAKeyOrAUserStandsWithTheTeamThatHasIt() {
        PolicySnapshot snapshot =
                snapshot(
                        """
                        rule key on request when key is only-3 and request.stream deny 403
                        rule user on request when user present and user is user-5 deny 403
                        rule region on request when team.region is eu deny 403
                        """);
        PhaseRules rules = snapshot.rules(Phase.REQUEST);
        assertEquals(0, rules.common().clauseCount());
        assertNotNull(rules.ofTeam(snapshot.policy().teams().get(3)));
        assertNotNull(rules.ofTeam(snapshot.policy().teams().get(5)));
        assertNotNull(rules.ofTeam(snapshot.policy().teams().get(9)));
        assertNull(rules.ofTeam(snapshot.policy().teams().get(6)));
    }

    private static PolicySnapshot snapshot(String rules) {
        StringBuilder text =
                new StringBuilder(
                        """
                        policy "many" language 1
                        provider here { kind simulated  region eu }
                        model near on here "near" { context 128k tokens }
                        route chat { rest otherwise -> near }
                        """);
        for (int team = 0; team < TEAMS; team++) {
            text.append(
                    """
                    team team-%1$d {
                      user user-%1$d
                      key only-%1$d sha256 "%2$064x" for user-%1$d
                      key shared sha256 "%3$064x"
                      may use chat
                      %4$s
                    }
                    """
                            .formatted(
                                    team,
                                    team + 1,
                                    TEAMS + team + 1,
                                    team == 9 ? "stay in eu" : ""));
        }
        return PolicySnapshot.compile(WrittenPolicy.of(text + rules));
    }
}
