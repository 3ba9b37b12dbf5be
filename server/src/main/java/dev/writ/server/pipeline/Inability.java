package dev.writ.server.pipeline;

import dev.writ.engine.routing.Needs;
import dev.writ.engine.routing.PassedOver;
import dev.writ.engine.routing.PassedOver.Why;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// Why no model of a target can take a request, as the client is told.
final class Inability {
    private static final Fault NO_ENDPOINT =
            new Fault.InvalidRequest(
                    "The model behind this route does not take this kind of request.", "model");

    private Inability() {}

    /// @param passedOver the models that were left, at least one for what it cannot do
    static Fault of(List<PassedOver> passedOver, Needs needs) {
        EnumSet<Why> whys = EnumSet.noneOf(Why.class);
        long largest = 0;
        for (PassedOver passed : passedOver) {
            if (passed.canary()) {
                continue;
            }
            if (passed.why().isInability()) {
                whys.add(passed.why());
            }
            if (passed.why() == Why.CONTEXT_TOO_SMALL) {
                largest = Math.max(largest, passed.model().contextTokens());
            }
        }
        if (whys.equals(EnumSet.of(Why.NO_ENDPOINT))) {
            return NO_ENDPOINT;
        }
        if (whys.equals(EnumSet.of(Why.CONTEXT_TOO_SMALL))) {
            return new Fault.PromptTooLarge(needs.promptTokens(), largest);
        }
        return new Fault.ModelCannot(missing(whys), field(whys));
    }

    private static List<String> missing(Set<Why> whys) {
        List<String> words = new ArrayList<>();
        for (Why why : whys) {
            switch (why) {
                case NO_TOOLS -> words.add("tools");
                case NO_VISION -> words.add("images");
                case NO_JSON -> words.add("JSON");
                case NO_STREAMING -> words.add("a stream");
                case NO_EMBEDDINGS -> words.add("embeddings");
                case CONTEXT_TOO_SMALL -> words.add("room for its prompt");
                case NO_ENDPOINT -> words.add("this endpoint");
                case OUTSIDE_REGIONS, BREAKER_OPEN, CANARY_STOPPED -> {}
            }
        }
        return words;
    }

    /// Returns the field of the body that asks for too much; the model where several do.
    private static String field(Set<Why> whys) {
        return whys.size() > 1
                ? "model"
                : switch (whys.iterator().next()) {
                    case NO_TOOLS -> "tools";
                    case NO_VISION, CONTEXT_TOO_SMALL -> "messages";
                    case NO_JSON -> "response_format";
                    case NO_STREAMING -> "stream";
                    case NO_EMBEDDINGS,
                            NO_ENDPOINT,
                            OUTSIDE_REGIONS,
                            BREAKER_OPEN,
                            CANARY_STOPPED ->
                            "model";
                };
    }
}
