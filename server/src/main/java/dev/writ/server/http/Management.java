package dev.writ.server.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.writ.server.live.ReloadJson;
import dev.writ.server.live.ReloadOutcome;
import dev.writ.server.pipeline.Fault;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.function.Supplier;

/// The management address: status and reload, for whoever has its token.
public final class Management implements HttpHandler {
    private static final JsonFactory JSON = new JsonFactory();

    private final byte[] authorization;
    private final StatusWriter status;
    private final Supplier<ReloadOutcome> reload;

    /// Writes the fields of the status into an object that is open.
    @FunctionalInterface
    public interface StatusWriter {
        void write(JsonGenerator json) throws IOException;
    }

    /// @param token that every call must bring; belongs in no log
    /// @param reload reads the policy again; may block
    public Management(String token, StatusWriter status, Supplier<ReloadOutcome> reload) {
        this.authorization = ("Bearer " + token).getBytes(StandardCharsets.ISO_8859_1);
        this.status = status;
        this.reload = reload;
    }

    @Override
    public void handleRequest(HttpServerExchange http) {
        String path = http.getRequestPath();
        HttpString method =
                switch (path) {
                    case "/writ/status" -> Methods.GET;
                    case "/writ/reload" -> Methods.POST;
                    default -> Methods.TRACE;
                };
        if (!isAllowed(http)) {
            http.getResponseHeaders().put(Headers.WWW_AUTHENTICATE, "Bearer");
            FrontDoor.refuse(http, new Fault.InvalidKey());
        } else if (method.equals(Methods.TRACE)) {
            FrontDoor.refuse(http, new Fault.PathUnknown());
        } else if (!http.getRequestMethod().equals(method)) {
            http.getResponseHeaders().put(Headers.ALLOW, method.toString());
            FrontDoor.refuse(http, new Fault.MethodNotAllowed());
        } else if (method.equals(Methods.GET)) {
            FrontDoor.send(http, json(status));
        } else {
            http.dispatch(http.getConnection().getWorker(), () -> reload(http));
        }
    }

    private boolean isAllowed(HttpServerExchange http) {
        String shown = http.getRequestHeaders().getFirst(Headers.AUTHORIZATION);
        return shown != null
                && MessageDigest.isEqual(
                        shown.getBytes(StandardCharsets.ISO_8859_1), authorization);
    }

    private void reload(HttpServerExchange http) {
        ReloadOutcome outcome = reload.get();
        http.setStatusCode(outcome instanceof ReloadOutcome.Refused ? 422 : 200);
        byte[] body = bytes(json -> ReloadJson.write(json, outcome));
        FrontDoor.send(http, body);
    }

    private static byte[] json(StatusWriter fields) {
        return bytes(
                json -> {
                    json.writeStartObject();
                    fields.write(json);
                    json.writeEndObject();
                });
    }

    private static byte[] bytes(StatusWriter writer) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(out)) {
            writer.write(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
