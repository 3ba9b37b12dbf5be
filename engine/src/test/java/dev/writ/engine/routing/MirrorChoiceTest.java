package dev.writ.engine.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.Policy.Pool.Choice;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Which requests are also sent to the model that mirrors their pool.
class MirrorChoiceTest {
    private final Policy.Model gpt = Pools.model("gpt");
    private final Policy.Model mistral = Pools.model("mistral", "eu", 1, 1);

    private Policy.Target mirroring(int basisPoints) {
        return new Policy.Target.ToPool(
                Pools.mirroring(Pools.choosing(Choice.FIRST, gpt), mistral, basisPoints));
    }

    @Test
    void theShareIsKeptAndTheSameRequestIsChosenAgain() {
        SplittableRandom random = new SplittableRandom(7);
        int chosen = 0;
        int inFirstHalf = 0;
        for (int i = 0; i < 100_000; i++) {
            long hash = random.nextLong();
            Policy.Model model = MirrorChoice.of(mirroring(500), hash, Set.of());
            assertEquals(model, MirrorChoice.of(mirroring(500), hash, Set.of()));
            if (model != null) {
                chosen++;
                inFirstHalf += Attempts.bucket(hash) < 5_000 ? 1 : 0;
            }
        }
        assertTrue(Math.abs(chosen - 5_000) < 400, "chosen " + chosen);
        // The draw says nothing of the one for shares.
        assertTrue(Math.abs(inFirstHalf - chosen / 2) < 400, "of them " + inFirstHalf);
    }

    @Test
    void regionsOfTheTeamHoldForMirrors() {
        assertEquals(mistral, MirrorChoice.of(mirroring(10_000), 1, Set.of("eu")));
        assertNull(MirrorChoice.of(mirroring(10_000), 1, Set.of("us")));
    }

    @Test
    void whatHasNoMirrorIsNotMirrored() {
        assertNull(MirrorChoice.of(new Policy.Target.ToModel(gpt), 1, Set.of()));
        assertNull(
                MirrorChoice.of(
                        new Policy.Target.ToPool(Pools.choosing(Choice.FIRST, gpt)), 1, Set.of()));
    }
}
