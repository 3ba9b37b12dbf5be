package dev.writ.engine.testing;

import dev.writ.dsl.policy.Condition;
import dev.writ.dsl.source.Span;
import dev.writ.engine.KeptFacts;
import dev.writ.engine.Truth;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// A condition in its author's words, with the value of each part drawn under it.
///
/// ```
/// prompt.tokens > 50k tokens and team is support
/// │                              └ research: false
/// └ 48,112: false
/// ```
final class ConditionDrawing {
    /// How wide a line of the condition is at most; longer ones are broken between parts.
    static final int WIDTH = 72;

    private final Span whole;
    private final String text;
    private final List<Part> parts = new ArrayList<>();
    private final List<String> lines = new ArrayList<>();

    /// A part of the condition as its author sees it: a comparison, or a test of a value.
    ///
    /// @param from its offset in the condition's text
    private record Part(int from, int to, String had, Truth value) {}

    private ConditionDrawing(Condition condition, KeptFacts facts) {
        this.whole = condition.span();
        this.text = whole.text();
        collect(condition, facts);
    }

    /// Returns the lines of the drawing; none for a condition that nobody wrote.
    static List<String> of(Condition condition, KeptFacts facts) {
        if (condition instanceof Condition.Constant) {
            return List.of();
        }
        ConditionDrawing drawing = new ConditionDrawing(condition, facts);
        drawing.draw();
        return drawing.lines;
    }

    private void collect(Condition condition, KeptFacts facts) {
        List<Condition> operands = ConditionParts.operands(condition);
        if (operands.isEmpty()) {
            Span span = condition.span();
            Set<String> had = new LinkedHashSet<>();
            ConditionParts.atoms(condition).forEach(atom -> had.add(facts.had(atom)));
            parts.add(
                    new Part(
                            span.start() - whole.start(),
                            span.end() - whole.start(),
                            String.join(", ", had),
                            facts.value(condition)));
        }
        operands.forEach(operand -> collect(operand, facts));
    }

    private void draw() {
        int next = 0;
        int at = 0;
        while (at < text.length()) {
            int newline = text.indexOf('\n', at);
            int end = newline < 0 ? text.length() : newline;
            while (at < end && Character.isWhitespace(text.charAt(at))) {
                at++;
            }
            int to = end;
            List<Part> here = new ArrayList<>();
            while (next < parts.size() && parts.get(next).from() < end) {
                Part part = parts.get(next);
                if (!here.isEmpty() && part.to() - at > WIDTH) {
                    to = behindBrackets(here.getLast().to());
                    break;
                }
                here.add(part);
                next++;
            }
            line(at, to, here);
            at = to == end ? end + 1 : to;
        }
    }

    private int behindBrackets(int at) {
        int behind = at;
        while (behind < text.length() && text.charAt(behind) == ')') {
            behind++;
        }
        return behind;
    }

    private void line(int from, int to, List<Part> here) {
        String line = text.substring(from, to).stripTrailing();
        if (line.isEmpty()) {
            return;
        }
        lines.add(line.length() <= WIDTH ? line : line.substring(0, WIDTH - 1) + "…");
        for (int i = here.size() - 1; i >= 0; i--) {
            StringBuilder row = new StringBuilder();
            for (int j = 0; j <= i; j++) {
                int column = Math.min(here.get(j).from() - from, WIDTH - 1);
                row.repeat(' ', Math.max(0, column - row.length()));
                row.append(j < i ? '│' : '└');
            }
            Part part = here.get(i);
            row.append(' ').append(part.had()).append(part.had().isEmpty() ? "" : ": ");
            row.append(part.value().name().toLowerCase(Locale.ROOT));
            lines.add(row.toString());
        }
    }
}
