package dev.writ.server.upstream;

import java.time.Duration;

/// Runs a task when a time is reached, on one I/O thread: late by 25 ms at most and never early.
/// Used on that thread only.
public final class UpstreamAlarm {
    private final UpstreamLane lane;
    private final TimingWheel.Alarm alarm;

    UpstreamAlarm(UpstreamLane lane, Runnable task) {
        this.lane = lane;
        this.alarm = lane.wheel.alarm(_ -> UpstreamLane.guarded(task));
    }

    /// Lets the task run after a time from now, instead of the time that was set before.
    public void set(Duration after) {
        alarm.set(lane.now() + after.toNanos());
    }

    /// The task does not run, unless another time is set.
    public void cancel() {
        alarm.cancel();
    }
}
