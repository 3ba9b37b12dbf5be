package dev.writ.engine.routing;

import dev.writ.dsl.policy.Policy;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which member of a pool is tried first, and which instead where that one cannot be.
///
/// A member that was returned is passed over from then on, so that asking again ends. In a weighted
/// pool the requests of a passed-over member are dealt out to the others by their shares, and the
/// requests of the others stay where they are.
final class FirstChoice {
    private final Policy.Pool.Choice choice;
    private final List<Policy.Pool.Member> members;
    private final long hash;
    private final Estimate tokens;
    private @Nullable BitSet passedOver;
    private int asked;
    private int last = -1;

    private FirstChoice(
            Policy.Pool.Choice choice,
            List<Policy.Pool.Member> members,
            long hash,
            Estimate tokens) {
        this.choice = choice;
        this.members = members;
        this.hash = hash;
        this.tokens = tokens;
    }

    static FirstChoice only(Policy.Model model) {
        return new FirstChoice(
                Policy.Pool.Choice.FIRST,
                List.of(new Policy.Pool.Member(model, 0)),
                0,
                Estimate.UNKNOWN);
    }

    static FirstChoice of(Policy.Pool pool, long hash, Estimate tokens) {
        return new FirstChoice(pool.choice(), pool.members(), hash, tokens);
    }

    Policy.Model model(int member) {
        return members.get(member).model();
    }

    /// Returns the place of the member to try, -1 if none is left.
    int next(TargetStates states) {
        if (last >= 0) {
            pass(last);
        }
        last =
                switch (choice) {
                    case FIRST -> inOrder();
                    case WEIGHTED -> byShare();
                    case LEAST_IN_FLIGHT, FASTEST, CHEAPEST -> byScore(states);
                };
        return last;
    }

    private int inOrder() {
        for (int i = 0; i < members.size(); i++) {
            if (!passed(i)) {
                return i;
            }
        }
        return -1;
    }

    private int byShare() {
        int left = 0;
        for (int i = 0; i < members.size(); i++) {
            left += passed(i) ? 0 : members.get(i).basisPoints();
        }
        if (left == 0) {
            return -1;
        }
        // Another draw each time, or all requests of a passed-over member would go to one.
        int point = Mix.below(Mix.draw(hash, Mix.SHARES + asked), left);
        for (int i = 0; i < members.size(); i++) {
            if (!passed(i)) {
                point -= members.get(i).basisPoints();
                if (point < 0) {
                    return i;
                }
            }
        }
        throw new AssertionError("shares must sum to what was drawn from, were off by " + point);
    }

    private int byScore(TargetStates states) {
        int size = members.size();
        // Where a tie is, the first one met wins; where the walk begins follows from the hash.
        int start = size == 1 ? 0 : Mix.below(Mix.draw(hash, Mix.TIES), size);
        long now = states.nanoTime();
        int best = -1;
        double bestScore = 0;
        for (int n = 0; n < size; n++) {
            int i = start + n < size ? start + n : start + n - size;
            if (passed(i)) {
                continue;
            }
            double score = score(members.get(i).model(), states, now);
            if (best < 0 || score < bestScore) {
                best = i;
                bestScore = score;
            }
        }
        return best;
    }

    private double score(Policy.Model model, TargetStates states, long now) {
        return switch (choice) {
            case CHEAPEST -> tokens.at(model.price());
            case LEAST_IN_FLIGHT -> states.of(model).inFlight();
            case FASTEST -> states.of(model).score(now);
            case FIRST, WEIGHTED -> 0;
        };
    }

    private boolean passed(int member) {
        return passedOver != null && passedOver.get(member);
    }

    private void pass(int member) {
        asked++;
        last = -1;
        if (passedOver == null) {
            passedOver = new BitSet(members.size());
        }
        passedOver.set(member);
    }
}
