package dev.writ.server.upstream;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The connections of one I/O thread to one endpoint: how many are open, and the idle ones.
final class ConnectionPool implements TimingWheel.Timed {
    private final UpstreamLane lane;
    private final UpstreamEndpoint endpoint;
    private final TimingWheel.Alarm oldestExpires;

    /// The last one was used last.
    private final ArrayDeque<UpstreamConnection> idle = new ArrayDeque<>();

    private int open;

    ConnectionPool(UpstreamLane lane, UpstreamEndpoint endpoint) {
        this.lane = lane;
        this.endpoint = endpoint;
        this.oldestExpires = lane.wheel.alarm(this);
    }

    UpstreamEndpoint endpoint() {
        return endpoint;
    }

    /// Returns an idle connection that seems to be open, or null.
    @Nullable UpstreamConnection take(long nowNanos) {
        UpstreamConnection connection = idle.pollLast();
        while (connection != null && !connection.isUsable(nowNanos)) {
            connection.close();
            connection = idle.pollLast();
        }
        return connection;
    }

    /// Takes a place for a new connection; returns false if there is none.
    boolean reserve() {
        if (open >= lane.limits.connectionsMax()) {
            UpstreamConnection oldest = idle.pollFirst();
            if (oldest == null) {
                return false;
            }
            oldest.close();
        }
        if (open == 0) {
            lane.remember(this);
        }
        open++;
        return true;
    }

    /// Gives a place back: a connection is closed or was not made.
    void free() {
        open--;
        if (open == 0) {
            oldestExpires.cancel();
            lane.forget(this);
        }
    }

    /// Keeps a connection for the next call.
    void park(UpstreamConnection connection) {
        if (lane.limits.idleMax() == 0) {
            connection.close();
            return;
        }
        idle.addLast(connection);
        if (idle.size() > lane.limits.idleMax()) {
            UpstreamConnection oldest = idle.removeFirst();
            oldest.close();
        }
        oldestExpires.set(idle.getFirst().idleSince() + lane.idleTtlNanos);
    }

    /// Forgets an idle connection that was closed from outside.
    void remove(UpstreamConnection connection) {
        idle.remove(connection);
    }

    @Override
    public void timeReached(long nowNanos) {
        List<UpstreamConnection> expired = new ArrayList<>();
        for (UpstreamConnection connection = idle.peekFirst();
                connection != null && connection.idleSince() + lane.idleTtlNanos - nowNanos <= 0;
                connection = idle.peekFirst()) {
            expired.add(idle.removeFirst());
        }
        UpstreamConnection oldest = idle.peekFirst();
        if (oldest != null) {
            oldestExpires.set(oldest.idleSince() + lane.idleTtlNanos);
        }
        expired.forEach(UpstreamConnection::close);
    }

    /// Closes what is idle.
    void close() {
        for (UpstreamConnection connection : new ArrayList<>(idle)) {
            connection.close();
        }
        idle.clear();
    }
}
