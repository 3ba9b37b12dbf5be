package dev.writ.dsl.parse;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.diagnostic.Edit;
import dev.writ.dsl.diagnostic.Suggestions;
import dev.writ.dsl.source.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Says what is wrong with a piece that does not fit, in the author's words.
///
/// First come the mistakes that people make and that have a name; then whatever change of one token
/// would let the piece go on; what is left is told by what could have stood there.
final class MistakeExplainer {
    private static final List<Function<Failure, @Nullable Diagnostic>> KNOWN =
            List.of(
                    Secrecy::of,
                    CharacterMistakes::of,
                    ConditionMistakes::of,
                    ShapeMistakes::of,
                    MistakeExplainer::nearKeyword,
                    MistakeExplainer::keyword,
                    ValueMistakes::of,
                    MistakeExplainer::cutShort,
                    MistakeExplainer::inserted,
                    MistakeExplainer::keywordBehind,
                    MistakeExplainer::replaced,
                    MistakeExplainer::removed);

    private MistakeExplainer() {}

    static Diagnostic explain(Failure failure) {
        Diagnostic explained =
                KNOWN.stream()
                        .map(known -> known.apply(failure))
                        .filter(diagnostic -> diagnostic != null)
                        .findFirst()
                        .orElseGet(() -> unexpected(failure));
        return Secrecy.hide(explained, failure);
    }

    /// Returns the message about a token that nothing can be done about.
    static Diagnostic unexpected(Failure failure) {
        Diagnostic diagnostic =
                Diagnostic.of(
                        DiagnosticCode.UNEXPECTED_TOKEN,
                        failure.place(),
                        "%s cannot stand here".formatted(shown(failure)));
        List<String> expected = Nouns.of(failure);
        return example(
                failure,
                expected.isEmpty()
                        ? diagnostic
                        : diagnostic.at("expected %s".formatted(Nouns.or(expected))));
    }

    /// Returns the word of the author, or what it is where that is long or may be a secret.
    static String shown(Failure failure) {
        return failure.at() >= failure.to() ? "the end" : shown(failure.tokens(), failure.at());
    }

    static String shown(Tokens tokens, int index) {
        return switch (tokens.type(index)) {
            case WritParser.OPEN_STRING -> "this text";
            case WritParser.EOF -> "the end of the file";
            default -> "`%s`".formatted(shortened(tokens.text(index)));
        };
    }

    static String shortened(String text) {
        int max = 40;
        return text.codePointCount(0, text.length()) <= max
                ? text
                : text.substring(0, text.offsetByCodePoints(0, max)) + "…";
    }

    /// Adds how a whole piece looks.
    private static Diagnostic example(Failure failure, Diagnostic diagnostic) {
        String first = failure.from() < failure.to() ? failure.tokens().text(failure.from()) : "";
        return diagnostic.hint(
                "A whole one looks like this: `%s`.".formatted(failure.form().example(first)));
    }

    /// A word behind a whole piece that is nearly one that begins the next.
    private static @Nullable Diagnostic nearKeyword(Failure failure) {
        return isNearKeyword(failure) ? keywordBehind(failure) : null;
    }

    /// Tells whether a whole piece stands before a word that is nearly one that begins the next.
    static boolean isNearKeyword(Failure failure) {
        return failure.whole()
                && failure.at() < failure.to()
                && Suggestions.nearest(failure.text(), failure.form().keywords()) != null;
    }

    /// A word behind a whole piece that begins no other.
    private static @Nullable Diagnostic keywordBehind(Failure failure) {
        return failure.whole() && failure.form().isRepeated() && !failure.isCutShort()
                ? unknownKeyword(
                        failure.tokens(),
                        failure.at(),
                        failure.form().noun(),
                        failure.form().keywords())
                : null;
    }

    /// A word at the start of a piece that begins none.
    private static @Nullable Diagnostic keyword(Failure failure) {
        return failure.at() != failure.from() || failure.form() == Form.ARM
                ? null
                : unknownKeyword(
                        failure.tokens(),
                        failure.at(),
                        failure.form().noun(),
                        failure.form().keywords());
    }

    /// Returns the message about a word, or null where there is none.
    static @Nullable Diagnostic unknownKeyword(
            Tokens tokens, int index, String noun, List<String> known) {
        if (!Words.isWord(tokens, index)) {
            return null;
        }
        String word = shortened(tokens.text(index));
        Diagnostic unknown =
                Diagnostic.of(
                                DiagnosticCode.UNKNOWN_KEYWORD,
                                tokens.span(index),
                                "unknown %s `%s`".formatted(noun, word))
                        .at("no such %s".formatted(noun));
        String nearest = Suggestions.nearest(tokens.text(index), known);
        List<String> shown = known.stream().map(Form::shown).toList();
        return nearest == null
                ? Suggestions.hint(unknown, tokens.text(index), shown, noun)
                : Suggestions.meant(unknown, Form.shown(nearest), written(tokens, index, nearest));
    }

    /// Returns how a keyword is written in the place of a word, with the one that always follows it
    /// unless that stands there.
    private static String written(Tokens tokens, int index, String keyword) {
        String shown = Form.shown(keyword);
        int blank = shown.indexOf(' ');
        boolean follows = blank > 0 && tokens.text(index + 1).equals(shown.substring(blank + 1));
        return follows ? keyword : shown;
    }

    private static @Nullable Diagnostic cutShort(Failure failure) {
        if (!failure.isCutShort() || failure.whole()) {
            return null;
        }
        List<String> missing = Nouns.of(failure);
        if (missing.isEmpty()) {
            return null;
        }
        String before = shown(failure.tokens(), failure.at() - 1);
        Diagnostic told =
                Diagnostic.of(
                                DiagnosticCode.UNEXPECTED_TOKEN,
                                failure.place(),
                                missing.size() == 1
                                        ? "%s is missing behind %s"
                                                .formatted(missing.getFirst(), before)
                                        : "something is missing behind %s".formatted(before))
                        .at(
                                missing.size() == 1
                                        ? "here"
                                        : "expected %s".formatted(Nouns.or(missing)));
        return example(failure, told);
    }

    private static @Nullable Diagnostic inserted(Failure failure) {
        for (Candidate candidate : candidates(failure)) {
            if (failure.goesOnAfterInserting(candidate.type)) {
                Diagnostic missing =
                        Diagnostic.of(
                                        DiagnosticCode.UNEXPECTED_TOKEN,
                                        failure.place(),
                                        "%s is missing before %s"
                                                .formatted(candidate.noun, shown(failure)))
                                .at("before this");
                String spelling = Nouns.spelling(candidate.type);
                return example(
                        failure,
                        isSaying(spelling)
                                ? missing.fix(
                                        "Put `%s` before it".formatted(spelling),
                                        Edit.before(failure.place(), spelling + " "))
                                : missing);
            }
        }
        return null;
    }

    private static @Nullable Diagnostic replaced(Failure failure) {
        List<Candidate> fitting = new ArrayList<>();
        for (Candidate candidate : candidates(failure)) {
            if (failure.goesOnAfterReplacing(candidate.type)) {
                fitting.add(candidate);
            }
        }
        if (fitting.isEmpty()) {
            return null;
        }
        if (fitting.size() > 1) {
            // A dot goes on with nearly every name, and is rarely what is missing.
            fitting.removeIf(candidate -> candidate.type == WritParser.DOT);
        }
        List<String> nouns = fitting.stream().map(Candidate::noun).toList();
        Diagnostic wrong =
                Diagnostic.of(
                                DiagnosticCode.UNEXPECTED_TOKEN,
                                failure.place(),
                                "%s cannot stand here".formatted(shown(failure)))
                        .at("expected %s".formatted(Nouns.or(nouns)));
        for (Candidate candidate : fitting) {
            if (isSpelled(candidate.type)) {
                wrong = wrong.fixByWriting(failure.place(), Nouns.spelling(candidate.type));
            }
        }
        return example(failure, wrong);
    }

    private static @Nullable Diagnostic removed(Failure failure) {
        return failure.goesOnAfterRemoving()
                ? example(
                        failure,
                        Diagnostic.of(
                                        DiagnosticCode.UNEXPECTED_TOKEN,
                                        failure.place(),
                                        "%s cannot stand here".formatted(shown(failure)))
                                .hint("Remove it.")
                                .fixByRemoving(failure.place()))
                : null;
    }

    /// Tells whether a token that is missing is likely to be the only thing that is: words and
    /// arrows are, what goes on with nearly everything is not.
    private static boolean isSaying(String spelling) {
        return Character.isLetter(spelling.charAt(0))
                || spelling.equals("->")
                || spelling.equals("=>");
    }

    /// Tells whether there is one way to write a token.
    private static boolean isSpelled(int type) {
        return WritParser.VOCABULARY.getLiteralName(type) != null;
    }

    /// A token that could have stood at a place, and what people call it.
    private record Candidate(int type, String noun) {}

    /// Returns at most a few: each is tried by fitting the piece again.
    private static List<Candidate> candidates(Failure failure) {
        List<Candidate> candidates = new ArrayList<>();
        failure.expectedRules().stream()
                .forEach(
                        rule ->
                                candidates.add(
                                        new Candidate(
                                                Words.first(rule),
                                                Nouns.rule(rule, failure.form()))));
        failure.expectedTokens().stream()
                .forEach(type -> candidates.add(new Candidate(type, Nouns.token(type))));
        return candidates.subList(0, Math.min(12, candidates.size()));
    }

    /// Returns a message about the token at `at`.
    static Diagnostic at(Failure failure, String headline) {
        return Diagnostic.of(DiagnosticCode.UNEXPECTED_TOKEN, failure.place(), headline);
    }

    /// Returns a message about the token before `at`.
    static Diagnostic before(Failure failure, String headline) {
        Span span = failure.tokens().span(failure.at() - 1);
        return Diagnostic.of(DiagnosticCode.UNEXPECTED_TOKEN, span, headline);
    }
}
