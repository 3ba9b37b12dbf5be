package dev.writ.server.pipeline;

import dev.writ.dsl.policy.Cause;
import dev.writ.dsl.policy.Policy;
import dev.writ.server.identity.TokenProblem;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Why a request was not served. Closed on purpose: a new fault must find its [Terms] below.
///
/// No case holds a prompt, an answer, a key or a header's value, so none can reach a message.
public sealed interface Fault {
    /// The body or the path is not what the endpoint takes.
    ///
    /// @param problem a sentence for the client, without the client's own words
    /// @param param the field that is wrong; null where it is the whole body
    record InvalidRequest(String problem, @Nullable String param) implements Fault {}

    /// The request's head or body did not come in time.
    record RequestTimeout() implements Fault {}

    /// The body has more than `bytesMax` bytes.
    record BodyTooLarge(long bytesMax) implements Fault {}

    /// There is no such endpoint.
    record PathUnknown() implements Fault {}

    /// The endpoint does not take this method.
    record MethodNotAllowed() implements Fault {}

    /// There is no key, or one that the policy does not know.
    record InvalidKey() implements Fault {}

    /// The key is a token, and one that is not taken.
    record InvalidToken(TokenProblem problem) implements Fault {}

    /// The token is good, and its claims lead to no team.
    record NoTeam() implements Fault {}

    /// Whether the token is good cannot be told, for the keys of its issuer are not there.
    record IssuerUnavailable(Duration retryAfter) implements Fault {}

    /// No route has this name.
    record ModelNotFound() implements Fault {}

    /// The team may not use this route.
    record RouteNotGranted() implements Fault {}

    /// A rule or an arm said no.
    record PolicyDenied(Policy.Denial denial) implements Fault {}

    /// Each model that is left lies outside the regions that the team must stay in.
    record OutsideRegions() implements Fault {}

    /// No model that is left can do what the request asks for.
    ///
    /// @param missing what none of them can, in words; at least one
    /// @param param the field that asks for it
    record ModelCannot(List<String> missing, String param) implements Fault {
        public ModelCannot {
            missing = List.copyOf(missing);
        }
    }

    /// The prompt fits into no model that is left.
    ///
    /// @param tokens of the prompt
    /// @param tokensMax how many the largest of the models takes
    record PromptTooLarge(long tokens, long tokensMax) implements Fault {}

    /// The gateway has as many requests under way as it takes.
    record GatewayBusy(Duration retryAfter) implements Fault {}

    /// The gateway is about to end.
    record ShuttingDown(Duration retryAfter) implements Fault {}

    /// The breaker of each model that is left is open.
    record BreakersOpen(Duration retryAfter) implements Fault {}

    /// The last attempt failed, and no model is left to try.
    ///
    /// @param retryAfter what the provider asked for; null if nothing
    record UpstreamFailed(Cause cause, @Nullable Duration retryAfter) implements Fault {}

    /// The answer broke off after its first byte was sent: told by an event of the stream.
    record StreamBroken() implements Fault {}

    /// A bug of the gateway.
    record Internal() implements Fault {}

    /// What clients are told of a fault.
    ///
    /// @param type the kind of error in OpenAI's error object
    /// @param code a stable word, also the label in metrics
    /// @param param the field of the request that is wrong, if one is
    /// @param retryAfter when to come again, if the gateway knows
    /// @param lasting whether the same request will fare the same for as long as a client would
    ///     wait, whatever the status says to SDKs that try again by themselves
    record Terms(
            int status,
            String type,
            String code,
            String message,
            @Nullable String param,
            @Nullable Duration retryAfter,
            boolean lasting) {
        private static final String REQUEST = "invalid_request_error";
        private static final String PERMISSION = "permission_error";
        private static final String SERVER = "server_error";

        private static Terms request(int status, String code, String message) {
            return new Terms(status, REQUEST, code, message, null, null, false);
        }

        private static Terms permission(int status, String code, String message) {
            return new Terms(status, PERMISSION, code, message, null, null, true);
        }

        private static Terms server(
                int status, String code, String message, @Nullable Duration retryAfter) {
            return new Terms(status, SERVER, code, message, null, retryAfter, false);
        }

        /// Returns the value of `retry-after`: whole seconds, rounded up, at least 1; 0 where the
        /// header is not sent.
        public long retryAfterSeconds() {
            if (retryAfter == null) {
                return 0;
            }
            long seconds = retryAfter.getSeconds();
            return Math.max(1, retryAfter.getNano() > 0 ? seconds + 1 : seconds);
        }
    }

    /// Returns what clients are told.
    default Terms terms() {
        return switch (this) {
            case InvalidRequest(String problem, String param) ->
                    new Terms(400, Terms.REQUEST, "invalid_request", problem, param, null, false);
            case RequestTimeout _ ->
                    Terms.request(408, "request_timeout", "The request did not arrive in time.");
            case BodyTooLarge(long bytesMax) ->
                    Terms.request(
                            413,
                            "body_too_large",
                            "The body is larger than %d bytes.".formatted(bytesMax));
            case PathUnknown _ ->
                    Terms.request(404, "path_not_found", "There is no such endpoint.");
            case MethodNotAllowed _ ->
                    Terms.request(
                            405, "method_not_allowed", "The endpoint does not take this method.");
            case InvalidKey _ ->
                    Terms.request(
                            401,
                            "invalid_api_key",
                            "The API key is missing or unknown. Send it as `Authorization: Bearer`.");
            case InvalidToken(TokenProblem problem) ->
                    Terms.request(401, problem.code(), problem.message());
            case NoTeam _ ->
                    Terms.permission(403, "no_team", "Your token is good, but of no team here.");
            case IssuerUnavailable(Duration retryAfter) ->
                    Terms.server(
                            503,
                            "issuer_unavailable",
                            "The keys of your token's issuer cannot be read just now.",
                            retryAfter);
            case ModelNotFound _ ->
                    new Terms(
                            404,
                            Terms.REQUEST,
                            "model_not_found",
                            "There is no such model. See `GET /v1/models`.",
                            "model",
                            null,
                            false);
            case RouteNotGranted _ ->
                    new Terms(
                            403,
                            Terms.PERMISSION,
                            "route_not_granted",
                            "Your team may not use this model.",
                            "model",
                            null,
                            true);
            case PolicyDenied(Policy.Denial(int status, String text)) ->
                    Terms.permission(
                            status,
                            "policy_denied",
                            text.isEmpty() ? "The policy denies this request." : text);
            case OutsideRegions _ ->
                    Terms.permission(
                            403,
                            "outside_regions",
                            "No model is left in the regions that your team must stay in.");
            case ModelCannot(List<String> missing, String param) ->
                    new Terms(
                            400,
                            Terms.REQUEST,
                            "model_cannot",
                            "No model for this request is left that has what it needs: %s."
                                    .formatted(String.join(", ", missing)),
                            param,
                            null,
                            false);
            case PromptTooLarge(long tokens, long tokensMax) ->
                    new Terms(
                            400,
                            Terms.REQUEST,
                            "context_length_exceeded",
                            "The prompt has %d tokens; the largest model that is left takes %d."
                                    .formatted(tokens, tokensMax),
                            null,
                            null,
                            false);
            case GatewayBusy(Duration retryAfter) ->
                    Terms.server(503, "gateway_busy", "The gateway is busy.", retryAfter);
            case ShuttingDown(Duration retryAfter) ->
                    Terms.server(503, "shutting_down", "The gateway is stopping.", retryAfter);
            case BreakersOpen(Duration retryAfter) ->
                    Terms.server(
                            503,
                            "upstream_unavailable",
                            "Every model for this request failed too often just now.",
                            retryAfter);
            case UpstreamFailed(Cause cause, Duration retryAfter) -> upstream(cause, retryAfter);
            case StreamBroken _ ->
                    Terms.server(502, "stream_broken", "The provider's answer broke off.", null);
            case Internal _ -> Terms.server(500, "internal_error", "The gateway has a bug.", null);
        };
    }

    private static Terms upstream(Cause cause, @Nullable Duration retryAfter) {
        int status = cause.clientStatus();
        return switch (cause) {
            case TIMEOUT ->
                    Terms.server(
                            status, "upstream_timeout", "The provider took too long.", retryAfter);
            case OVERLOADED ->
                    Terms.server(
                            status, "upstream_overloaded", "The provider has no room.", retryAfter);
            case RATE_LIMITED ->
                    new Terms(
                            status,
                            "rate_limit_error",
                            "upstream_rate_limited",
                            "The provider limits how often the gateway may ask.",
                            null,
                            retryAfter,
                            false);
            case SERVER_ERROR ->
                    Terms.server(status, "upstream_error", "The provider failed.", retryAfter);
            case UNREACHABLE ->
                    Terms.server(
                            status,
                            "upstream_unreachable",
                            "The provider cannot be reached.",
                            retryAfter);
            case UNAUTHORIZED ->
                    new Terms(
                            status,
                            Terms.SERVER,
                            "upstream_unauthorized",
                            "The provider refuses the gateway's credentials.",
                            null,
                            null,
                            true);
        };
    }
}
