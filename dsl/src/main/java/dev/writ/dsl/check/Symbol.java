package dev.writ.dsl.check;

import dev.writ.dsl.source.Source;
import dev.writ.dsl.syntax.Item;
import dev.writ.dsl.syntax.Name;

/// What a name stands for in the whole tree.
///
/// @param name where it is declared
/// @param file in which it is declared
/// @param item the whole declaration
public record Symbol(Kind kind, Name name, Source file, Item item) {
    static Symbol of(Declarations.Declared declared) {
        return new Symbol(declared.kind(), declared.name(), declared.file(), declared.item());
    }
}
