package dev.writ.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.StreamText;
import dev.writ.engine.internal.TextLimits;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What rules on stream make of answers with several texts, and what they hold back.
final class AnswerWatchTest {
    private static final String BASE =
            """
            policy "p" language 1
            provider here { kind simulated  region eu  timeout 9s }
            model near on here "near" { }
            model far on here "far" { }
            route chat { big when prompt.tokens > 5 -> far  rest otherwise -> near }
            team dev {
              key k sha256 "0000000000000000000000000000000000000000000000000000000000000001"
              may use chat
            }
            team ops {
              key k sha256 "0000000000000000000000000000000000000000000000000000000000000002"
              may use chat
            }
            """;
    private static final int CONTENT = 0;
    private static final int ARGUMENTS = 1;

    /// An answer that comes.
    private static final class Answer {
        final PolicySnapshot snapshot;
        final Facts facts;
        final Decision decision = new Decision();
        final @Nullable AnswerWatch watch;

        Answer(String rules, int team) {
            this(rules, team, "near");
        }

        Answer(String rules, int team, String model) {
            snapshot = PolicySnapshot.compile(WrittenPolicy.of(BASE + rules));
            facts = snapshot.newFacts();
            Caller caller = snapshot.callers().get(team);
            facts.reset(caller);
            facts.putNumber(Attribute.PROMPT_TOKENS, 3);
            Policy.Route route = Objects.requireNonNull(snapshot.route("chat"));
            snapshot.decideRequest(caller, route, facts, decision);
            snapshot.decideRoute(caller, route, facts, decision);
            Policy.Model answers =
                    snapshot.policy().models().stream()
                            .filter(each -> each.name().equals(model))
                            .findFirst()
                            .orElseThrow();
            watch = snapshot.watchAnswer(caller, facts, answers, snapshot.newAnswerRoom());
        }

        AnswerWatch watch() {
            return Objects.requireNonNull(watch);
        }

        /// Returns whether a rule denies by now.
        boolean says(int choice, int field, String text) {
            watch().event();
            watch().text(choice, field, text.toCharArray(), 0, text.length());
            return watch().decide();
        }

        boolean says(String text) {
            return says(0, CONTENT, text);
        }

        List<String> tags() {
            watch().settle(decision);
            return decision.verdict().tags();
        }
    }

    private static Answer answer(String rules) {
        return new Answer(rules, 0);
    }

    private static final String KEYS =
            "rule keys on stream when stream.text matches \"AKIA[0-9]{4}\" deny 451 \"A key.\"\n";

    @Test
    void aTextThatIsCutAnywhereIsOneText() {
        String text = "see AKIA1234.";
        for (int cut = 0; cut <= text.length(); cut++) {
            Answer answer = answer(KEYS);
            assertFalse(answer.watch().decide());
            boolean first = answer.says(text.substring(0, cut));
            assertEquals(cut >= 12, first);
            assertTrue(answer.says(text.substring(cut)));
            answer.watch().settle(answer.decision);
            assertEquals(new Policy.Denial(451, "A key."), answer.decision.denial());
            assertEquals("keys", answer.decision.reasonName());
        }
    }

    @Test
    void textsAreReadEachForItself() {
        Answer answer = answer(KEYS);
        assertFalse(answer.says(0, CONTENT, "AKIA"));
        assertFalse(answer.says(0, ARGUMENTS, "12"));
        assertFalse(answer.says(1, CONTENT, "1234"));
        assertFalse(answer.says(0, ARGUMENTS, "34"));
        assertFalse(answer.says(1, CONTENT, "AKIA123"));
        assertFalse(answer.says(2, CONTENT, "4"));
        assertTrue(answer.says(1, CONTENT, "4"));
    }

    @Test
    void anEventIsHeldWhileItMayBeTheBeginningOfAMatch() {
        Answer answer = answer(KEYS);
        answer.says("hello ");
        assertEquals(AnswerWatch.NONE, answer.watch().heldFrom());
        answer.says("the A");
        assertEquals(2, answer.watch().heldFrom());
        answer.says("KIA1");
        assertEquals(2, answer.watch().heldFrom());
        answer.says("2x A");
        assertEquals(4, answer.watch().heldFrom());
        answer.says("nd so on");
        assertEquals(AnswerWatch.NONE, answer.watch().heldFrom());
    }

    @Test
    void whatIsHeldOfOneChoiceIsHeldWhileAnotherGoesOn() {
        Answer answer = answer(KEYS);
        answer.says(0, CONTENT, "AK");
        answer.says(1, CONTENT, "hello");
        answer.says(1, CONTENT, "AKI");
        assertEquals(1, answer.watch().heldFrom());
        answer.says(0, CONTENT, "ron");
        assertEquals(3, answer.watch().heldFrom());
        answer.watch().event();
        answer.watch().ended(1);
        assertEquals(AnswerWatch.NONE, answer.watch().heldFrom());
    }

    /// A model that writes a call is done with its text.
    @Test
    void whatIsHeldOfATextIsSentWhenItsChoiceGoesOnElsewhere() {
        Answer answer = answer(KEYS);
        answer.says(0, CONTENT, "Let me look A");
        assertEquals(1, answer.watch().heldFrom());
        answer.says(0, ARGUMENTS, "{");
        assertEquals(AnswerWatch.NONE, answer.watch().heldFrom());
        // Some providers send the same text under two names.
        for (String piece : List.of("A", "KIA12")) {
            answer.watch().event();
            answer.watch().text(2, 7, piece.toCharArray(), 0, piece.length());
            answer.watch().text(2, 8, piece.toCharArray(), 0, piece.length());
            answer.watch().decide();
            assertEquals(3, answer.watch().heldFrom());
        }
    }

    @Test
    void noMoreIsHeldThanTheLimit() {
        Answer answer =
                answer(
                        "rule keys on stream when stream.text matches \"A.*B\" deny 451 \"A key.\"\n");
        answer.says("A");
        for (int i = 1; i < StreamText.HELD_CHARS_MAX; i++) {
            answer.says("x");
            assertEquals(1, answer.watch().heldFrom());
        }
        answer.says("x");
        assertEquals(2, answer.watch().heldFrom());
        assertTrue(answer.says("B"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rule it on stream when stream.text contains \"AKIA\" tag \"t\"",
                "rule it on stream when stream.tokens > 1k deny",
                "rule it on stream when team is ops and stream.text contains \"AKIA\" deny\n"
                        + "rule other on stream when stream.text contains \"xy\" tag \"t\"",
            })
    void nothingIsHeldForRulesThatDoNotDenyForIt(String rules) {
        Answer answer = answer(rules);
        answer.says("AKI");
        assertEquals(AnswerWatch.NONE, answer.watch().heldFrom());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rule it on stream when stream.text contains any [\"never\", \"AKIA\"] deny",
                "rule it on stream when stream.text starts with \"so AKIA\" deny",
                "rule it on stream require not stream.text contains \"AKIA\" else deny",
            })
    void othersThanPatternsAreHeldToo(String rules) {
        Answer answer = answer(rules);
        answer.says("so AKI");
        assertEquals(1, answer.watch().heldFrom());
        assertTrue(answer.says("A"));
    }

    @Test
    void nothingIsWatchedThatNoRuleIsAbout() {
        assertNull(answer("").watch);
        assertNull(new Answer("rule it on stream when team is ops deny", 0).watch);
        assertNull(answer("rule it on stream when route is chat and prompt.tokens > 9 deny").watch);
        assertNull(
                answer("rule it on stream when model is far and stream.text contains \"x\" deny")
                        .watch);
        assertTrue(
                new Answer(
                                "rule it on stream when model is far and stream.text contains \"x\" deny",
                                0,
                                "far")
                        .says("x"));
        assertTrue(new Answer("rule it on stream when team is ops deny", 1).watch().decide());
    }

    @Test
    void tokensAreAQuarterOfTheBytesOfAllTexts() {
        Answer answer = answer("rule it on stream when stream.tokens >= 4 { tag \"four\" }");
        assertTrue(answer.watch().reads());
        answer.says(0, CONTENT, "1234");
        answer.says(1, CONTENT, "12345678");
        assertFalse(answer.watch().isDone());
        answer.says(0, ARGUMENTS, "é");
        assertTrue(answer.watch().isDone());
        assertEquals(List.of("four"), answer.tags());
        assertEquals(2, AnswerWatch.tokens("😀ab"));
        assertEquals(0, AnswerWatch.tokens(""));
        // A pair counts the same in halves.
        Answer halves = answer("rule it on stream when stream.tokens >= 2 { tag \"two\" }");
        halves.says("\ud83d");
        halves.says("\ude00");
        assertEquals(List.of(), halves.tags());
    }

    @Test
    void aTextThatWasReadBeforeCountsWhenTheTokensAreEnough() {
        Answer answer =
                answer(
                        "rule it on stream when stream.text contains \"x\" and stream.tokens > 4 deny");
        assertFalse(answer.says(0, CONTENT, "x"));
        assertFalse(answer.says(1, CONTENT, "0123456789"));
        assertTrue(answer.says(1, CONTENT, "0123456789"));
    }

    @Test
    void theEndIsKnownAtTheEndOnly() {
        String rule = "rule it on stream when stream.text matches \"key$\" deny";
        Answer answer = answer(rule);
        assertFalse(answer.says("key"));
        assertEquals(1, answer.watch().heldFrom());
        assertFalse(answer.says("s"));
        assertEquals(AnswerWatch.NONE, answer.watch().heldFrom());
        answer.watch().ended();
        assertFalse(answer.watch().decide());
        Answer ending = answer(rule);
        ending.says("key");
        ending.watch().ended();
        assertTrue(ending.watch().decide());
        Answer empty = answer("rule it on stream when stream.text matches \"^$\" deny");
        assertFalse(empty.watch().decide());
        empty.watch().ended();
        assertTrue(empty.watch().decide());
    }

    @Test
    void whatCannotBeReadMayBeAnything() {
        Answer answer = answer(KEYS + "rule long on stream when stream.tokens > 99 tag \"long\"");
        answer.says("fine");
        answer.watch().unreadable();
        assertTrue(answer.watch().decide());
        assertEquals(List.of(), answer.tags());
    }

    @Test
    void aTextBeyondTheLimitOfATestMayBeAnything() {
        Answer answer = answer(KEYS);
        assertFalse(answer.says("x".repeat(TextLimits.MATCHES_CHARS_MAX)));
        assertTrue(answer.says("x"));
        Answer words = answer("rule it on stream when stream.text contains \"AKIA\" deny");
        String large = "x".repeat(TextLimits.CONTAINS_CHARS_MAX / 4);
        for (int i = 0; i < 4; i++) {
            assertFalse(words.says(large));
        }
        assertTrue(words.says("x"));
    }

    @Test
    void moreTextsThanTheLimitMayBeAnything() {
        Answer answer = answer(KEYS);
        for (int i = 0; i < AnswerWatch.TEXTS_MAX; i++) {
            answer.watch().text(i, CONTENT, new char[] {'x'}, 0, 1);
        }
        assertFalse(answer.watch().decide());
        answer.watch().text(-1, CONTENT, new char[] {'x'}, 0, 1);
        assertTrue(answer.watch().decide());
    }

    @Test
    void whatHappensIsToldInTheOrderOfDeclaration() {
        Answer answer =
                answer(
                        """
                        rule a on stream when stream.text contains "x" { tag "a"  deny 451 "A." }
                        rule b on stream when stream.text contains "y" { tag "b"  deny 452 "B." }
                        rule c on stream tag "c"
                        """);
        answer.watch().decide();
        answer.says("y");
        answer.says("x");
        assertTrue(answer.watch().isDone());
        assertEquals(List.of("a", "b", "c"), answer.tags());
        assertEquals("a", answer.decision.reasonName());
    }

    /// Once an answer has begun, reading on allocates nothing.
    @Test
    void readingAllocatesNothing() {
        Answer answer =
                answer(
                        KEYS
                                + "rule b on stream when stream.text contains any [\"ab\", \"cd\"] deny\n"
                                + "rule c on stream when stream.tokens > 1M tag \"c\"");
        char[] piece = "some text of a usual answer, AKI".toCharArray();
        ThreadMXBean threads =
                Objects.requireNonNull(ManagementFactory.getPlatformMXBean(ThreadMXBean.class));
        long allocated = 1;
        for (int round = 0; round < 200 && allocated > 0; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 30; i++) {
                answer.watch().event();
                answer.watch().text(0, CONTENT, piece, 0, piece.length);
                assertFalse(answer.watch().decide());
                assertTrue(answer.watch().heldFrom() < AnswerWatch.NONE);
            }
            allocated = threads.getCurrentThreadAllocatedBytes() - before;
        }
        assertEquals(0, allocated);
    }
}
