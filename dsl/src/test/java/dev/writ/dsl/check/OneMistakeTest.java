package dev.writ.dsl.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// One mistake is told where it is made, or where what it takes away is missed, and nowhere else.
final class OneMistakeTest {
    /// Something of everything; what stands in a line of its own can be taken away alone.
    private static final String WHOLE =
            """
            policy "whole" language 1
            secret FIRST_KEY from env
            secret SECOND_KEY from file "/run/second"
            provider first {
              kind openai
              region eu
              key FIRST_KEY
              timeout connect 5s, first-byte 30s
            }
            provider second {
              kind azure-openai
              region us
              url "https://second.example.com/v1"
              key SECOND_KEY
              api-version "2024-10-21"
              timeout 20s
            }
            provider pretend {
              kind simulated
              region uk
              latency 50ms
              pace 100 tokens per second
              fail 5% with 503
              break 2% after 10 tokens
              reply "Hello."
            }
            model large on first "large-1" {
              context 128k tokens
              price $2.00 in, $8.00 out per 1M tokens
              can tools, vision
            }
            model other on second "other-1" {
              context 64k tokens
              price $1.00 in, $4.00 out per 1M tokens
            }
            model spare on pretend "spare-1" {
              price $0.00 in, $0.00 out per 1M tokens
            }
            pool inside {
              first large
              then spare on timeout, overloaded
              retry 2 within 3s
            }
            pool shared {
              70% large
              30% other
              then spare
            }
            pool cheap {
              choose cheapest of other, spare
            }
            route chat as "gpt-4o", "gpt-4o-mini" {
              bound when team.region is several -> pool inside
              long when prompt.tokens in 10k..100k and request.stream -> pool shared
              mine when key is tools.robot or user else "ann" is ben -> spare
              rest otherwise -> route slow
            }
            route slow {
              low when request.header("x-tier") present and request.header("x-tier") is "low" -> pool cheap
              last otherwise -> deny 429 "Later."
            }
            team clinic {
              user ann, ben
              key ward sha256 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" for ann
              may use chat
              stay in eu, uk
            }
            team tools {
              key robot sha256 "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
              may use chat, slow when time.hour in 8..18
            }
            identity login {
              issuer "https://login.example.com/"
              audience "writ", "api"
              jwks "https://login.example.com/keys"
              team clinic when claim "groups" is "wards"
              team tools when claim "realm"."roles" in ["robots", "jobs"]
              user from claim "sub"
              tag from claim "department"
              leeway 10s
            }
            rule cap on request
              when team is tools and request.max_tokens else 8k > 4k
              set request.max_tokens = 4k
            rule heat on request
              when request.temperature present and request.temperature > 1.5
              deny 400 "Too hot."
            rule far on route
              when route is slow and arm is slow.low
              tag "far"
            rule dear on response
              when response.cost else $0 > $0.50 and provider else "first" is second
              audit 10%
            rule legal on request
              when identity is login
              tag "legal"
            rule late on response
              when response.latency > 30s or model else "spare" is large
              tag "late"
            """;

    private static final Pattern DECLARED =
            Pattern.compile(
                    "(?m)^(?:secret|provider|model|pool|route|team|identity|rule) (\\w+)|^  user (\\w+), (\\w+)|^  key (\\w+) sha256|^  (\\w+) (?:when|otherwise).*->");
    private static final Pattern LITERAL =
            Pattern.compile(
                    "(?<![\\w\"-])(?:\\$[\\d.]+|\\d+%|\\d+(?:ms|s)\\b"
                            + "|\\d+(?:\\.\\d+)?[kM]?(?: tokens)?\\b)(?![\\w\"-])|\"[^\"\\n]*\"");
    private static final List<String> OTHERS =
            List.of(
                    "7",
                    "7 tokens",
                    "7 bytes",
                    "7 requests",
                    "$7",
                    "7%",
                    "7s",
                    "\"seven\"",
                    "true");

    private static List<Diagnostic> errors(String text) {
        return Checked.check(text).diagnostics().stream()
                .filter(d -> d.code().severity() == Severity.ERROR)
                .toList();
    }

    @Test
    void nothingIsWrongAtFirst() {
        assertEquals(List.of(), Checked.found(Checked.check(WHOLE)));
    }

    @Test
    void aRenamedDeclarationIsMissedWhereItIsNamedOnly() {
        List<String> wrong = new ArrayList<>();
        for (MatchResult match : DECLARED.matcher(WHOLE).results().toList()) {
            for (int group = 1; group <= match.groupCount(); group++) {
                String name = match.group(group);
                if (name == null) {
                    continue;
                }
                String text =
                        WHOLE.substring(0, match.start(group))
                                + "zz"
                                + name
                                + WHOLE.substring(match.end(group));
                for (Diagnostic error : errors(text)) {
                    if (!error.primary().span().text().contains(name)) {
                        wrong.add("%s renamed: %s".formatted(name, shown(error)));
                    }
                }
                long places = errors(text).stream().map(e -> e.primary().span()).distinct().count();
                assertEquals(places, errors(text).size(), () -> name + ": " + shown(errors(text)));
            }
        }
        assertEquals(List.of(), wrong);
    }

    @Test
    void aDeclarationThatIsGoneIsMissedWhereItIsNamedOnly() {
        List<String> wrong = new ArrayList<>();
        Pattern declaration =
                Pattern.compile(
                        "(?m)^(?:secret|provider|model|pool|route|team|identity|rule) (\\w+).*(?:\\n  .*)*(?:\\n})?\\n");
        for (MatchResult match : declaration.matcher(WHOLE).results().toList()) {
            String text = WHOLE.substring(0, match.start()) + WHOLE.substring(match.end());
            String name = match.group(1);
            List<String> gone = declaredIn(match.group());
            for (Diagnostic error : errors(text)) {
                if (gone.stream().noneMatch(error.primary().span().text()::contains)) {
                    wrong.add("%s gone: %s".formatted(name, shown(error)));
                }
            }
        }
        assertEquals(List.of(), wrong);
    }

    /// Returns the names and regions that a part of the policy brings.
    private static List<String> declaredIn(String part) {
        List<String> names = new ArrayList<>();
        Pattern.compile(DECLARED.pattern() + "|^  region (\\w+)", Pattern.MULTILINE)
                .matcher(part)
                .results()
                .forEach(
                        match -> {
                            for (int group = 1; group <= match.groupCount(); group++) {
                                if (match.group(group) != null) {
                                    names.add(match.group(group));
                                }
                            }
                        });
        return names;
    }

    @Test
    void aLineThatIsGoneIsMissedOnceOrWhereWhatItBringsIsNamed() {
        List<String> wrong = new ArrayList<>();
        List<String> lines = WHOLE.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (!line.startsWith("  ") || line.matches("  (set|deny|tag|audit) .*")) {
                continue;
            }
            List<String> left = new ArrayList<>(lines);
            left.remove(i);
            List<String> gone = declaredIn(line);
            List<Diagnostic> others =
                    errors(String.join("\n", left)).stream()
                            .filter(
                                    e ->
                                            gone.stream()
                                                    .noneMatch(e.primary().span().text()::contains))
                            .toList();
            if (others.size() > 1) {
                wrong.add("without `%s`: %s".formatted(line.strip(), shown(others)));
            }
        }
        assertEquals(List.of(), wrong);
    }

    @Test
    void aLineThatStandsTwiceIsToldOnce() {
        List<String> wrong = new ArrayList<>();
        List<String> lines = WHOLE.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (!line.startsWith("  ") || line.startsWith("  when")) {
                continue;
            }
            List<String> twice = new ArrayList<>(lines);
            twice.add(i, line);
            List<Diagnostic> errors = errors(String.join("\n", twice));
            // Two users, and two models, are two things that stand twice.
            int most = line.contains("user ") || line.contains("choose ") ? 2 : 1;
            if (errors.size() > most) {
                wrong.add("twice `%s`: %s".formatted(line.strip(), shown(errors)));
            }
        }
        assertEquals(List.of(), wrong);
    }

    @Test
    void aValueOfAnotherUnitIsToldOnceInItsLine() {
        List<String> wrong = new ArrayList<>();
        int tried = 0;
        for (MatchResult match : LITERAL.matcher(WHOLE).results().toList()) {
            int line = (int) WHOLE.substring(0, match.start()).lines().count();
            for (String other : OTHERS) {
                String text =
                        WHOLE.substring(0, match.start()) + other + WHOLE.substring(match.end());
                List<Diagnostic> errors = errors(text);
                tried++;
                boolean once = errors.size() <= 1;
                boolean there =
                        errors.stream().allMatch(e -> isNear(e, line) || other.equals("7%"));
                if (!once || !there) {
                    wrong.add("%s → %s: %s".formatted(match.group(), other, shown(errors)));
                }
            }
        }
        assertTrue(tried > 300, "tried " + tried);
        assertEquals(List.of(), wrong);
    }

    /// Tells whether the error stands in the line, or at the head of the declaration around it.
    private static boolean isNear(Diagnostic error, int line) {
        int at = error.primary().span().line();
        List<String> lines = WHOLE.lines().toList();
        int head = line;
        while (head > 1 && lines.get(head - 1).startsWith("  ")) {
            head--;
        }
        return at == line || at == head;
    }

    private static String shown(List<Diagnostic> errors) {
        return String.join("; ", errors.stream().map(OneMistakeTest::shown).toList());
    }

    private static String shown(Diagnostic error) {
        return "%s %s %s".formatted(error.code().id(), error.primary().span(), error.headline());
    }
}
