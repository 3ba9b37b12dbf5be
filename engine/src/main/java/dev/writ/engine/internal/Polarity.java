package dev.writ.engine.internal;

import dev.writ.engine.Truth;

/// On which values of its condition a consumer fires.
public enum Polarity {
    /// On true only: grants, arms, `set`. Unknown must not help the caller.
    CERTAIN,
    /// On true or unknown: `deny`, `require`, `tag`, `audit`.
    POSSIBLE;

    /// Tells whether a consumer of this kind fires on `value`.
    public boolean fires(Truth value) {
        return switch (this) {
            case CERTAIN -> value == Truth.TRUE;
            case POSSIBLE -> value != Truth.FALSE;
        };
    }
}
