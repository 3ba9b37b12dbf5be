package dev.writ.dsl.parse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The words that editors colour are those of the grammar: the file is written from it.
///
/// `-Dgolden=update` writes it anew.
final class EditorGrammarTest {
    private static final Path FILE =
            Path.of(
                    System.getProperty("writ.root"),
                    "editors/vscode/syntaxes/writ.tmLanguage.json");

    @Test
    void coloursTheWordsOfTheLanguage() throws IOException {
        String written = written();
        if ("update".equals(System.getProperty("golden"))) {
            Files.createDirectories(FILE.getParent());
            Files.writeString(FILE, written);
        }
        assertEquals(written, Files.readString(FILE));
    }

    @Test
    void everyKeywordIsColouredSomewhere() {
        BitSet left = keywords();
        for (BitSet coloured : List.of(declarations(), pieces(), constants(), operators())) {
            left.andNot(coloured);
        }
        left.andNot(units());
        left.andNot(others());
        assertEquals(new BitSet(), left);
    }

    private static String written() {
        return """
            {
              "$schema": "https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json",
              "comment": "Written by EditorGrammarTest from the grammar of the language; do not edit.",
              "name": "Writ",
              "scopeName": "source.writ",
              "patterns": [
                { "include": "#comments" },
                { "include": "#texts" },
                { "include": "#declarations" },
                { "include": "#attributes" },
                { "include": "#pieces" },
                { "include": "#numbers" },
                { "include": "#words" },
                { "include": "#signs" }
              ],
              "repository": {
                "comments": {
                  "patterns": [
                    { "name": "comment.line.documentation.writ", "match": "///.*$" },
                    { "name": "comment.line.double-slash.writ", "match": "//.*$" },
                    { "name": "comment.block.writ", "begin": "/\\\\*", "end": "\\\\*/" }
                  ]
                },
                "texts": {
                  "patterns": [
                    {
                      "name": "string.quoted.double.writ",
                      "begin": "\\"",
                      "end": "\\"|$",
                      "patterns": [{ "name": "constant.character.escape.writ", "match": "\\\\\\\\." }]
                    },
                    { "name": "variable.other.quoted.writ", "match": "`[^`]+`" }
                  ]
                },
                "declarations": {
                  "match": "^\\\\s*(%1$s)\\\\b(?:\\\\s+([\\\\p{L}_][\\\\p{L}\\\\p{N}_-]*))?(?=\\\\s|$|\\")",
                  "captures": {
                    "1": { "name": "keyword.declaration.writ" },
                    "2": { "name": "entity.name.type.writ" }
                  }
                },
                "attributes": {
                  "name": "variable.language.writ",
                  "match": "(?<![\\\\w.`-])[a-z]+(?:\\\\.[a-z_]+)+(?![\\\\w-])"
                },
                "pieces": {
                  "match": "(?:^|\\\\{|  )\\\\s*(%2$s)(?![\\\\w.-])",
                  "captures": { "1": { "name": "keyword.other.property.writ" } }
                },
                "numbers": {
                  "patterns": [
                    { "name": "constant.numeric.money.writ", "match": "\\\\$[0-9][0-9_]*(?:\\\\.[0-9][0-9_]*)?[kMB]?" },
                    { "name": "constant.numeric.share.writ", "match": "\\\\b[0-9][0-9_]*(?:\\\\.[0-9][0-9_]*)?%%" },
                    { "name": "constant.numeric.time.writ", "match": "\\\\b[0-9][0-9_]*(?:\\\\.[0-9][0-9_]*)?(?:ms|s|min|h|d)\\\\b" },
                    { "name": "constant.numeric.writ", "match": "\\\\b[0-9][0-9_]*(?:\\\\.[0-9][0-9_]*)?[kMG]?\\\\b" }
                  ]
                },
                "words": {
                  "patterns": [
                    { "name": "constant.language.writ", "match": "(?<![\\\\w.-])(?:%3$s)(?![\\\\w.-])" },
                    { "name": "keyword.operator.word.writ", "match": "(?<![\\\\w.-])(?:%4$s)(?![\\\\w.-])" },
                    { "name": "keyword.other.unit.writ", "match": "(?<![\\\\w.-])(?:%5$s)(?![\\\\w.-])" },
                    { "name": "keyword.control.writ", "match": "(?<![\\\\w.-])(?:%6$s)(?![\\\\w.-])" }
                  ]
                },
                "signs": {
                  "patterns": [
                    { "name": "keyword.operator.arrow.writ", "match": "->|=>" },
                    { "name": "keyword.operator.writ", "match": "==|!=|<=|>=|<|>|\\\\+|-|\\\\*|/|\\\\.\\\\." }
                  ]
                }
              }
            }
            """
                .formatted(
                        words(declarations()),
                        words(pieces()),
                        words(constants()),
                        words(operators()),
                        words(units()),
                        words(others()));
    }

    /// Returns words, the longest first, so that none hides one that begins like it.
    private static String words(BitSet types) {
        return types.stream()
                .mapToObj(Nouns::spelling)
                .sorted(
                        (a, b) ->
                                a.length() == b.length()
                                        ? a.compareTo(b)
                                        : Integer.compare(b.length(), a.length()))
                .collect(Collectors.joining("|"));
    }

    private static BitSet keywords() {
        BitSet types = new BitSet();
        for (int type = 1; type <= WritLexer.VOCABULARY.getMaxTokenType(); type++) {
            String name = WritLexer.VOCABULARY.getLiteralName(type);
            if (name != null && Character.isLetter(name.charAt(1))) {
                types.set(type);
            }
        }
        return types;
    }

    /// Those that a line of its own begins with.
    private static BitSet declarations() {
        BitSet types = Words.ofDeclarations();
        types.set(WritLexer.POLICY);
        types.and(keywords());
        return types;
    }

    /// Those that something between braces begins with.
    private static BitSet pieces() {
        BitSet types = new BitSet();
        for (Form form : Form.values()) {
            if (form.isRepeated()) {
                types.or(Words.beginning(form.rule()));
            }
        }
        types.and(keywords());
        return types;
    }

    private static BitSet constants() {
        return Words.set(WritLexer.TRUE, WritLexer.FALSE);
    }

    private static BitSet operators() {
        BitSet types = Words.beginning(WritParser.RULE_test);
        types.or(Words.set(WritLexer.AND, WritLexer.OR, WritLexer.NOT, WritLexer.ELSE));
        types.or(Words.set(WritLexer.WITH, WritLexer.ANY));
        types.and(keywords());
        return types;
    }

    private static BitSet units() {
        BitSet types = Words.beginning(WritParser.RULE_unit);
        types.and(keywords());
        return types;
    }

    /// Those in the middle of things.
    private static BitSet others() {
        BitSet types = keywords();
        for (BitSet coloured : List.of(pieces(), constants(), operators(), units())) {
            types.andNot(coloured);
        }
        return types;
    }
}
