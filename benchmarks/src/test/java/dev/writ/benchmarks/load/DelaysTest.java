package dev.writ.benchmarks.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/// Percentiles of delays, to within a bucket.
class DelaysTest {
    @Test
    void percentilesAreWithinABucket() {
        Delays delays = new Delays();
        for (int micros = 1; micros <= 100_000; micros++) {
            delays.add(micros * 1000L);
        }
        for (double share : new double[] {0.001, 0.5, 0.99, 0.999, 1}) {
            double found = (double) delays.percentile(share);
            assertEquals(share * 100_000, found, share * 100_000 / 32 + 1);
        }
    }

    @Test
    void nothingHasNoDelay() {
        assertEquals(0, new Delays().percentile(0.5));
    }

    @Test
    void clocksThatDisagreeCountAsNoDelay() {
        Delays delays = new Delays();
        delays.add(-5);
        assertEquals(0, delays.percentile(1));
        assertEquals(1, delays.count());
    }
}
