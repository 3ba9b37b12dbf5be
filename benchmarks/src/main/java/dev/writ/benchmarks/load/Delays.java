package dev.writ.benchmarks.load;

/// A histogram of delays: buckets that are 1/32 wide, from a microsecond on.
final class Delays {
    private static final int SUB_BITS = 5;

    private final long[] counts = new long[64 << SUB_BITS];
    private long count;

    void add(long nanos) {
        long micros = Math.max(0, nanos / 1000);
        counts[bucket(micros)]++;
        count++;
    }

    long count() {
        return count;
    }

    /// Returns the microseconds that a share of the delays do not exceed.
    long percentile(double share) {
        long below = 0;
        for (int i = 0; i < counts.length; i++) {
            below += counts[i];
            if (below > 0 && below >= share * count) {
                return micros(i);
            }
        }
        return 0;
    }

    private static int bucket(long micros) {
        if (micros < 1 << SUB_BITS) {
            return (int) micros;
        }
        int shift = 63 - Long.numberOfLeadingZeros(micros) - SUB_BITS;
        return ((shift + 1) << SUB_BITS) + (int) ((micros >>> shift) & ((1 << SUB_BITS) - 1));
    }

    private static long micros(int bucket) {
        int shift = (bucket >>> SUB_BITS) - 1;
        long sub = bucket & ((1 << SUB_BITS) - 1);
        return shift < 0 ? bucket : ((1L << SUB_BITS) + sub) << shift;
    }
}
