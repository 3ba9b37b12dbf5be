package dev.writ.engine.routing;

/// Why there is no model left to try.
public enum Exhausted {
    /// There may be one: an attempt is under way, or [Attempts#next] was not asked yet.
    NO,
    /// The client has the first byte of an answer: whatever comes then is final.
    ANSWERED,
    /// An attempt failed, and nothing that is left is meant for that; see [Attempts#cause].
    FAILED,
    /// No attempt was made: the breaker of each target that was left is open.
    BREAKERS_OPEN,
    /// No attempt was made: each target lies outside the regions that the team must stay in.
    OUTSIDE_REGIONS,
    /// No attempt was made: no target that is left in the regions can take the request.
    UNABLE,
    /// The client left.
    ABANDONED
}
