package dev.writ.server.pipeline;

import dev.writ.dsl.policy.Policy;
import dev.writ.engine.Caller;
import dev.writ.engine.PolicySnapshot;
import dev.writ.providers.openai.OpenAiJson;
import dev.writ.providers.openai.OpenAiJson.Model;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The routes that the caller may use, each under every name that clients may call it by.
final class ListModels implements Phase {
    static final String PATH = "/v1/models";

    @Override
    public Step run(Exchange exchange) {
        PolicySnapshot snapshot = exchange.policy().snapshot();
        Caller caller = exchange.caller();
        String path = exchange.http().getRequestPath();
        if (path.length() > PATH.length() + 1) {
            String name = path.substring(PATH.length() + 1);
            Policy.Route route = snapshot.route(name);
            return route == null || !snapshot.mayList(caller, route)
                    ? Step.refuse(new Fault.ModelNotFound())
                    : json(OpenAiJson.model(model(name)));
        }
        List<Model> models = new ArrayList<>();
        for (Policy.Route route : snapshot.policy().routes()) {
            if (snapshot.mayList(caller, route)) {
                route.aliases().forEach(alias -> models.add(model(alias)));
            }
        }
        return json(OpenAiJson.models(models));
    }

    private static Step json(byte[] body) {
        return new Step.Answer(new Reply.Json(ByteBuffer.wrap(body)));
    }

    /// When a route was made is not known.
    private static Model model(String name) {
        return new Model(name, 0, "writ");
    }

    @Override
    public Set<Slot> reads() {
        return Set.of(Slot.CALLER);
    }
}
