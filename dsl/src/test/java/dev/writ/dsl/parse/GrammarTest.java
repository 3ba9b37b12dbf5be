package dev.writ.dsl.parse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.dsl.source.Source;
import java.util.List;
import java.util.SplittableRandom;
import org.antlr.v4.runtime.BailErrorStrategy;
import org.antlr.v4.runtime.atn.DecisionInfo;
import org.antlr.v4.runtime.atn.PredictionMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What the grammar promises to those who read with it.
final class GrammarTest {
    private static final int SENTENCES = 1_500;

    /// Reading relies on it: the fast prediction of ANTLR, which does not look at what stands
    /// around a rule, decides as the full one does, and no text has two readings.
    @Test
    void noDecisionNeedsItsSurroundings() {
        for (int seed = 0; seed < SENTENCES; seed++) {
            String text = Sentences.file(new SplittableRandom(seed));
            WritParser parser = parser(Tokens.of(new Source("p.writ", text)));
            parser.getInterpreter().setPredictionMode(PredictionMode.LL_EXACT_AMBIG_DETECTION);
            parser.setProfile(true);
            parser.file();
            for (DecisionInfo decision : parser.getParseInfo().getDecisionInfo()) {
                String where = "seed %d, decision %d: %s".formatted(seed, decision.decision, text);
                assertEquals(List.of(), decision.contextSensitivities, where);
                assertEquals(List.of(), decision.ambiguities, where);
            }
        }
    }

    @Test
    void fitTakesWhatAntlrTakes() {
        for (int seed = 0; seed < SENTENCES; seed++) {
            String text = Sentences.file(new SplittableRandom(seed));
            Tokens tokens = Tokens.of(new Source("p.writ", text));
            int end = parser(tokens).header().getStop().getTokenIndex() + 1;
            while (end < tokens.size() - 1) {
                Fit fit = Fit.of(WritParser.RULE_item, tokens.types(), end, tokens.size() - 1);
                assertTrue(fit.end() > end, "seed %d: %s".formatted(seed, text));
                end = fit.end();
            }
        }
    }

    /// Messages show them as what is right.
    @ParameterizedTest
    @EnumSource
    void exampleOfEachFormIsOne(Form form) {
        for (String example : form.examples()) {
            Tokens tokens = Tokens.of(new Source("p.writ", example));
            Fit fit = Fit.of(form.rule(), tokens.types(), 0, tokens.size() - 1);
            assertTrue(fit.isWhole(), example);
        }
    }

    private static WritParser parser(Tokens tokens) {
        WritParser parser = new WritParser(tokens.stream());
        parser.removeErrorListeners();
        parser.setErrorHandler(new BailErrorStrategy());
        return parser;
    }
}
