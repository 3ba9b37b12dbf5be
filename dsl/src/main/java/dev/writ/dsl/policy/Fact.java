package dev.writ.dsl.policy;

import org.jspecify.annotations.Nullable;

/// An attribute that some condition of a policy reads, and its place in the facts of a request.
///
/// @param slot from 0, dense over the policy
/// @param argument the header, in lower case, the metadata key or the calendar; null for attributes
///     without one
/// @param labels the closed set of its values; null unless the type is a label
public record Fact(
        int slot, Attribute attribute, @Nullable String argument, @Nullable LabelSet labels) {}
