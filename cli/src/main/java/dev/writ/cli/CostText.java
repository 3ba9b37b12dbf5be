package dev.writ.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.writ.dsl.policy.Policy;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What requests can cost at most, as people and programs read it.
final class CostText {
    private static final String NO_BOUND = "no bound";

    private CostText() {}

    /// Returns a table; the empty text without lines.
    static String table(List<WorstCase.Line> lines) {
        if (lines.isEmpty()) {
            return "";
        }
        // A column that says nothing of any route is left out.
        boolean mirrored = lines.stream().anyMatch(line -> !isNothing(line.mirror()));
        List<List<String>> rows = new ArrayList<>();
        rows.add(
                row(
                        "route",
                        "one answer",
                        "all attempts",
                        mirrored ? "mirror" : null,
                        "model",
                        ""));
        for (WorstCase.Line line : lines) {
            Policy.Model model = line.model();
            rows.add(
                    row(
                            line.route(),
                            dollars(line.answer()),
                            dollars(line.attempts()),
                            mirrored
                                    ? isNothing(line.mirror()) ? "-" : dollars(line.mirror())
                                    : null,
                            model == null ? "-" : model.name(),
                            line.why()));
        }
        int amounts = mirrored ? 3 : 2;
        return "\nat most, for one request\n"
                + TextTable.of(rows, column -> column > 0 && column <= amounts).indent(2);
    }

    private static List<String> row(@Nullable String... cells) {
        List<String> row = new ArrayList<>();
        for (String cell : cells) {
            if (cell != null) {
                row.add(cell);
            }
        }
        return row;
    }

    private static boolean isNothing(@Nullable BigDecimal nanos) {
        return nanos != null && nanos.signum() == 0;
    }

    /// Writes an array of objects, money in dollars.
    static void write(JsonGenerator json, List<WorstCase.Line> lines) throws IOException {
        json.writeStartArray();
        for (WorstCase.Line line : lines) {
            Policy.Model model = line.model();
            json.writeStartObject();
            json.writeStringField("route", line.route());
            number(json, "answer_usd", line.answer());
            number(json, "attempts_usd", line.attempts());
            number(json, "mirror_usd", line.mirror());
            json.writeStringField("model", model == null ? null : model.name());
            json.writeStringField("why", line.why());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void number(JsonGenerator json, String name, @Nullable BigDecimal nanos)
            throws IOException {
        if (nanos == null) {
            json.writeNullField(name);
        } else {
            json.writeNumberField(name, nanos.movePointLeft(9).stripTrailingZeros());
        }
    }

    private static String dollars(@Nullable BigDecimal nanos) {
        return nanos == null
                ? NO_BOUND
                : "$" + nanos.movePointLeft(9).setScale(4, RoundingMode.CEILING).toPlainString();
    }
}
