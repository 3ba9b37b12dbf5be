package dev.writ.engine;

/// What refused a request, in the order in which the first reason is chosen.
public enum Reason {
    /// The team may not use the route, or not now.
    GRANT,
    /// A rule denied.
    RULE,
    /// The arm that the route took refuses.
    ARM
}
