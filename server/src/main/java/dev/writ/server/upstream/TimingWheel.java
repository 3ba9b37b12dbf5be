package dev.writ.server.upstream;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tells when times are reached, in steps of 25 ms, late by a step at most and never early. For one
/// I/O thread, which turns it.
///
/// Setting an alarm later than it was costs a write to a field: it is looked at when its old time
/// comes and then put where it belongs. So a time that moves with each read may be set with each
/// read.
final class TimingWheel {
    /// How coarse times are.
    static final long STEP_NANOS = 25_000_000;

    private static final int SLOTS = 1024;

    /// Whose time it is.
    interface Timed {
        /// The time of its alarm is reached; the alarm is not set any more.
        void timeReached(long nowNanos);

        /// The client of upstreams closes while its alarm is set.
        default void clientCloses() {}
    }

    private final @Nullable Alarm[] slots = new @Nullable Alarm[SLOTS];
    private final Runnable whenBusy;
    private final long begin;

    /// The last step that was looked at; the alarms in the wheel belong to the `SLOTS - 1` after
    /// it.
    private long doneStep;

    private int linked;

    /// @param whenBusy told when an alarm is set and none was: the wheel must be turned from now
    ///     on, until [#isIdle]
    TimingWheel(Runnable whenBusy, long nowNanos) {
        this.whenBusy = whenBusy;
        begin = nowNanos;
    }

    /// Returns a new alarm that is not set.
    Alarm alarm(Timed timed) {
        return new Alarm(this, timed);
    }

    /// Returns whether no alarm is set.
    boolean isIdle() {
        return linked == 0;
    }

    /// Tells all whose time is reached.
    void turn(long nowNanos) {
        long nowStep = Math.floorDiv(nowNanos - begin, STEP_NANOS);
        doneStep = Math.max(doneStep, nowStep - SLOTS);
        while (doneStep < nowStep) {
            doneStep++;
            int slot = (int) (doneStep % SLOTS);
            for (Alarm alarm = slots[slot]; alarm != null; alarm = slots[slot]) {
                alarm.cancel();
                if (alarm.at - nowNanos <= 0) {
                    alarm.timed.timeReached(nowNanos);
                } else {
                    alarm.link();
                }
            }
        }
    }

    /// Returns all whose alarm is set.
    List<Timed> waiting() {
        List<Timed> waiting = new ArrayList<>();
        for (Alarm first : slots) {
            for (Alarm alarm = first; alarm != null; alarm = alarm.next) {
                waiting.add(alarm.timed);
            }
        }
        return waiting;
    }

    /// A time at which one wants to be told.
    static final class Alarm {
        private final TimingWheel wheel;
        private final Timed timed;
        private long at;

        /// The step at which it is looked at; 0 while it is not set.
        private long step;

        private @Nullable Alarm next;
        private @Nullable Alarm previous;

        private Alarm(TimingWheel wheel, Timed timed) {
            this.wheel = wheel;
            this.timed = timed;
        }

        /// Sets the time, instead of the one before.
        void set(long nanos) {
            at = nanos;
            if (step == 0) {
                link();
            } else if (stepOf(nanos) < step) {
                cancel();
                link();
            }
        }

        void cancel() {
            if (step == 0) {
                return;
            }
            if (previous == null) {
                wheel.slots[(int) (step % SLOTS)] = next;
            } else {
                previous.next = next;
            }
            if (next != null) {
                next.previous = previous;
            }
            next = null;
            previous = null;
            step = 0;
            wheel.linked--;
        }

        private long stepOf(long nanos) {
            return Math.floorDiv(nanos - wheel.begin + STEP_NANOS - 1, STEP_NANOS);
        }

        private void link() {
            step = Math.clamp(stepOf(at), wheel.doneStep + 1, wheel.doneStep + SLOTS - 1);
            int slot = (int) (step % SLOTS);
            Alarm first = wheel.slots[slot];
            if (first != null) {
                first.previous = this;
            }
            next = first;
            wheel.slots[slot] = this;
            wheel.linked++;
            if (wheel.linked == 1) {
                wheel.whenBusy.run();
            }
        }
    }
}
