package dev.writ.dsl.diagnostic;

import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.Span;
import java.util.ArrayList;
import java.util.List;

/// One thing that is wrong, or worth knowing, about a policy.
///
/// @param code what kind of thing; it names the page that explains it
/// @param headline one clause, lower case, no full stop, the author's words in back quotes
/// @param primary where the caret goes
/// @param because further places that explain it, in the order to read them
/// @param notes further facts, such as a path through the policy
/// @param hints whole sentences that say what to do
/// @param masked what nobody may see, such as the value of a secret: [#lineText] hides it
/// @param fixes changes that an editor can make, the likeliest first
public record Diagnostic(
        DiagnosticCode code,
        String headline,
        Label primary,
        List<Label> because,
        List<String> notes,
        List<String> hints,
        List<Span> masked,
        List<Fix> fixes) {
    private static final char MASK = '•';

    /// Shorter values are hidden in excerpts only: in prose they would hide common words.
    private static final int HIDDEN_LENGTH_MIN = 4;

    public Diagnostic {
        because = List.copyOf(because);
        notes = List.copyOf(notes);
        hints = List.copyOf(hints);
        masked = List.copyOf(masked);
        fixes = List.copyOf(fixes);
    }

    /// A place and what to say there; the text may be empty.
    public record Label(Span span, String text) {}

    public static Diagnostic of(DiagnosticCode code, Span span, String headline) {
        return new Diagnostic(
                code,
                headline,
                new Label(span, ""),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }

    /// Returns this with a text at the caret.
    public Diagnostic at(String caretText) {
        return new Diagnostic(
                code,
                headline,
                new Label(primary.span(), caretText),
                because,
                notes,
                hints,
                masked,
                fixes);
    }

    /// Returns this with a further place.
    public Diagnostic because(Span span, String text) {
        return new Diagnostic(
                code,
                headline,
                primary,
                plus(because, new Label(span, text)),
                notes,
                hints,
                masked,
                fixes);
    }

    /// Returns this with a further fact.
    public Diagnostic note(String note) {
        return new Diagnostic(
                code, headline, primary, because, plus(notes, note), hints, masked, fixes);
    }

    /// Returns this with a further piece of advice.
    public Diagnostic hint(String hint) {
        return new Diagnostic(
                code, headline, primary, because, notes, plus(hints, hint), masked, fixes);
    }

    /// Returns this with a further fix.
    public Diagnostic fix(Fix fix) {
        return new Diagnostic(
                code, headline, primary, because, notes, hints, masked, plus(fixes, fix));
    }

    /// Returns this with a further fix of one edit.
    ///
    /// @param title what it does, as a command of a few words
    public Diagnostic fix(String title, Span span, String text) {
        return fix(new Fix(title, List.of(new Edit(span, text))));
    }

    /// Returns this with a fix that takes a span away.
    public Diagnostic fixByRemoving(Span span) {
        String shown =
                span.text().length() > 20 || span.text().indexOf('\n') >= 0
                        ? "it"
                        : "`" + span.text() + "`";
        return fix(new Fix("Remove " + shown, List.of(Edit.remove(span))));
    }

    /// Returns this with a fix of some edits.
    ///
    /// @param title what it does, as a command of a few words
    public Diagnostic fix(String title, Edit... edits) {
        return fix(new Fix(title, List.of(edits)));
    }

    /// Returns this with a fix that writes something else in the place of a span.
    public Diagnostic fixByWriting(Span span, String text) {
        return fix("Write `%s`".formatted(text.strip()), span, text);
    }

    /// Returns this with other fixes.
    public Diagnostic withFixes(List<Fix> others) {
        return new Diagnostic(code, headline, primary, because, notes, hints, masked, others);
    }

    /// Returns this with `secrets` hidden: in the lines of its excerpts, and in its texts, where an
    /// author's words may repeat them.
    public Diagnostic masking(List<Span> secrets) {
        if (secrets.isEmpty()) {
            return this;
        }
        List<Span> all = new ArrayList<>(masked);
        all.addAll(secrets);
        return new Diagnostic(
                code,
                hidden(headline, secrets),
                new Label(primary.span(), hidden(primary.text(), secrets)),
                because.stream()
                        .map(label -> new Label(label.span(), hidden(label.text(), secrets)))
                        .toList(),
                notes.stream().map(note -> hidden(note, secrets)).toList(),
                hints.stream().map(hint -> hidden(hint, secrets)).toList(),
                all,
                fixes.stream().filter(fix -> !tells(fix, secrets)).toList());
    }

    /// Returns a line as an excerpt may show it: what is masked is a row of `•`, so that columns
    /// stay where they are.
    ///
    /// @param line counted from 1
    public String lineText(Source source, int line) {
        String text = source.lineText(line);
        if (masked.isEmpty()) {
            return text;
        }
        int start = source.lineStart(line);
        char[] shown = text.toCharArray();
        for (Span span : masked) {
            if (span.source() == source) {
                int from = Math.max(0, span.start() - start);
                int to = Math.min(shown.length, span.end() - start);
                for (int i = from; i < to; i++) {
                    shown[i] = MASK;
                }
            }
        }
        return new String(shown);
    }

    /// Tells whether a fix would show a secret.
    private static boolean tells(Fix fix, List<Span> secrets) {
        return secrets.stream()
                .map(Span::text)
                .filter(value -> !value.isEmpty())
                .anyMatch(
                        value ->
                                fix.title().contains(value)
                                        || fix.edits().stream()
                                                .anyMatch(edit -> edit.text().contains(value)));
    }

    private static String hidden(String text, List<Span> secrets) {
        String shown = text;
        for (Span secret : secrets) {
            String value = secret.text();
            if (value.length() >= HIDDEN_LENGTH_MIN && shown.contains(value)) {
                shown = shown.replace(value, String.valueOf(MASK).repeat(8));
            }
        }
        return shown;
    }

    private static <T> List<T> plus(List<T> list, T last) {
        List<T> longer = new ArrayList<>(list);
        longer.add(last);
        return longer;
    }
}
