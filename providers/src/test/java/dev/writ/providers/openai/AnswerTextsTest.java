package dev.writ.providers.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What of an answer is text, and to which text it belongs.
final class AnswerTextsTest {
    private final AnswerTexts texts = new AnswerTexts();

    /// The texts of answers by choice and field, pieces joined, and which choices are complete.
    private static final class Read implements AnswerTexts.Sink {
        final Map<String, String> byField = new TreeMap<>();
        final List<Integer> finished = new ArrayList<>();

        @Override
        public void text(int choice, int field, char[] chars, int from, int to) {
            byField.merge(choice + "/" + field, new String(chars, from, to - from), String::concat);
        }

        @Override
        public void finished(int choice) {
            finished.add(choice);
        }

        List<String> all() {
            return List.copyOf(byField.values());
        }
    }

    private Read read(String... jsons) {
        Read read = new Read();
        for (String json : jsons) {
            byte[] bytes = ("x" + json + "y").getBytes(StandardCharsets.UTF_8);
            assertTrue(texts.read(bytes, 1, bytes.length - 1, read), json);
        }
        return read;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '&',
            quoteCharacter = '§',
            textBlock =
                    """
                    {"content":"Hi"}                                       & Hi
                    {"content":""}                                         &
                    {"content":null}                                       & -
                    {"role":"assistant","content":"a\\u00e9\\ud83d\\ude00\\n"} & aé😀⏎
                    {"refusal":"No."}                                      & No.
                    {"reasoning_content":"Hm"}                             & Hm
                    {"reasoning":"Hm"}                                     & Hm
                    {"reasoning_details":[{"type":"t","text":"Hm"}]}       & Hm
                    {"reasoning_details":[{"summary":"Hm","id":"x"}]}      & Hm
                    {"audio":{"id":"x","data":"UklG","transcript":"Hi"}}   & Hi
                    {"content":[{"type":"text","text":"a"},"b"]}           & ab
                    {"content":[{"type":"thinking","thinking":[{"type":"text","text":"Hm"}]}]} & Hm
                    {"content":[{"type":"thinking","thinking":"Hm"}]}      & Hm
                    {"content":[{"type":"refusal","refusal":"No"}]}        & No
                    {"function_call":{"arguments":"{}"}}                   & {}
                    {"tool_calls":[{"index":0,"id":"x","type":"function","function":{"arguments":"{}"}}]} & {}
                    {"tool_calls":[{"index":0,"custom":{"input":"ls"}}]}   & ls
                    {"tool_calls":[{"function":{"arguments":{"a":["k",5],"b":{"c":true}}}}]} & k⏎5⏎true⏎
                    {"annotations":[{"text":"x"}],"images":[{"url":"x"}]}  & -
                    {"logprobs":{"content":[{"token":"x"}]}}               & -
                    """)
    void readsWhatAModelHasWritten(String members, String text) {
        List<String> expected =
                "-".equals(text) ? List.of() : List.of(text == null ? "" : text.replace('⏎', '\n'));
        assertEquals(
                expected,
                read("{\"choices\":[{\"index\":0,\"delta\":%s}]}".formatted(members)).all());
        assertEquals(
                expected,
                read("{\"id\":\"x\",\"choices\":[{\"message\":%s,\"index\":0}],\"usage\":{}}"
                                .formatted(members))
                        .all());
    }

    @Test
    void readsOlderCompletions() {
        Read read =
                read(
                        "{\"choices\":[{\"text\":\"a\",\"index\":1,\"logprobs\":null},"
                                + "{\"text\":\"b\",\"index\":0,\"finish_reason\":\"length\"}]}");
        assertEquals(List.of("b", "a"), read.all());
        assertEquals(List.of(0), read.finished);
    }

    @Test
    void piecesOfATextHaveOneNumber() {
        Read read =
                read(
                        "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"}},{\"index\":1,\"delta\":{\"content\":\"b\"}}]}",
                        "{\"choices\":[{\"delta\":{\"content\":\"d\"},\"index\":1},{\"delta\":{\"content\":\"c\"},\"index\":0}]}",
                        "{\"choices\":[{\"index\":1,\"delta\":{},\"finish_reason\":\"stop\"}]}",
                        "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":null}],\"usage\":{}}",
                        "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"\"}]}");
        assertEquals(List.of("ac", "bd"), read.all());
        assertEquals(List.of(1), read.finished);
    }

    @Test
    void callsAreToldApart() {
        Read read =
                read(
                        """
                        {"choices":[{"index":0,"delta":{"content":"x","tool_calls":[
                          {"index":0,"function":{"name":"f","arguments":"a"}},
                          {"function":{"name":"g","arguments":"b"},"index":1}]}}]}""",
                        """
                        {"choices":[{"index":0,"delta":{"tool_calls":[
                          {"index":1,"function":{"arguments":"d"}}]}}]}""",
                        """
                        {"choices":[{"index":0,"delta":{"tool_calls":[
                          {"index":0,"function":{"arguments":"c"}}],
                          "function_call":{"name":"h","arguments":"e"}}}]}""");
        assertEquals(
                List.of("ac", "bd", "e", "f", "g", "h", "x"),
                read.byField.values().stream().sorted().toList());
    }

    @Test
    void aWholeMessageBehindItsPiecesIsAnotherText() {
        Read read =
                read(
                        "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"ab\"}}]}",
                        "{\"choices\":[{\"index\":0,\"delta\":{},\"message\":{\"content\":\"ab\"}}]}");
        assertEquals(List.of("ab", "ab"), read.all());
        assertNotEquals(1, read.byField.size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "5",
                "[]",
                "\"x\"",
                "{",
                "{\"choices\":[{\"delta\":{\"content\":\"x",
                "{\"choices\":[{\"delta\":{\"content\":\"x\"}}]",
                "{} {}",
                "{}x",
                "{\"choices\":[{\"delta\":{\"content\":\"\\x\"}}]}",
                "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"function\":{\"arguments\":{\"a\":",
            })
    void tellsWhatItCannotRead(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        assertFalse(texts.read(bytes, 0, bytes.length, new Read()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"choices\":null}",
                "{\"choices\":[]}",
                "{\"choices\":[5,null,[]]}",
                "{\"choices\":[{\"index\":\"x\",\"delta\":5,\"message\":[],\"text\":null}]}",
                "{\"choices\":[{\"delta\":{\"tool_calls\":{\"a\":1},\"function_call\":\"x\",\"audio\":5}}]}",
                "{\"choices\":[{\"delta\":{\"tool_calls\":[5,{\"index\":0,\"function\":[\"x\"]}]}}]}",
                "{\"error\":{\"message\":\"x\"}}",
            })
    void whatIsOtherwiseHasNoText(String json) {
        assertEquals(List.of(), read(json).all());
    }

    @Test
    void readsLongTexts() {
        String text = "0123456789".repeat(10_000);
        assertEquals(
                List.of(text),
                read("{\"choices\":[{\"message\":{\"content\":\"%s\"}}]}".formatted(text)).all());
        StringBuilder parts = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            parts.append(i == 0 ? "" : ",").append("{\"text\":\"ab\"}");
        }
        assertEquals(
                List.of("ab".repeat(100)),
                read("{\"choices\":[{\"message\":{\"content\":[%s]}}]}".formatted(parts)).all());
    }
}
