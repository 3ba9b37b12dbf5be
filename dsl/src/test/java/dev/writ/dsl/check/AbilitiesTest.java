package dev.writ.dsl.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// An arm is not for requests that none of its models can serve.
final class AbilitiesTest {
    private static final String MODELS =
            """
            model text on here "t" { context 100k tokens  can tools, streaming }
            model eyes on there "e" { context 200k tokens  can vision, json }
            model any on there "a" {}
            pool two { first text  then eyes }
            pool three { first text  then any }
            pool trial { first text  canary 50% to any }
            """;

    private static List<String> told(String condition, String target) {
        List<String> all =
                Checked.toldOf(
                        MODELS
                                + "route r { a when %s -> %s  b when request.stream -> pool two "
                                        .formatted(condition, target)
                                + " d when request.stream -> pool trial"
                                + " c when request.stream -> pool three  rest otherwise -> any }\n"
                                + "team ops { key k sha256 \"%s\"  may use r }\n"
                                        .formatted("b".repeat(64)));
        return all.stream()
                .filter(each -> each.startsWith("E05"))
                .map(e -> e.substring(0, 5))
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    request.images present | text | E0503
                    request.images.count > 1 | text | E0503
                    request.images present and prompt.tokens > 5 | text | E0503
                    request.tools present | eyes | E0503
                    request.stream | eyes | E0503
                    request.response_format present and request.response_format is "json_schema" | text | E0503
                    request.endpoint is embeddings | pool two | E0503
                    request.images present | pool two |
                    request.images present or prompt.tokens > 5 | text |
                    request.images absent | text |
                    request.images present | any |
                    request.images present | pool three |
                    request.images present | pool trial | E0503
                    prompt.tokens > 100k | pool trial | E0504
                    request.endpoint in [chat, embeddings] | text |
                    prompt.tokens > 100k | text | E0504
                    prompt.tokens >= 100k | text |
                    prompt.tokens > 100k | pool two |
                    prompt.tokens > 200k | pool two | E0504
                    prompt.tokens > 200k | pool three |
                    """)
    void anArmForWhatItsModelsCannotDoIsToldOf(String condition, String target, String told) {
        assertEquals(told == null ? List.of() : List.of(told), told(condition, target));
    }
}
