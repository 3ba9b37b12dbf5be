package dev.writ.dsl.parse;

import dev.writ.dsl.source.Source;
import dev.writ.dsl.source.Span;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// What an author could write at a place of a file, whatever is wrong around it.
///
/// The grammar answers: what stands before the place in its declaration is walked through it. Where
/// that does not fit, the declaration is walked without the lines before that of the place.
///
/// @param word what of a word or text stands at the place already; empty where nothing does
/// @param inText whether the place is inside a text in double quotes, which the word then is
/// @param startsLine whether the word is the first of its line
/// @param gaps what could stand in its place
public record Expectation(Span word, boolean inText, boolean startsLine, List<Gap> gaps) {
    public Expectation {
        gaps = List.copyOf(gaps);
    }

    /// Returns what could stand at a UTF-16 offset of a file.
    public static Expectation at(Source source, int offset) {
        if (source.text().length() > PolicyParser.FILE_LENGTH_MAX || isInComment(source, offset)) {
            return none(source, offset);
        }
        Tokens tokens = Tokens.of(source);
        int index = 0;
        while (index < tokens.size() - 1 && tokens.span(index).end() < offset) {
            index++;
        }
        if (index < tokens.size() - 1
                && tokens.span(index).end() == offset
                && !isPartOfWord(tokens, index)) {
            index++;
        }
        Span span = tokens.span(index);
        boolean touches = index < tokens.size() - 1 && span.start() < offset;
        int type = tokens.type(index);
        boolean inText = touches && (type == WritParser.STRING || type == WritParser.OPEN_STRING);
        if (touches && !inText && !isPartOfWord(tokens, index)) {
            return none(source, offset);
        }
        Span word = touches ? span : new Span(source, offset, offset);
        boolean starts = index == 0 || source.line(tokens.span(index - 1).start()) < word.line();
        return new Expectation(word, inText, starts, new Search(tokens, index, starts).gaps());
    }

    private static Expectation none(Source source, int offset) {
        return new Expectation(new Span(source, offset, offset), false, false, List.of());
    }

    private static boolean isPartOfWord(Tokens tokens, int index) {
        return switch (tokens.type(index)) {
            case WritParser.QUOTED,
                    WritParser.NUMBER,
                    WritParser.BAD_NUMBER,
                    WritParser.DURATION,
                    WritParser.PERCENT,
                    WritParser.MONEY,
                    WritParser.OPEN_STRING ->
                    true;
            default -> Words.isWord(tokens, index);
        };
    }

    private static boolean isInComment(Source source, int offset) {
        for (Lexeme lexeme : Lexeme.listOf(source)) {
            int end = lexeme.offset() + lexeme.text().length();
            boolean line = lexeme.type() == WritLexer.COMMENT;
            boolean block =
                    lexeme.type() == WritLexer.BLOCK_COMMENT
                            || lexeme.type() == WritLexer.OPEN_COMMENT;
            if (lexeme.offset() < offset && ((line && offset <= end) || (block && offset < end))) {
                return true;
            }
            if (lexeme.offset() >= offset) {
                return false;
            }
        }
        return false;
    }

    /// Finds the declaration around a place, and walks it.
    private static final class Search {
        private final Tokens tokens;
        private final int place;
        private final boolean startsLine;

        /// The index at which the declaration begins.
        private int start;

        /// The braces around the place, the outermost first.
        private final Deque<Integer> open = new ArrayDeque<>();

        Search(Tokens tokens, int place, boolean startsLine) {
            this.tokens = tokens;
            this.place = place;
            this.startsLine = startsLine;
        }

        List<Gap> gaps() {
            int behindHeader = header();
            if (behindHeader < 0) {
                return walked(WritParser.RULE_header, range(0, place)).gaps();
            }
            List<Gap> gaps = new ArrayList<>();
            if (place == 0) {
                gaps.addAll(walked(WritParser.RULE_header, List.of()).gaps());
            }
            region(behindHeader);
            Walked whole = walked(WritParser.RULE_item, range(start, place));
            if (!whole.fits() && place > start) {
                whole = walked(WritParser.RULE_item, lastLine());
            }
            gaps.addAll(whole.gaps());
            if (open.isEmpty() && place > start && (whole.whole() || !whole.fits())) {
                gaps.addAll(walked(WritParser.RULE_item, List.of()).gaps());
            }
            return gaps;
        }

        /// Returns where the header ends, 0 where there is none, -1 where the place is in it.
        private int header() {
            if (place == 0 || tokens.type(0) != WritParser.POLICY) {
                return 0;
            }
            int end = Fit.of(WritParser.RULE_header, tokens.types(), 0, place).end();
            if (end > 0) {
                return end;
            }
            int line = 1;
            while (line < place && !tokens.startsLine(line)) {
                line++;
            }
            return line < place || startsLine ? line : -1;
        }

        /// Finds the declaration that begins last before the place.
        private void region(int from) {
            Regions regions = new Regions(tokens, Brackets.of(tokens.types()));
            start = from;
            while (start < place) {
                int end = regions.end(start);
                boolean atEnd = end == tokens.size() - 1;
                if (end > place || atEnd || (end == place && !startsLine)) {
                    break;
                }
                start = end;
            }
            boolean braced = false;
            for (int i = start; i < place; i++) {
                if (tokens.type(i) == WritParser.LBRACE) {
                    open.addLast(i);
                    braced = true;
                } else if (tokens.type(i) == WritParser.RBRACE && !open.isEmpty()) {
                    open.removeLast();
                    if (open.isEmpty()) {
                        start = i + 1;
                        braced = false;
                    }
                }
            }
            while (!braced && start < place) {
                int end = Fit.of(WritParser.RULE_item, tokens.types(), start, place).end();
                if (end <= start || end >= place) {
                    return;
                }
                start = end;
            }
        }

        private List<Integer> range(int from, int to) {
            List<Integer> indices = new ArrayList<>();
            for (int i = from; i < to; i++) {
                indices.add(i);
            }
            return indices;
        }

        /// Returns the tokens before the place without the lines that may be broken: what opens the
        /// braces around it, and its own line.
        private List<Integer> lastLine() {
            List<Integer> kept = new ArrayList<>();
            int from = start;
            for (int brace : open) {
                kept.addAll(range(Math.max(from, lineStart(brace, from)), brace + 1));
                from = brace + 1;
            }
            if (!startsLine && place > from) {
                kept.addAll(range(lineStart(place - 1, from), place));
            }
            return kept;
        }

        private int lineStart(int index, int from) {
            int first = index;
            while (first > from && !tokens.startsLine(first)) {
                first--;
            }
            return first;
        }

        private record Walked(List<Gap> gaps, boolean fits, boolean whole) {}

        private Walked walked(int rule, List<Integer> before) {
            int[] types = before.stream().mapToInt(tokens::type).toArray();
            Gaps found = Gaps.behind(rule, types);
            List<String> texts = before.stream().map(tokens::text).toList();
            List<Gap> gaps = new ArrayList<>();
            found.found().forEach(each -> gaps.add(gap(each, texts)));
            return new Walked(gaps, !gaps.isEmpty() || found.isWhole(), found.isWhole());
        }

        private static Gap gap(Gaps.Found found, List<String> before) {
            List<Gap.Frame> frames = new ArrayList<>();
            Form form = null;
            for (Gaps.Step step = found.way(); step != null; step = step.outer()) {
                List<String> texts = before.subList(step.start(), before.size());
                frames.add(new Gap.Frame(WritParser.ruleNames[step.rule()], texts));
                if (texts.isEmpty()) {
                    Form here = Form.of(step.rule());
                    form = here == null ? form : here;
                }
            }
            Gap.Sort sort = sort(found.type());
            boolean spelled = sort == Gap.Sort.KEYWORD || sort == Gap.Sort.SIGN;
            String word = spelled ? Nouns.spelling(found.type()) : "";
            String example = form == null ? "" : form.example(word);
            return new Gap(
                    sort,
                    word,
                    frames,
                    example,
                    form == null ? "" : form.noun(),
                    form != null && opens(form, example));
        }

        /// Tells whether the first thing that can follow an example is a brace, and nothing else.
        private static boolean opens(Form form, String example) {
            int[] types = Tokens.of(new Source("", example)).types();
            Fit fit = Fit.of(WritParser.RULE_item, types, 0, types.length - 1);
            return !form.isRepeated()
                    && fit.reached() == types.length - 1
                    && fit.tokens().get(WritParser.LBRACE)
                    && fit.rules().isEmpty();
        }

        private static Gap.Sort sort(int type) {
            return switch (type) {
                case WritParser.IDENT, WritParser.QUOTED -> Gap.Sort.NAME;
                case WritParser.STRING -> Gap.Sort.TEXT;
                case WritParser.NUMBER -> Gap.Sort.NUMBER;
                case WritParser.MONEY -> Gap.Sort.MONEY;
                case WritParser.PERCENT -> Gap.Sort.PERCENT;
                case WritParser.DURATION -> Gap.Sort.DURATION;
                default ->
                        Character.isLetter(Nouns.spelling(type).charAt(0))
                                ? Gap.Sort.KEYWORD
                                : Gap.Sort.SIGN;
            };
        }
    }
}
