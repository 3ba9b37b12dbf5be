package dev.writ.dsl.diagnostic;

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
public record Diagnostic(
        DiagnosticCode code,
        String headline,
        Label primary,
        List<Label> because,
        List<String> notes,
        List<String> hints) {
    public Diagnostic {
        because = List.copyOf(because);
        notes = List.copyOf(notes);
        hints = List.copyOf(hints);
    }

    /// A place and what to say there; the text may be empty.
    public record Label(Span span, String text) {}

    public static Diagnostic of(DiagnosticCode code, Span span, String headline) {
        return new Diagnostic(code, headline, new Label(span, ""), List.of(), List.of(), List.of());
    }

    /// Returns this with a text at the caret.
    public Diagnostic at(String caretText) {
        return new Diagnostic(
                code, headline, new Label(primary.span(), caretText), because, notes, hints);
    }

    /// Returns this with a further place.
    public Diagnostic because(Span span, String text) {
        return new Diagnostic(
                code, headline, primary, plus(because, new Label(span, text)), notes, hints);
    }

    /// Returns this with a further fact.
    public Diagnostic note(String note) {
        return new Diagnostic(code, headline, primary, because, plus(notes, note), hints);
    }

    /// Returns this with a further piece of advice.
    public Diagnostic hint(String hint) {
        return new Diagnostic(code, headline, primary, because, notes, plus(hints, hint));
    }

    private static <T> List<T> plus(List<T> list, T last) {
        List<T> longer = new ArrayList<>(list);
        longer.add(last);
        return longer;
    }
}
