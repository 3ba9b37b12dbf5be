package dev.writ.engine.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.dsl.policy.Capability;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.Policy.Pool.Choice;
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
            Policy.Model model = MirrorChoice.of(mirroring(500), Pools.request(hash));
            assertEquals(model, MirrorChoice.of(mirroring(500), Pools.request(hash)));
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
        assertEquals(mistral, MirrorChoice.of(mirroring(10_000), Pools.request(1, "eu")));
        assertNull(MirrorChoice.of(mirroring(10_000), Pools.request(1, "us")));
    }

    @Test
    void aMirrorThatCannotTakeARequestGetsNone() {
        Policy.Model small = Pools.model("small", 100, Capability.TOOLS);
        Policy.Target target =
                new Policy.Target.ToPool(
                        Pools.mirroring(Pools.choosing(Choice.FIRST, gpt), small, 10_000));
        assertEquals(small, MirrorChoice.of(target, Pools.needing(100, Capability.TOOLS)));
        assertNull(MirrorChoice.of(target, Pools.needing(101)));
        assertNull(MirrorChoice.of(target, Pools.needing(0, Capability.VISION)));
    }

    @Test
    void whatHasNoMirrorIsNotMirrored() {
        assertNull(MirrorChoice.of(new Policy.Target.ToModel(gpt), Pools.request(1)));
        assertNull(
                MirrorChoice.of(
                        new Policy.Target.ToPool(Pools.choosing(Choice.FIRST, gpt)),
                        Pools.request(1)));
    }
}
