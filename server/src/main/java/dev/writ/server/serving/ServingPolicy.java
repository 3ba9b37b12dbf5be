package dev.writ.server.serving;

import dev.writ.dsl.policy.Policy;
import dev.writ.engine.PolicySnapshot;
import dev.writ.engine.routing.TargetStates;
import dev.writ.engine.routing.Trials;
import dev.writ.server.identity.TokenIdentities;
import org.jspecify.annotations.Nullable;
import org.xnio.XnioIoThread;

/// A policy that serves requests. Immutable but for what lies in [ServingThread], and shared by all
/// threads; each request keeps the one that it began with.
public final class ServingPolicy {
    private static final int ID_SHOWN = 12;

    private final PolicySnapshot snapshot;
    private final ModelUpstream[] upstreams;
    private final TokenIdentities identities;
    private final TargetStates targets;
    private final Trials trials;
    private final ServingThread[] threads;
    private final String headerValue;
    private final @Nullable String commit;
    private final String[] armLabels;

    /// @param upstreams in the order of the policy's models
    /// @param identities who has which token
    /// @param targets what is known of models, whatever the policy
    /// @param trials how the canaries of this policy fare
    /// @param ioThreads how many threads will ask for their [ServingThread]
    ServingPolicy(
            PolicySnapshot snapshot,
            ModelUpstream[] upstreams,
            TokenIdentities identities,
            TargetStates targets,
            Trials trials,
            int ioThreads,
            @Nullable String commit) {
        this.snapshot = snapshot;
        this.upstreams = upstreams.clone();
        this.identities = identities;
        this.targets = targets;
        this.trials = trials;
        this.commit = commit;
        this.threads = new ServingThread[ioThreads];
        for (int i = 0; i < ioThreads; i++) {
            threads[i] = new ServingThread(snapshot);
        }
        String id = snapshot.policy().id().substring(0, ID_SHOWN);
        this.headerValue = commit == null ? id : id + "@" + commit.substring(0, ID_SHOWN);
        int arms = snapshot.policy().routes().stream().mapToInt(r -> r.arms().size()).sum();
        this.armLabels = new String[arms];
        for (Policy.Route route : snapshot.policy().routes()) {
            for (Policy.Arm arm : route.arms()) {
                armLabels[arm.label()] = route.name() + "/" + arm.name();
            }
        }
    }

    public PolicySnapshot snapshot() {
        return snapshot;
    }

    /// Returns how a model of this policy is called.
    public ModelUpstream upstream(Policy.Model model) {
        return upstreams[model.index()];
    }

    /// Returns who has which token.
    public TokenIdentities identities() {
        return identities;
    }

    /// Returns what is known of the models of providers.
    public TargetStates targets() {
        return targets;
    }

    /// Returns how the canaries of this policy fare.
    public Trials trials() {
        return trials;
    }

    /// Returns what belongs to an I/O thread.
    public ServingThread thread(XnioIoThread ioThread) {
        return threads[ioThread.getNumber()];
    }

    /// Returns what shares are drawn with, besides the request id. It stays the same over reloads,
    /// so that a change elsewhere moves nobody to another model.
    public String salt() {
        return snapshot.policy().name();
    }

    /// Returns the beginnings of policy id and commit: `9f86d081884c@1a2b3c4d5e6f`.
    public String headerValue() {
        return headerValue;
    }

    /// Returns the commit that the policy came from, 40 hex digits; null if not from git.
    public @Nullable String commit() {
        return commit;
    }

    /// Returns `route/arm`.
    public String armLabel(Policy.Arm arm) {
        return armLabels[arm.label()];
    }
}
