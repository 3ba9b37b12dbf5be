package dev.writ.dsl.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.dsl.diagnostic.Diagnostic;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NamesTest {
    /// A policy of two files, into which tests put names of the second.
    private static final String OTHER =
            """
            policy "other" language 1
            secret KEY from env
            provider cloud { kind openai  region us  key KEY  timeout 30s }
            model gpt on cloud "gpt-4.1" { }
            pool all { first gpt }
            route extra { only otherwise -> pool all }
            """;

    private static CheckResult twoFiles(String use, String declaration) {
        return Checked.check(
                Map.of(
                        "policy.writ",
                        Checked.BASE.replaceFirst("\n", "\n" + use + "\n") + declaration,
                        "shared/other.writ",
                        OTHER),
                "policy.writ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    provider p { kind openai  key KEYY  timeout 1s }  | E0103 KEYY
                    model m on heer "m" { }                           | E0103 heer
                    pool p { first nearr }                            | E0104 nearr
                    pool p { 100% nearr }                             | E0104 nearr
                    pool p { choose fastest of near, farr }           | E0104 farr
                    pool p { first near  then farr }                  | E0104 farr
                    route r { only otherwise -> nearr }               | E0104 nearr
                    route r { only otherwise -> pool al }             | E0102 al
                    route r { only otherwise -> route chatt }         | E0102 chatt
                    team t { may use chatt }                          | E0102 chatt
                    team t { may use chat, chatt }                    | E0102 chatt
                    """)
    void tellsANameThatNobodyDeclares(String declaration, String told) {
        assertTrue(
                Checked.toldOf(declaration).contains(told), () -> "" + Checked.toldOf(declaration));
        assertEquals(1, Checked.errors(Checked.check(Checked.BASE + declaration)).size());
    }

    @Test
    void anUnknownUserIsToldAtTheKey() {
        assertEquals(
                List.of("E0102 alcie"),
                Checked.told(Checked.BASE.replace("for alice", "for alcie")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    pool p { first nearr }                    | Did you mean `near`?
                    pool p { first neither }                  | To choose from: `near`, `far`.
                    route r { only otherwise -> pool nothing } | There is no pool here.
                    route r { only otherwise -> route xyzzyxyz } | To choose from: `chat`, `r`.
                    """)
    void hintsAtWhatMayHaveBeenMeant(String declaration, String hint) {
        Diagnostic unknown =
                Checked.check(Checked.BASE + declaration).diagnostics().stream()
                        .filter(d -> d.headline().startsWith("unknown"))
                        .findFirst()
                        .orElseThrow();
        assertEquals(List.of(hint), unknown.hints());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    pool p { first chat }                    | E0104 chat | `chat` is a route, not a model
                    route r { only otherwise -> pool near }  | E0102 near | `near` is a model, not a pool
                    team t { may use near }                  | E0102 near | `near` is a model, not a route
                    model m on near "m" { }                  | E0103 near | `near` is a model, not a provider
                    """)
    void saysWhatANameOfAnotherKindIs(String declaration, String told, String caret) {
        List<Diagnostic> errors =
                Checked.check(Checked.BASE + declaration).diagnostics().stream()
                        .filter(d -> d.primary().text().equals(caret))
                        .toList();
        assertEquals(1, errors.size(), () -> "" + Checked.toldOf(declaration));
        assertTrue(Checked.toldOf(declaration).contains(told));
    }

    @ParameterizedTest
    @CsvSource({
        "provider here { kind simulated }, E0101 here",
        "'model near on here \"x\" { }', E0101 near",
        "route chat { only otherwise -> near }, E0101 chat",
        "team dev { may use chat }, E0101 dev",
    })
    void tellsANameThatIsDeclaredTwice(String declaration, String told) {
        assertEquals(List.of(told), Checked.toldOf(declaration));
    }

    @Test
    void kindsDoNotShareNames() {
        assertEquals(
                List.of(),
                Checked.told(
                        """
                        policy "same" language 1
                        secret chat from env
                        provider chat { kind openai  region eu  key chat  timeout 1s }
                        model chat on chat "chat" { }
                        pool chat { first chat }
                        route chat { chat otherwise -> pool chat }
                        team chat {
                          user chat
                          key chat sha256 "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" for chat
                          may use chat
                        }
                        rule chat on request when prompt.tokens > 1 tag "chat"
                        """));
    }

    @Test
    void keywordsAndQuotedWordsAreNames() {
        assertEquals(
                List.of(),
                Checked.told(
                        """
                        policy "words" language 1
                        provider provider-2 { kind simulated }
                        model `model` on provider-2 "x" { }
                        pool per { first `model` }
                        route use { limit otherwise -> pool per }
                        team `in` {
                          key key sha256 "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
                          may use use
                        }
                        """));
    }

    @Test
    void namesOfAnotherFileNeedAUse() {
        Diagnostic unknown =
                twoFiles("", "team t { may use extra }").diagnostics().stream()
                        .filter(d -> d.code().id().equals("E0102"))
                        .findFirst()
                        .orElseThrow();
        assertEquals("not visible in this file", unknown.primary().text());
        assertEquals("shared/other.writ:6:7", unknown.because().getFirst().span().toString());
        assertEquals(List.of("Add `use \"shared/other.writ\"` to this file."), unknown.hints());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    use "shared/other.writ"             | extra
                    use "shared/other.writ" as other    | extra
                    use "shared/other.writ" as other    | other.extra
                    use "./shared/other.writ" as x      | x.extra
                    use "shared/../shared/other.writ"   | extra
                    """)
    void namesOfAUsedFileStandAloneOrBehindItsAlias(String use, String name) {
        assertEquals(
                List.of("W0111 t"),
                Checked.told(twoFiles(use, "team t { may use %s }".formatted(name))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    othr.extra        | no file is used as `othr`
                    other.extr        | no such route
                    other.chat        | no such route
                    other.more.extra  | no such route
                    """)
    void anAliasNamesOneFile(String name, String caret) {
        List<Diagnostic> unknown =
                twoFiles(
                                "use \"shared/other.writ\" as other",
                                "team t { may use extra, %s }".formatted(name))
                        .diagnostics()
                        .stream()
                        .filter(d -> d.code().id().equals("E0102"))
                        .toList();
        assertEquals(List.of(caret), unknown.stream().map(d -> d.primary().text()).toList());
    }

    @Test
    void twoFilesCannotHaveOneAlias() {
        CheckResult result =
                Checked.check(
                        Map.of(
                                "policy.writ",
                                "policy \"p\" language 1\nuse \"a.writ\" as x\nuse \"b.writ\" as x\n",
                                "a.writ",
                                "policy \"a\" language 1\n",
                                "b.writ",
                                "policy \"b\" language 1\n"),
                        "policy.writ");
        assertEquals(List.of("E0101 x"), Checked.told(result));
    }

    @Test
    void everyFileOfTheTreeCountsWhetherUsedOrNot() {
        CheckResult result = twoFiles("", "team t { key k sha256 \"" + "a".repeat(64) + "\" }");
        assertTrue(
                result instanceof CheckResult.Usable usable
                        && usable.policy().routes().size() == 2);
        assertEquals(List.of("W0110 extra"), Checked.told(result));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    shared/othr.writ         | looked for `shared/othr.writ` | Did you mean `shared/other.writ`?
                    ../other.writ            | leaves the folder of the policy | Move the file into the folder of the policy.
                    /shared/other.writ       | leaves the folder of the policy | Move the file into the folder of the policy.
                    """)
    void tellsAFileThatIsNotThere(String file, String caret, String hint) {
        Diagnostic unknown = twoFiles("use \"%s\"".formatted(file), "").diagnostics().getFirst();
        assertEquals("E0114", unknown.code().id());
        assertEquals(caret, unknown.primary().text());
        assertEquals(List.of(hint), unknown.hints());
    }

    @Test
    void whatAMissingFileMayDeclareIsNotUnknown() {
        CheckResult result =
                Checked.check(
                        Checked.BASE
                                .replaceFirst("\n", "\nuse \"gone.writ\"\n")
                                .replace("-> near", "-> pool all"));
        assertEquals(List.of("E0114 \"gone.writ\""), Checked.told(result));
    }

    @Test
    void aRingOfFilesIsToldOnce() {
        CheckResult result =
                Checked.check(
                        Map.of(
                                "a.writ", "policy \"a\" language 1\nuse \"b.writ\"\n",
                                "b.writ", "policy \"b\" language 1\nuse \"c.writ\"\n",
                                "c.writ",
                                        "policy \"c\" language 1\nuse \"a.writ\"\nuse \"d.writ\"\n",
                                "d.writ", "policy \"d\" language 1\n"),
                        "a.writ");
        assertEquals(List.of("E0107"), Checked.ids(result));
        assertEquals(
                List.of("the ring: a.writ → b.writ → c.writ → a.writ"),
                result.diagnostics().getFirst().notes());
    }

    @Test
    void filesMayUseOneFileTwice() {
        CheckResult result =
                Checked.check(
                        Map.of(
                                "a.writ",
                                        "policy \"a\" language 1\nuse \"b.writ\"\nuse \"c.writ\"\n",
                                "b.writ", "policy \"b\" language 1\nuse \"c.writ\"\n",
                                "c.writ", "policy \"c\" language 1\n"),
                        "a.writ");
        assertEquals(List.of(), Checked.ids(result));
    }

    @Test
    void aFileCannotUseItself() {
        assertEquals(
                List.of("E0107 use \"policy.writ\""),
                Checked.told(Checked.BASE.replaceFirst("\n", "\nuse \"policy.writ\"\n")));
    }

    @Test
    void thePolicyIsCalledAsItsEntrySays() {
        CheckResult result = twoFiles("use \"shared/other.writ\"", "team t { may use extra }");
        assertTrue(
                result instanceof CheckResult.Usable(var policy, var _)
                        && policy.name().equals("base"));
    }
}
