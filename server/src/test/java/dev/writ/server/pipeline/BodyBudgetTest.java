package dev.writ.server.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class BodyBudgetTest {
    @Test
    void givesRoomUpToItsEnd() {
        BodyBudget budget = new BodyBudget(100);
        assertTrue(budget.take(60));
        assertFalse(budget.take(41));
        assertTrue(budget.take(40));
        assertFalse(budget.take(1));
        budget.giveBack(60);
        assertEquals(40, budget.held());
        assertTrue(budget.take(60));
    }
}
