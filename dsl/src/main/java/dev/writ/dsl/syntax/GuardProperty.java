package dev.writ.dsl.syntax;

import dev.writ.dsl.source.Span;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What stands between the braces of a guard.
public sealed interface GuardProperty {
    Span span();

    /// `detect email, phone, us-itin`.
    record Detect(Span span, List<Name> entities) implements GuardProperty {
        public Detect {
            entities = List.copyOf(entities);
        }
    }

    /// `countries us, de`: whose numbers are looked for.
    record Countries(Span span, List<Name> countries) implements GuardProperty {
        public Countries {
            countries = List.copyOf(countries);
        }
    }

    /// `input mask then restore`.
    record Input(Span span, GuardAct act) implements GuardProperty {}

    /// `output window 200 tokens mask`.
    ///
    /// @param mode null where none is written
    record Output(Span span, @Nullable StreamMode mode, GuardAct act) implements GuardProperty {}

    /// `fails closed`, `fails open`, `fails unknown`.
    record Fails(Span span, Name mode) implements GuardProperty {}

    /// A word that is no property of a guard.
    record Unknown(Span span, Name keyword) implements GuardProperty {}

    /// How a guard sees an answer that streams.
    ///
    /// @param mode `window`, `inline`, `buffer`, `audit`, `final`
    /// @param window null but for `window`
    record StreamMode(Span span, Name mode, Literal.@Nullable Quantity window) {}

    /// What a guard does.
    sealed interface GuardAct {
        Span span();

        @Nullable Expr when();

        /// `mask then restore when …`.
        record Mask(Span span, boolean restore, @Nullable Expr when) implements GuardAct {}

        /// `deny 403 when … say "…"`.
        record Deny(Span span, Item.Denial denial, @Nullable Expr when) implements GuardAct {}

        /// `tag "pii" when …`.
        record Tag(Span span, Literal.Text tag, @Nullable Expr when) implements GuardAct {}
    }
}
