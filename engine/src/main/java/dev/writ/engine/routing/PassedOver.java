package dev.writ.engine.routing;

import dev.writ.dsl.policy.Capability;
import dev.writ.dsl.policy.Policy;

/// A model to which a request was not sent, although it was its turn.
///
/// @param canary whether it was its turn as the canary of the pool
public record PassedOver(Policy.Model model, Why why, boolean canary) {
    /// A model that is no canary.
    public PassedOver(Policy.Model model, Why why) {
        this(model, why, false);
    }

    /// Why a model was passed over.
    public enum Why {
        OUTSIDE_REGIONS("outside of the regions"),
        /// Its provider does not have what the client called.
        NO_ENDPOINT("no such endpoint"),
        NO_TOOLS("no tools"),
        NO_VISION("no vision"),
        NO_JSON("no json"),
        NO_STREAMING("no streaming"),
        NO_EMBEDDINGS("no embeddings"),
        /// The prompt alone is larger.
        CONTEXT_TOO_SMALL("context too small"),
        BREAKER_OPEN("breaker open"),
        /// Too many of the latest requests that tried it failed.
        CANARY_STOPPED("canary stopped");

        private final String words;

        Why(String words) {
            this.words = words;
        }

        /// Returns how people and decision records read it.
        public String words() {
            return words;
        }

        static Why without(Capability capability) {
            return switch (capability) {
                case TOOLS -> NO_TOOLS;
                case VISION -> NO_VISION;
                case JSON -> NO_JSON;
                case STREAMING -> NO_STREAMING;
                case EMBEDDINGS -> NO_EMBEDDINGS;
            };
        }

        /// Tells whether the model cannot take the request, whoever sends it and whenever.
        public boolean isInability() {
            return switch (this) {
                case NO_ENDPOINT,
                        NO_TOOLS,
                        NO_VISION,
                        NO_JSON,
                        NO_STREAMING,
                        NO_EMBEDDINGS,
                        CONTEXT_TOO_SMALL ->
                        true;
                case OUTSIDE_REGIONS, BREAKER_OPEN, CANARY_STOPPED -> false;
            };
        }
    }
}
