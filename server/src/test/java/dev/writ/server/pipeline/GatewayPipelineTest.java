package dev.writ.server.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Set;
import org.junit.jupiter.api.Test;

final class GatewayPipelineTest {
    private record Part(Set<Slot> reads, Set<Slot> writes) implements Phase {
        @Override
        public Step run(Exchange exchange) {
            return Step.PROCEED;
        }
    }

    @Test
    void refusesAnOrderInWhichASlotIsReadBeforeItIsWritten() {
        Phase writer = new Part(Set.of(), Set.of(Slot.CALLER));
        Phase reader = new Part(Set.of(Slot.CALLER), Set.of());
        assertEquals(2, GatewayPipeline.inOrder(writer, reader).size());
        assertThrows(IllegalArgumentException.class, () -> GatewayPipeline.inOrder(reader, writer));
    }
}
