package dev.writ.server.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TimingWheelTest {
    private static final long STEP = TimingWheel.STEP_NANOS;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void tellsEachAlarmNeverEarlyAndLateByAStepAtMost(long seed) {
        var random = new SplittableRandom(seed);
        // Near the end of the range, as nanoTime may be.
        long now = Long.MAX_VALUE - 50 * STEP;
        var wheel = new TimingWheel(() -> {}, now);
        int count = 200;
        long[] due = new long[count];
        List<TimingWheel.Alarm> alarms = new ArrayList<>();
        boolean[] set = new boolean[count];
        boolean[] told = new boolean[count];
        for (int i = 0; i < count; i++) {
            int index = i;
            alarms.add(wheel.alarm(_ -> told[index] = true));
        }
        for (int turn = 0; turn < 4000; turn++) {
            for (int i = 0; i < 3; i++) {
                int which = random.nextInt(count);
                if (random.nextInt(4) == 0) {
                    alarms.get(which).cancel();
                    set[which] = false;
                } else {
                    // Now and then beyond the size of the wheel, or in the past.
                    due[which] = now + random.nextLong(3000 * STEP) - 10;
                    alarms.get(which).set(due[which]);
                    set[which] = true;
                }
            }
            now += random.nextLong(2 * STEP) + (random.nextInt(500) == 0 ? 2000 * STEP : 0);
            wheel.turn(now);
            for (int i = 0; i < count; i++) {
                if (told[i]) {
                    assertTrue(set[i] && due[i] - now <= 0, "early; seed " + seed);
                    set[i] = false;
                    told[i] = false;
                } else if (set[i]) {
                    assertTrue(now - due[i] < 2 * STEP, "late; seed " + seed);
                }
            }
        }
        for (int i = 0; i < count; i++) {
            alarms.get(i).cancel();
        }
        assertTrue(wheel.isIdle());
    }

    @Test
    void anAlarmMaySetItselfAndCancelOthersWhenItIsTold() {
        List<String> told = new ArrayList<>();
        int[] busy = {0};
        var wheel = new TimingWheel(() -> busy[0]++, 0);
        var alarms = new TimingWheel.Alarm[3];
        alarms[0] = wheel.alarm(_ -> told.add("other"));
        alarms[1] =
                wheel.alarm(
                        now -> {
                            told.add("first");
                            alarms[0].cancel();
                            alarms[2].set(now);
                        });
        alarms[2] = wheel.alarm(_ -> told.add("then"));
        alarms[0].set(STEP);
        alarms[1].set(STEP);
        wheel.turn(STEP);
        assertEquals(List.of("first"), told);
        wheel.turn(2 * STEP);
        assertEquals(List.of("first", "then"), told);
        assertTrue(wheel.isIdle());
        int before = busy[0];
        alarms[0].set(3 * STEP);
        alarms[1].set(3 * STEP);
        assertEquals(before + 1, busy[0]);
        assertEquals(2, wheel.waiting().size());
    }
}
