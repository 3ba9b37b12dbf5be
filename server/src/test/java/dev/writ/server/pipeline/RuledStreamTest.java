package dev.writ.server.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.dsl.check.CheckResult;
import dev.writ.dsl.check.Checker;
import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.SourceTree;
import dev.writ.engine.AnswerWatch;
import dev.writ.engine.Caller;
import dev.writ.engine.Decision;
import dev.writ.engine.Facts;
import dev.writ.engine.PolicySnapshot;
import dev.writ.providers.openai.AnswerTexts;
import dev.writ.server.serving.ProviderVocabulary;
import dev.writ.server.upstream.UpstreamFault;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Streams that rules read: what is passed on, when, and how they end.
final class RuledStreamTest {
    private static final String BASE =
            """
            policy "p" language 1
            provider here { kind simulated  timeout 9s }
            model near on here "near" { }
            route chat { only otherwise -> near }
            team dev {
              key k sha256 "0000000000000000000000000000000000000000000000000000000000000001"
              may use chat
            }
            """;
    private static final String KEYS =
            "rule keys on stream when stream.text matches \"AKIA[0-9]{4}\" deny 451 \"A key.\"";
    private static final String STOP =
            "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
    private static final String DONE = "data: [DONE]\n\n";
    private static final String CUT =
            """
            data: {"error":{"message":"A key.","type":"permission_error","param":null,\
            "code":"policy_denied"}}

            """;

    /// Rules, compiled, and what decides by them.
    private static final class Ruled {
        final PolicySnapshot snapshot;
        final Facts facts;
        final Decision decision = new Decision();
        private final Caller caller;

        Ruled(String rules) {
            Source source = new Source("p.writ", BASE + rules);
            snapshot =
                    switch (Checker.check(
                            new SourceTree("p.writ", List.of(source)),
                            ProviderVocabulary.VOCABULARY)) {
                        case CheckResult.Usable(Policy policy, var _) ->
                                PolicySnapshot.compile(policy);
                        case CheckResult.Unusable(var wrong) ->
                                throw new AssertionError(wrong.toString());
                    };
            facts = snapshot.newFacts();
            caller = snapshot.callers().getFirst();
        }

        @Nullable AnswerWatch watch() {
            facts.reset(caller);
            facts.putFlag(Attribute.REQUEST_STREAM, true);
            decision.reset();
            return snapshot.watchAnswer(
                    caller, facts, snapshot.policy().models().getFirst(), snapshot.newAnswerRoom());
        }

        Stream stream() {
            return new Stream(this);
        }
    }

    /// A stream on its way to a client.
    private static final class Stream {
        final StreamWatch watch;
        boolean cancelled;

        Stream(Ruled ruled) {
            AnswerWatch rules = ruled.watch();
            watch = new StreamWatch(1, rules);
            if (rules != null) {
                watch.passOn(
                        () -> {
                            cancelled = true;
                            rules.settle(ruled.decision);
                            return new Fault.PolicyDenied(ruled.decision.denial()).terms();
                        });
            }
        }

        String chunk(String chunk) {
            return chunk(chunk.getBytes(StandardCharsets.UTF_8));
        }

        String chunk(byte[] chunk) {
            return text(watch.onChunk(ByteBuffer.wrap(chunk)));
        }

        String end() {
            return text(watch.onEnd());
        }
    }

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.ISO_8859_1.decode(bytes).toString();
    }

    private static String says(String text) {
        return says(0, text);
    }

    private static String says(int choice, String text) {
        return "data: {\"choices\":[{\"index\":%d,\"delta\":{\"content\":\"%s\"}}]}\n\n"
                .formatted(choice, text);
    }

    @Test
    void anEventIsPassedOnWhenNothingOfItCanBeOfAMatch() {
        Stream stream = new Ruled(KEYS).stream();
        assertEquals(says("see "), stream.chunk(says("see ")));
        assertEquals("", stream.chunk(says("the A")));
        assertEquals("", stream.chunk(": ping\n\n"));
        assertEquals("", stream.chunk(says("KIA12")));
        String three = says("the A") + ": ping\n\n" + says("KIA12") + says("x");
        assertEquals(three, stream.chunk(says("x")));
        assertEquals(STOP + DONE, stream.chunk(STOP + DONE) + stream.end());
        assertTrue(stream.watch.whole());
        assertFalse(stream.watch.denied());
    }

    @Test
    void nothingOfAMatchIsSent() {
        Stream stream = new Ruled(KEYS).stream();
        assertEquals(says("see "), stream.chunk(says("see ")));
        assertEquals("", stream.chunk(says("AKIA1")));
        assertEquals(CUT, stream.chunk(says("234")));
        assertTrue(stream.cancelled);
        assertTrue(stream.watch.denied());
        assertEquals("", stream.chunk(says("more")) + stream.end());
        assertEquals("", text(stream.watch.onBroken(new UpstreamFault.ClosedEarly(1))));
    }

    @Test
    void whatStandsBeforeInOneChunkIsSent() {
        Stream stream = new Ruled(KEYS).stream();
        assertEquals(
                says("see ") + CUT, stream.chunk(says("see ") + says("AKIA1234") + says("more")));
    }

    @Test
    void whatWaitsIsSentAtTheEndOfItsChoice() {
        Stream stream = new Ruled(KEYS).stream();
        assertEquals("", stream.chunk(says("AKIA1")));
        assertEquals(says("AKIA1") + STOP, stream.chunk(STOP));
        Stream without = new Ruled(KEYS).stream();
        assertEquals("", without.chunk(says("AKIA1")));
        assertEquals(says("AKIA1") + DONE, without.chunk(DONE));
        // Not every provider tells the end but by an event of usage.
        String usage =
                "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1}}\n\n";
        Stream silent = new Ruled(KEYS).stream();
        assertEquals("", silent.chunk(says("AKIA1")));
        assertEquals("", silent.chunk(usage));
        assertEquals(says("AKIA1") + usage, silent.end());
    }

    @Test
    void aRuleMayDenyAtTheEnd() {
        Ruled ruled =
                new Ruled(
                        "rule it on stream when stream.text matches \"key$\" deny 451 \"A key.\"");
        Stream stream = ruled.stream();
        assertEquals(says("a "), stream.chunk(says("a ")));
        assertEquals("", stream.chunk(says("key")));
        assertEquals(CUT, stream.chunk(STOP));
        Stream silent = ruled.stream();
        assertEquals("", silent.chunk(says("key")));
        assertEquals(CUT, silent.end());
        assertTrue(silent.watch.denied());
    }

    @Test
    void aStreamThatBreaksLosesWhatWaits() {
        Stream stream = new Ruled(KEYS).stream();
        assertEquals("", stream.chunk(says("AKIA1")));
        String broken = text(stream.watch.onBroken(new UpstreamFault.ClosedEarly(1)));
        assertTrue(broken.startsWith("data: {\"error\""), broken);
        assertTrue(broken.contains("stream_broken"), broken);
        Stream silent = new Ruled(KEYS).stream();
        assertEquals("", silent.chunk(says("AKIA1")));
        assertTrue(silent.end().contains("stream_broken"));
        assertFalse(silent.watch.whole());
    }

    @Test
    void whatAProviderTellsOfItsFailureIsPassedOn() {
        String failed = "data: {\"error\":{\"message\":\"Sorry\"}}\n\n";
        Stream stream = new Ruled(KEYS).stream();
        assertEquals(says("a") + failed, stream.chunk(says("a") + failed) + stream.end());
        Stream held = new Ruled(KEYS).stream();
        assertEquals("", held.chunk(says("AKIA") + failed));
        assertTrue(held.end().contains("stream_broken"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data: not json\n\n",
                "data: {\"choices\":[{\"delta\":{\"content\":\"x\n\n",
                "data: [1]\n\n",
                "data: [DONE] no\n\n",
            })
    void whatCannotBeReadIsDenied(String event) {
        Stream stream = new Ruled(KEYS).stream();
        assertEquals(says("a") + CUT, stream.chunk(says("a") + event));
    }

    @ParameterizedTest
    @ValueSource(ints = {RuledEvents.EVENT_BYTES_MAX - 100, RuledEvents.EVENT_BYTES_MAX + 1})
    void anEventIsReadUpToALimit(int bytes) {
        Stream stream =
                new Ruled(
                                "rule it on stream when stream.text contains \"AKIA\" deny 451 \"A key.\"")
                        .stream();
        String event = says("x".repeat(bytes));
        StringBuilder passed = new StringBuilder();
        for (int at = 0; at < event.length(); at += 16_000) {
            passed.append(stream.chunk(event.substring(at, Math.min(at + 16_000, event.length()))));
        }
        assertEquals(bytes > RuledEvents.EVENT_BYTES_MAX ? CUT : event, passed.toString());
    }

    @Test
    void aLineThatDoesNotEndIsDenied() {
        Stream stream = new Ruled(KEYS).stream();
        String passed = "";
        for (int i = 0; i < 70 && passed.isEmpty(); i++) {
            passed = stream.chunk(": " + "x".repeat(16_000));
        }
        assertEquals(CUT, passed);
    }

    @Test
    void noMoreWaitsThanALimit() {
        Stream stream = new Ruled(KEYS).stream();
        assertEquals("", stream.chunk(says("AKIA")));
        String passed = "";
        int sent = 0;
        for (; passed.isEmpty() && sent < 2_000; sent++) {
            passed = stream.chunk(": " + "x".repeat(996) + "\n\n");
        }
        assertEquals(CUT, passed);
        assertEquals(RuledEvents.HELD_BYTES_MAX / 1_000 + 1, sent);
    }

    @Test
    void whenAllIsDoneTheRestIsPassedOnAsItComes() {
        Ruled ruled = new Ruled("rule long on stream when stream.tokens > 2 tag \"long\"");
        Stream stream = ruled.stream();
        String half = says("and more");
        assertEquals(says("0123456789"), stream.chunk(says("0123456789") + half.substring(0, 40)));
        assertEquals(half, stream.chunk(half.substring(40)));
        String large = says("x".repeat(100_000));
        assertEquals(
                large,
                stream.chunk(large.substring(0, 90_000)) + stream.chunk(large.substring(90_000)));
        assertEquals(STOP + DONE, stream.chunk(STOP + DONE) + stream.end());
        Objects.requireNonNull(stream.watch.rules()).settle(ruled.decision);
        assertEquals(List.of("long"), ruled.decision.verdict().tags());
    }

    @Test
    void aLargeEventThatBeganMeanwhileIsPassedOnAsItComes() {
        Stream stream =
                new Ruled("rule it on stream when stream.text contains \"AKIA\" tag \"key\"")
                        .stream();
        String large = says("x".repeat(100_000));
        assertEquals(
                says("AKIA") + large.substring(0, 90_000),
                stream.chunk(says("AKIA") + large.substring(0, 90_000)));
        assertEquals(large.substring(90_000), stream.chunk(large.substring(90_000)));
    }

    @Test
    void withoutRulesThatMayActAStreamPassesUnread() {
        assertEquals(null, new Ruled("").watch());
        Stream stream = new Ruled("rule it on stream when not request.stream deny").stream();
        assertEquals(null, stream.watch.rules());
        assertEquals(says("AKIA1234"), stream.chunk(says("AKIA1234")));
    }

    @Test
    void aLastLineWithoutItsEndIsPassedOnIfItSaysThatAllIsDone() {
        Stream stream = new Ruled(KEYS).stream();
        assertEquals(
                says("a") + STOP + "data: [DONE]\n",
                stream.chunk(says("a") + STOP + "data: [DONE]\n") + stream.end());
        Stream other = new Ruled(KEYS).stream();
        String unread = "data: {\"choices\":[{\"delta\":{\"content\":\"AKIA1234\"}}]}";
        assertEquals(says("a") + DONE, other.chunk(says("a") + DONE + unread) + other.end());
    }

    // ── Every way to cut a stream ────────────────────────────────────────────────────────────

    private static final String STREAM =
            (": hi\n\n"
                    + says("The key ")
                    + says("is A")
                    + says("KIA\\u0031")
                    + says("23")
                    + says("4.")
                    + STOP
                    + DONE);

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void itDoesNotMatterWhereBytesAreCut(String lineEnd) {
        Ruled ruled = new Ruled(KEYS);
        byte[] stream = STREAM.replace("\n", lineEnd).getBytes(StandardCharsets.UTF_8);
        String expected = (": hi\n\n" + says("The key ")).replace("\n", lineEnd) + CUT;
        for (int first = 0; first <= stream.length; first++) {
            for (int second = first; second <= stream.length; second += 11) {
                Stream cut = ruled.stream();
                String passed =
                        cut.chunk(Arrays.copyOfRange(stream, 0, first))
                                + cut.chunk(Arrays.copyOfRange(stream, first, second))
                                + cut.chunk(Arrays.copyOfRange(stream, second, stream.length));
                // The second half of a line's end belongs to the event behind it.
                assertEquals(
                        expected.replace("\r\n\r" + "\n", "\r\n\r\n"),
                        passed.endsWith(CUT) ? fill(passed, lineEnd) : passed,
                        first + ", " + second);
            }
        }
    }

    private static String fill(String passed, String lineEnd) {
        String before = passed.substring(0, passed.length() - CUT.length());
        return lineEnd.equals("\r\n") && before.endsWith("\r") ? before + "\n" + CUT : passed;
    }

    private static final List<String> PATTERNS =
            List.of("AKIA[0-9]{4}", "\\bk[ey]{1,3}\\b", "(?i)secret|A1A", "1{2,}", "x?y😀");
    private static final List<String> WORDS =
            List.of(
                    "AKIA", "1234", "A", "K", "key", "k", "1", "11", " ", "Secret", "sec", "ret",
                    "y😀", "x", "é", "\n");

    /// A text comes to the same whether whole or streamed, and however it is cut; and nothing that
    /// a pattern matches is sent.
    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7})
    void aStreamIsDecidedAsAWholeAnswerAndNothingOfAMatchIsSent(long batch) {
        RandomGenerator random = new SplittableRandom(batch);
        Map<String, Ruled> byPattern = new TreeMap<>();
        int denied = 0;
        int served = 0;
        for (int round = 0; round < 400; round++) {
            String pattern = PATTERNS.get(random.nextInt(PATTERNS.size()));
            Ruled ruled =
                    byPattern.computeIfAbsent(
                            pattern.replace("\\", "\\\\"),
                            written ->
                                    new Ruled(
                                            "rule it on stream when stream.text matches \"%s\" deny 451 \"A key.\""
                                                    .formatted(written)));
            int choices = 1 + random.nextInt(3);
            List<String> texts = new ArrayList<>();
            for (int choice = 0; choice < choices; choice++) {
                texts.add(randomText(random));
            }
            byte[] stream = randomStream(texts, random).getBytes(StandardCharsets.UTF_8);
            String where = "batch %d, round %d, /%s/ in %s".formatted(batch, round, pattern, texts);
            Stream streamed = ruled.stream();
            var passed = new ByteArrayOutputStream();
            int at = 0;
            int pieceMax = 1 + random.nextInt(random.nextBoolean() ? 20 : 2_000);
            while (at < stream.length && !streamed.watch.denied()) {
                int to = Math.min(stream.length, at + 1 + random.nextInt(pieceMax));
                write(streamed.watch.onChunk(ByteBuffer.wrap(stream, at, to - at)), passed);
                at = to;
            }
            if (!streamed.watch.denied()) {
                write(streamed.watch.onEnd(), passed);
            }
            String got = passed.toString(StandardCharsets.UTF_8);
            assertEquals(denies(ruled, texts), streamed.watch.denied(), where);
            if (streamed.watch.denied()) {
                denied++;
                assertTrue(got.endsWith(CUT), where);
                got = got.substring(0, got.length() - CUT.length());
                assertTrue(new String(stream, StandardCharsets.UTF_8).startsWith(got), where);
                Map<Integer, String> sent = texts(got);
                for (int choice = 0; choice < choices; choice++) {
                    Matcher matcher = Pattern.compile(pattern).matcher(texts.get(choice));
                    String of = sent.getOrDefault(choice, "");
                    assertTrue(
                            !matcher.find() || of.length() <= matcher.start(),
                            () -> where + ": sent " + of);
                }
            } else {
                served++;
                assertEquals(new String(stream, StandardCharsets.UTF_8), got, where);
            }
        }
        assertTrue(denied > 50 && served > 50, denied + " denied, " + served + " served");
    }

    private static void write(ByteBuffer bytes, ByteArrayOutputStream to) {
        while (bytes.hasRemaining()) {
            to.write(bytes.get());
        }
    }

    private static String randomText(RandomGenerator random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
            text.append(WORDS.get(random.nextInt(WORDS.size())));
        }
        return text.toString();
    }

    private static String randomStream(List<String> texts, RandomGenerator random) {
        StringBuilder stream = new StringBuilder();
        int[] at = new int[texts.size()];
        List<Integer> open = new ArrayList<>();
        for (int choice = 0; choice < at.length; choice++) {
            open.add(choice);
        }
        while (!open.isEmpty()) {
            int choice = open.get(random.nextInt(open.size()));
            String text = texts.get(choice);
            int to = Math.min(text.length(), at[choice] + 1 + random.nextInt(4));
            stream.append(says(choice, escaped(text.substring(at[choice], to), random)));
            at[choice] = to;
            if (to == text.length()) {
                open.removeIf(each -> each == choice);
                if (random.nextBoolean()) {
                    stream.append(STOP.replace("\"index\":0", "\"index\":" + choice));
                }
            }
            if (random.nextInt(9) == 0) {
                stream.append(": ping\n\n");
            }
        }
        return stream.append(STOP).append(DONE).toString();
    }

    private static String escaped(String text, RandomGenerator random) {
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean must = c < ' ' || Character.isSurrogate(c);
            escaped.append(must || random.nextInt(5) == 0 ? "\\u%04x".formatted((int) c) : "" + c);
        }
        return escaped.toString();
    }

    /// Tells whether the same texts are denied in a whole answer.
    private static boolean denies(Ruled ruled, List<String> texts) {
        AnswerWatch whole = Objects.requireNonNull(ruled.watch());
        whole.event();
        for (int choice = 0; choice < texts.size(); choice++) {
            char[] chars = texts.get(choice).toCharArray();
            whole.text(choice, 0, chars, 0, chars.length);
        }
        whole.ended();
        return whole.decide();
    }

    private static Map<Integer, String> texts(String stream) {
        Map<Integer, String> texts = new TreeMap<>();
        AnswerTexts reader = new AnswerTexts();
        for (String line : stream.lines().toList()) {
            if (line.startsWith("data: {")) {
                byte[] json = line.substring(6).getBytes(StandardCharsets.UTF_8);
                reader.read(
                        json,
                        0,
                        json.length,
                        new AnswerTexts.Sink() {
                            @Override
                            public void text(
                                    int choice, int field, char[] chars, int from, int to) {
                                texts.merge(
                                        choice, new String(chars, from, to - from), String::concat);
                            }

                            @Override
                            public void finished(int choice) {}
                        });
            }
        }
        return texts;
    }
}
