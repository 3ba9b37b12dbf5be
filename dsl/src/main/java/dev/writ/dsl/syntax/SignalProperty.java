package dev.writ.dsl.syntax;

import dev.writ.dsl.source.Span;
import java.util.List;

/// What stands between the braces of a signal.
public sealed interface SignalProperty {
    Span span();

    /// `timeout 40ms`.
    record Timeout(Span span, Literal.Time time) implements SignalProperty {}

    /// `fails closed`, `fails open`, `fails unknown`.
    record Fails(Span span, Name mode) implements SignalProperty {}

    /// `labels ["de", "en"]`.
    record Labels(Span span, List<Literal.Text> labels) implements SignalProperty {
        public Labels {
            labels = List.copyOf(labels);
        }
    }

    /// A word that is no property of a signal.
    record Unknown(Span span, Name keyword) implements SignalProperty {}
}
