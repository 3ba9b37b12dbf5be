package dev.writ.engine;

import dev.writ.dsl.policy.Policy;
import java.util.List;

/// What a token says that was verified.
@FunctionalInterface
public interface Claims {
    /// Returns what it says under a name.
    Value find(Policy.Claim claim);

    /// What a token says under one name.
    sealed interface Value {
        /// Nothing.
        record Absent() implements Value {}

        /// A text; a number, a yes or no as JSON writes it.
        record Text(String text) implements Value {}

        /// A list, of which only texts, numbers, yes and no count.
        record Texts(List<String> texts) implements Value {
            public Texts {
                texts = List.copyOf(texts);
            }
        }

        /// Something else, such as an object.
        record Other() implements Value {}

        /// Returns the texts of which it is one, or that are in it.
        default List<String> texts() {
            return switch (this) {
                case Absent _, Other _ -> List.of();
                case Text(String text) -> List.of(text);
                case Texts(List<String> texts) -> texts;
            };
        }
    }
}
