package dev.writ.server.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.dsl.policy.Cause;
import dev.writ.dsl.policy.Policy;
import dev.writ.server.identity.TokenProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class FaultTest {
    private static final Duration SOON = Duration.ofMillis(1500);

    private static List<Fault> all() {
        List<Fault> faults =
                new ArrayList<>(
                        List.of(
                                new Fault.InvalidRequest("The body is not JSON.", null),
                                new Fault.RequestTimeout(),
                                new Fault.BodyTooLarge(10),
                                new Fault.PathUnknown(),
                                new Fault.MethodNotAllowed(),
                                new Fault.InvalidKey(),
                                new Fault.NoTeam(),
                                new Fault.IssuerUnavailable(SOON),
                                new Fault.ModelNotFound(),
                                new Fault.RouteNotGranted(),
                                new Fault.PolicyDenied(new Policy.Denial(403, "")),
                                new Fault.OutsideRegions(),
                                new Fault.ModelCannot(List.of("tools"), "tools"),
                                new Fault.PromptTooLarge(9_000, 8_000),
                                new Fault.GatewayBusy(SOON),
                                new Fault.ShuttingDown(SOON),
                                new Fault.BreakersOpen(SOON),
                                new Fault.StreamBroken(),
                                new Fault.Internal()));
        for (TokenProblem problem : TokenProblem.values()) {
            faults.add(new Fault.InvalidToken(problem));
        }
        for (Cause cause : Cause.values()) {
            faults.add(new Fault.UpstreamFailed(cause, SOON));
        }
        return faults;
    }

    @Test
    void everyCaseIsListedHere() {
        assertEquals(
                Fault.class.getPermittedSubclasses().length,
                all().stream().map(Object::getClass).distinct().count());
    }

    @Test
    void referencePageHasExactlyEveryCode() throws IOException {
        List<String> rows =
                Files.readAllLines(Path.of("..", "docs", "reference", "errors.md")).stream()
                        .filter(line -> line.startsWith("| `"))
                        .map(line -> String.join("|", List.of(line.split("\\|")).subList(1, 4)))
                        .toList();
        TreeSet<String> expected =
                all().stream()
                        .map(Fault::terms)
                        .map(t -> " `%s` | %d | `%s` ".formatted(t.code(), t.status(), t.type()))
                        .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(expected, new TreeSet<>(rows));
        assertEquals(expected.size(), rows.size());
    }

    @Test
    void codesAreUnique() {
        assertEquals(all().size(), all().stream().map(f -> f.terms().code()).distinct().count());
    }

    @Test
    void refusedCredentialsOfTheGatewayNeverLookLikeAWrongKey() {
        Fault.Terms terms = new Fault.UpstreamFailed(Cause.UNAUTHORIZED, SOON).terms();
        assertEquals(502, terms.status());
        assertNull(terms.retryAfter());
    }

    @Test
    void denialKeepsThePolicysStatusAndText() {
        Fault.Terms terms = new Fault.PolicyDenied(new Policy.Denial(451, "Not here.")).terms();
        assertEquals(451, terms.status());
        assertEquals("Not here.", terms.message());
        assertTrue(
                new Fault.PolicyDenied(new Policy.Denial(403, "")).terms().message().length() > 10);
    }

    @Test
    void retryAfterIsRoundedUpToWholeSeconds() {
        assertEquals(2, new Fault.GatewayBusy(SOON).terms().retryAfterSeconds());
        assertEquals(1, new Fault.GatewayBusy(Duration.ZERO).terms().retryAfterSeconds());
        assertEquals(3, new Fault.GatewayBusy(Duration.ofSeconds(3)).terms().retryAfterSeconds());
        assertEquals(0, new Fault.InvalidKey().terms().retryAfterSeconds());
    }

    @Test
    void whatThePolicyOrAnOperatorMustChangeIsLasting() {
        assertEquals(
                Set.of(
                        "policy_denied",
                        "route_not_granted",
                        "no_team",
                        "outside_regions",
                        "upstream_unauthorized"),
                all().stream()
                        .map(Fault::terms)
                        .filter(Fault.Terms::lasting)
                        .map(Fault.Terms::code)
                        .collect(Collectors.toSet()));
    }

    @Test
    void whatNoModelCanIsNamed() {
        Fault.Terms cannot = new Fault.ModelCannot(List.of("tools", "images"), "model").terms();
        assertTrue(cannot.message().endsWith(": tools, images."), cannot.message());
        Fault.Terms large = new Fault.PromptTooLarge(9_000, 8_000).terms();
        assertEquals(
                "The prompt has 9000 tokens; the largest model that is left takes 8000.",
                large.message());
    }

    @Test
    void namesTheWrongField() {
        assertEquals("n", new Fault.InvalidRequest("`n` is no number.", "n").terms().param());
        assertEquals("model", new Fault.ModelNotFound().terms().param());
    }
}
