package dev.writ.dsl.check;

import dev.writ.dsl.check.Declarations.Declared;
import dev.writ.dsl.diagnostic.Diagnostic;
import dev.writ.dsl.diagnostic.DiagnosticCode;
import dev.writ.dsl.diagnostic.Edit;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.source.Span;
import dev.writ.dsl.syntax.Item;
import dev.writ.dsl.syntax.Item.IdentityProperty;
import dev.writ.dsl.syntax.Literal;
import dev.writ.dsl.syntax.Name;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The identities of a tree: whose tokens are taken, and what follows from their claims.
final class Identities {
    /// The identities of a tree.
    ///
    /// @param whole whether nothing is wrong in any of them
    record Checked(List<Policy.Identity> identities, boolean whole) {
        Checked {
            identities = List.copyOf(identities);
        }
    }

    private final Unit unit;
    private final Map<String, Policy.Team> teams;
    private final Map<String, Span> issuers = new HashMap<>();
    private boolean whole = true;

    private Identities(Unit unit, Map<String, Policy.Team> teams) {
        this.unit = unit;
        this.teams = teams;
    }

    /// Checks every identity, in the order of files and declarations.
    static Checked check(Unit unit, Map<String, Policy.Team> teams) {
        Identities identities = new Identities(unit, teams);
        List<Policy.Identity> checked = new ArrayList<>();
        for (Declared declared : unit.declarations().of(Kind.IDENTITY).values()) {
            if (declared.item() instanceof Item.Identity item) {
                checked.add(
                        identities.new One(item, unit.scope(declared.file()))
                                .check(checked.size()));
            } else {
                identities.whole = false;
            }
        }
        return new Checked(checked, identities.whole);
    }

    /// One identity while it is checked.
    private final class One {
        private final Item.Identity item;
        private final Scope scope;
        private final Once once = new Once(unit.report());
        private final List<Policy.Membership> memberships = new ArrayList<>();
        private final List<Policy.Claim> tags = new ArrayList<>();

        /// Where each value of a claim first leads to a team.
        private final Map<Policy.Claim, Map<String, Span>> told = new HashMap<>();

        private Literal.@Nullable Text issuer;
        private List<String> audiences = List.of();
        private Literal.@Nullable Text jwks;
        private Policy.@Nullable Claim user;
        private Duration leeway = Policy.Identity.LEEWAY_DEFAULT;
        private @Nullable Span otherwise;
        private boolean hasIssuer;
        private boolean hasAudience;
        private boolean hasTeam;

        One(Item.Identity item, Scope scope) {
            this.item = item;
            this.scope = scope;
        }

        Policy.Identity check(int index) {
            boolean readable = true;
            if (item.name().text().equals(Policy.Identity.NONE)) {
                report(
                        Amounts.notAllowed(
                                        item.name().span(),
                                        "`none` cannot be the name of an identity")
                                .at("`identity` is `none` for callers with keys"));
            }
            for (IdentityProperty property : item.properties()) {
                readable &= !(property instanceof IdentityProperty.Unknown);
                read(property);
            }
            if (readable) {
                complete();
            } else {
                whole = false; // the parser has said so
            }
            limit("lines `team`", memberships.size(), Limits.MEMBERSHIPS_MAX);
            limit("claims that become tags", tags.size(), Limits.IDENTITY_WORDS_MAX);
            return new Policy.Identity(
                    index,
                    item.name().text(),
                    item.span(),
                    issuer == null ? "" : issuer.value(),
                    audiences,
                    jwks == null ? null : jwks.value(),
                    memberships,
                    user,
                    tags,
                    leeway);
        }

        private void read(IdentityProperty property) {
            switch (property) {
                case IdentityProperty.Issuer(Span span, Literal.Text text) -> {
                    hasIssuer = true;
                    if (once.first("issuer", span)
                            && WebAddress.check(text, WebAddress.Use.ISSUER, unit.report())) {
                        issuer = text;
                        first(text);
                    }
                }
                case IdentityProperty.Audience(Span span, List<Literal.Text> texts) -> {
                    hasAudience = true;
                    if (once.first("audience", span)) {
                        audiences = words(texts, "an audience");
                        limit("audiences", texts.size(), Limits.IDENTITY_WORDS_MAX);
                    }
                }
                case IdentityProperty.Jwks(Span span, Literal.Text text) -> {
                    if (once.first("jwks", span)
                            && WebAddress.check(text, WebAddress.Use.JWKS, unit.report())) {
                        jwks = text;
                    }
                }
                case IdentityProperty.Team team -> {
                    hasTeam = true;
                    membership(team);
                }
                case IdentityProperty.User(Span span, IdentityProperty.Claim claim) -> {
                    Policy.Claim named = claim(claim);
                    if (once.first("user", span)) {
                        user = named;
                    }
                }
                case IdentityProperty.Tag(Span span, IdentityProperty.Claim claim) -> {
                    Policy.Claim named = claim(claim);
                    if (once.first("tag from " + claim.span().text(), span)) {
                        tags.add(named);
                    }
                }
                case IdentityProperty.Leeway(Span span, Literal.Time time) -> {
                    if (once.first("leeway", span)) {
                        leeway(time);
                    }
                }
                case IdentityProperty.Unknown _ -> {} // the parser has said so
            }
        }

        /// Reports what is missing.
        private void complete() {
            Name name = item.name();
            if (!hasIssuer) {
                report(
                        Providers.missing(name.span(), "identity `%s` has no issuer", name)
                                .at("whose tokens are these?")
                                .hint("Add `issuer \"https://…\"`, as tokens write it in `iss`."));
            }
            if (!hasAudience) {
                report(
                        Providers.missing(name.span(), "identity `%s` has no audience", name)
                                .at("it would take tokens that are made for others")
                                .hint(
                                        "Add `audience \"…\"`: what tokens for this gateway have"
                                                + " in `aud`."));
            }
            if (!hasTeam) {
                report(
                        Providers.missing(name.span(), "identity `%s` leads to no team", name)
                                .at("who may do what?")
                                .hint(
                                        "Add `team NAME when claim \"groups\" is \"…\"`, or"
                                                + " `team NAME otherwise` for everybody."));
            }
        }

        private void first(Literal.Text text) {
            Span first = issuers.putIfAbsent(text.value(), text.span());
            if (first != null) {
                report(
                        Diagnostic.of(
                                        DiagnosticCode.SAME_ISSUER_TWICE,
                                        text.span(),
                                        "two identities have the same issuer")
                                .at("again here")
                                .because(first, "first here")
                                .hint(
                                        "Make one of them: the issuer of a token says which"
                                                + " identity it is for."));
            }
        }

        private void membership(IdentityProperty.Team line) {
            Declared declared = scope.resolve(Kind.TEAM, line.team());
            Policy.Team team = declared == null ? null : teams.get(declared.name().text());
            whole &= team != null;
            Span before = otherwise;
            if (before != null) {
                report(
                        Diagnostic.of(
                                        DiagnosticCode.OTHERWISE_MISSING_OR_NOT_LAST,
                                        before,
                                        "`otherwise` is not the last line `team`")
                                .at("everybody is in this team")
                                .because(line.span(), "never looked at")
                                .hint("Move it below the others."));
                otherwise = null; // told
            }
            IdentityProperty.ClaimTest when = line.when();
            if (when == null) {
                otherwise = before == null ? line.span() : otherwise;
                if (team != null) {
                    memberships.add(new Policy.Membership(team.index(), null, Set.of()));
                }
                return;
            }
            Policy.Claim claim = claim(when.claim());
            Set<String> values = new LinkedHashSet<>(words(when.values(), "the value of a claim"));
            shadowed(line, claim, when.values());
            if (team != null) {
                memberships.add(new Policy.Membership(team.index(), claim, values));
            }
        }

        /// Warns of a line that nobody comes to, because lines above it catch all of its values.
        private void shadowed(
                IdentityProperty.Team line, Policy.Claim claim, List<Literal.Text> values) {
            Map<String, Span> known = told.computeIfAbsent(claim, _ -> new HashMap<>());
            Span above = null;
            boolean all = true;
            for (Literal.Text value : values) {
                Span first = known.putIfAbsent(value.value(), line.span());
                all &= first != null;
                above = first != null ? first : above;
            }
            if (all && above != null) {
                report(
                        Diagnostic.of(
                                        DiagnosticCode.SHADOWED_ARM,
                                        line.span(),
                                        "nobody comes to be in team `%s` here"
                                                .formatted(line.team().span().text()))
                                .at("the first line that holds counts")
                                .because(above, "holds first")
                                .hint("Move it up, or remove it.")
                                .fix("Remove the line", Edit.remove(line.span())));
            }
        }

        private Policy.Claim claim(IdentityProperty.Claim claim) {
            limit("names of a claim", claim.path().size(), Limits.CLAIM_DEPTH_MAX);
            return new Policy.Claim(words(claim.path(), "the name of a claim"));
        }

        private List<String> words(List<Literal.Text> texts, String noun) {
            List<String> words = new ArrayList<>();
            for (Literal.Text text : texts) {
                if (Texts.word(text, unit.report()).isBlank()) {
                    report(Amounts.notAllowed(text.span(), "%s cannot be empty".formatted(noun)));
                }
                words.add(text.value());
            }
            return words;
        }

        private void leeway(Literal.Time time) {
            Duration most = Limits.LEEWAY_MAX;
            if (time.nanos() > most.toNanos()) {
                report(
                        Amounts.notAllowed(
                                        time.span(),
                                        "clocks do not differ by `%s`"
                                                .formatted(time.span().text()))
                                .at("at most %dmin".formatted(most.toMinutes()))
                                .hint("A longer one keeps tokens alive that have expired."));
                return;
            }
            leeway = Duration.ofNanos(time.nanos());
        }

        private void limit(String noun, int count, int max) {
            if (count > max) {
                report(
                        Diagnostic.of(
                                        DiagnosticCode.TOO_LARGE,
                                        item.name().span(),
                                        "there are too many %s".formatted(noun))
                                .at(
                                        String.format(
                                                Locale.ROOT, "%,d; there may be %,d", count, max)));
            }
        }

        private void report(Diagnostic diagnostic) {
            unit.report().add(diagnostic);
        }
    }
}
