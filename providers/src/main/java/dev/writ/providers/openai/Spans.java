package dev.writ.providers.openai;

import java.util.Arrays;

/// Where values stand in a body: a growing list of ranges.
final class Spans {
    private int[] ends = new int[16];
    private int size;

    void add(int start, int end) {
        if (2 * size == ends.length) {
            ends = Arrays.copyOf(ends, ends.length * 2);
        }
        ends[2 * size] = start;
        ends[2 * size + 1] = end;
        size++;
    }

    int size() {
        return size;
    }

    int start(int i) {
        return ends[2 * i];
    }

    int end(int i) {
        return ends[2 * i + 1];
    }
}
