package dev.writ.server.upstream;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.xnio.XnioIoThread;

/// The addresses of host names, looked up off the I/O thread and kept for a while. For one I/O
/// thread.
final class AddressBook {
    private static final int NAMES_MAX = 1024;
    private static final int ADDRESSES_MAX = 8;

    /// How names become addresses; blocks.
    interface Lookup {
        InetAddress[] find(String host) throws UnknownHostException;
    }

    /// Who asked.
    interface Asker {
        /// The host has these addresses, at least one.
        void addressesFound(List<InetAddress> addresses);

        /// The host has none, because of `what`: a clause such as `the name x.example is unknown`.
        void addressesNotFound(String what);
    }

    private static final class Entry {
        private final List<Asker> askers = new ArrayList<>();
        private @Nullable List<InetAddress> addresses;
        private long usedUntil;
    }

    private final XnioIoThread ioThread;
    private final Executor lookups;
    private final Lookup lookup;
    private final long ttlNanos;
    private final Map<String, Entry> entries = new HashMap<>();

    /// @param lookups where lookups may block; may reject one
    AddressBook(XnioIoThread ioThread, Executor lookups, Lookup lookup, long ttlNanos) {
        this.ioThread = ioThread;
        this.lookups = lookups;
        this.lookup = lookup;
        this.ttlNanos = ttlNanos;
    }

    /// Tells `asker` the addresses of `host`, at once if they are known or `host` is one.
    void find(String host, long nowNanos, Asker asker) {
        InetAddress literal = literal(host);
        if (literal != null) {
            asker.addressesFound(List.of(literal));
            return;
        }
        Entry entry = entries.get(host);
        if (entry != null) {
            List<InetAddress> addresses = entry.addresses;
            if (addresses == null) {
                entry.askers.add(asker);
                return;
            }
            if (nowNanos - entry.usedUntil < 0) {
                asker.addressesFound(addresses);
                return;
            }
        }
        if (entries.size() >= NAMES_MAX) {
            entries.values().removeIf(known -> known.addresses != null);
        }
        Entry asked = new Entry();
        asked.askers.add(asker);
        asked.usedUntil = nowNanos + ttlNanos;
        entries.put(host, asked);
        try {
            lookups.execute(() -> lookUp(host, asked));
        } catch (RejectedExecutionException e) {
            entries.remove(host, asked);
            asker.addressesNotFound("too many names are being looked up");
        }
    }

    /// Forgets the addresses of a host that could not be reached.
    void forget(String host) {
        Entry entry = entries.get(host);
        if (entry != null && entry.addresses != null) {
            entries.remove(host);
        }
    }

    private void lookUp(String host, Entry entry) {
        List<InetAddress> found = List.of();
        try {
            found =
                    Stream.of(lookup.find(host))
                            .limit(ADDRESSES_MAX)
                            .map(AddressBook::nameless)
                            .toList();
        } catch (UnknownHostException | RuntimeException e) {
            // None is found.
        } finally {
            tell(host, entry, found);
        }
    }

    private void tell(String host, Entry entry, List<InetAddress> found) {
        try {
            ioThread.execute(() -> lookedUp(host, entry, found));
        } catch (RejectedExecutionException e) {
            // The thread is gone, and the askers with it.
        }
    }

    private void lookedUp(String host, Entry entry, List<InetAddress> addresses) {
        if (addresses.isEmpty()) {
            entries.remove(host, entry);
        } else {
            entry.addresses = addresses;
        }
        for (Asker asker : entry.askers) {
            if (addresses.isEmpty()) {
                asker.addressesNotFound("the name %s is unknown".formatted(host));
            } else {
                asker.addressesFound(addresses);
            }
        }
        entry.askers.clear();
    }

    /// Returns the address alone: with its name, Undertow would send that as the TLS server name,
    /// whether or not it may be one.
    private static InetAddress nameless(InetAddress address) {
        try {
            return address instanceof Inet6Address scoped
                    ? Inet6Address.getByAddress(null, scoped.getAddress(), scoped.getScopeId())
                    : InetAddress.getByAddress(address.getAddress());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 bytes", e);
        }
    }

    private static @Nullable InetAddress literal(String host) {
        char last = host.charAt(host.length() - 1);
        if (host.indexOf(':') < 0 && (last < '0' || last > '9')) {
            return null;
        }
        try {
            return InetAddress.ofLiteral(host);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
