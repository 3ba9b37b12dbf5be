package dev.writ.engine;

import static dev.writ.engine.RandomConditions.SPAN;

import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.Condition;
import dev.writ.dsl.policy.Fact;
import dev.writ.dsl.policy.LabelSet;
import dev.writ.dsl.policy.Phase;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.Policy.Effect;
import dev.writ.dsl.policy.Policy.Settable;
import dev.writ.dsl.policy.Template;
import dev.writ.dsl.policy.ValueType;
import dev.writ.engine.internal.FactValues;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// Policies as the checker would pass them, at random, and facts for them.
///
/// The same seed makes the same policy.
final class RandomPolicy {
    private static final Set<Attribute> OF_CALLER =
            Set.of(
                    Attribute.TEAM,
                    Attribute.TEAM_REGION,
                    Attribute.KEY,
                    Attribute.IDENTITY,
                    Attribute.USER,
                    Attribute.CALLER_CLAIM);

    private static final List<String> IDENTITIES = List.of("id-0", "id-1");

    private static final Policy.Claim GROUPS = new Policy.Claim(List.of("groups"));

    private final SplittableRandom random;
    private final int ruleCount;
    private final int numbers;

    /// How many times as likely as another fact the team is asked for.
    private final int teamsAskedFor;

    private final List<Policy.Model> models = new ArrayList<>();
    private final List<Fact> facts = new ArrayList<>();
    private final List<String> teamNames = new ArrayList<>();
    private final List<String> keyNames = new ArrayList<>();
    private final List<String> armNames = new ArrayList<>();
    private final List<String> routeNames = new ArrayList<>();

    /// @param rules how many
    /// @param numbers how far thresholds reach; few make all values meet
    RandomPolicy(long seed, int rules, int numbers) {
        this.random = new SplittableRandom(seed);
        this.ruleCount = rules;
        this.numbers = numbers;
        this.teamsAskedFor = random.nextBoolean() ? 1 : 8;
    }

    /// Makes the policy.
    Policy policy() {
        // More than a rule may have in indexes of their own, now and then.
        int teamCount = 1 + random.nextInt(random.nextInt(4) == 0 ? 20 : 5);
        int routeCount = 1 + random.nextInt(4);
        for (int team = 0; team < teamCount; team++) {
            teamNames.add("team-" + team);
            keyNames.add("team-" + team + "/a");
            keyNames.add("team-" + team + "/b");
        }
        List<Integer> armCounts = new ArrayList<>();
        for (int route = 0; route < routeCount; route++) {
            routeNames.add("route-" + route);
            armCounts.add(1 + random.nextInt(6));
            for (int arm = 0; arm < armCounts.get(route); arm++) {
                armNames.add("route-" + route + "/arm-" + arm);
            }
        }
        models();
        facts();
        List<Policy.Team> teams = new ArrayList<>();
        for (int team = 0; team < teamCount; team++) {
            teams.add(team(team, routeCount));
        }
        List<Policy.Route> routes = new ArrayList<>();
        for (int route = 0; route < routeCount; route++) {
            routes.add(route(route, routeCount, armCounts.get(route)));
        }
        List<Policy.Rule> rules = new ArrayList<>();
        for (int rule = 0; rule < ruleCount; rule++) {
            rules.add(rule(rule));
        }
        return new Policy(
                "random",
                "0".repeat(64),
                List.of(models.getFirst().provider()),
                models,
                List.of(),
                routes,
                teams,
                identities(teamCount),
                rules,
                List.of(),
                facts,
                List.of());
    }

    private List<Policy.Identity> identities(int teamCount) {
        List<Policy.Identity> identities = new ArrayList<>();
        int count = random.nextInt(IDENTITIES.size() + 1);
        for (int index = 0; index < count; index++) {
            List<Policy.Membership> memberships = new ArrayList<>();
            for (int i = random.nextInt(3); i >= 0; i--) {
                memberships.add(
                        new Policy.Membership(
                                random.nextInt(teamCount), GROUPS, Set.of("group-" + i)));
            }
            boolean named = random.nextBoolean();
            identities.add(
                    new Policy.Identity(
                            index,
                            IDENTITIES.get(index),
                            SPAN,
                            "https://" + index,
                            List.of("writ"),
                            null,
                            memberships,
                            named ? new Policy.Claim(List.of("sub")) : null,
                            random.nextBoolean() ? List.of(GROUPS) : List.of(),
                            Policy.Identity.LEEWAY_DEFAULT));
        }
        return identities;
    }

    /// Returns somebody who may call: with a key, or with a token where an identity leads to a
    /// team.
    Caller caller(PolicySnapshot snapshot) {
        List<Policy.Identity> identities = snapshot.policy().identities();
        if (identities.isEmpty() || random.nextBoolean()) {
            return snapshot.callers().get(random.nextInt(snapshot.callers().size()));
        }
        Policy.Identity identity = identities.get(random.nextInt(identities.size()));
        Policy.Membership in =
                identity.memberships().get(random.nextInt(identity.memberships().size()));
        String user = List.of("alice", "bob", "carol", "dave").get(random.nextInt(4));
        return snapshot.signedIn(
                identity,
                snapshot.policy().teams().get(in.team()),
                identity.user() == null ? null : user,
                _ -> value());
    }

    private Claims.Value value() {
        return switch (random.nextInt(5)) {
            case 0 -> new Claims.Value.Absent();
            case 1 -> new Claims.Value.Other();
            case 2 -> new Claims.Value.Texts(List.of("red", "green"));
            default -> new Claims.Value.Text(conditions(Phase.REQUEST).text());
        };
    }

    /// Fills every fact that phases up to this one see first, but what is known of the caller.
    void fill(Phase phase, FactValues values) {
        RandomConditions anything = conditions(phase);
        for (Fact fact : facts) {
            if (fact.attribute().from() == phase
                    && phase != Phase.ROUTE
                    && !OF_CALLER.contains(fact.attribute())) {
                anything.fill(fact, values);
            }
        }
    }

    private void models() {
        Policy.Provider provider =
                new Policy.Provider(
                        "p", SPAN, "openai", null, "eu", null, null, Policy.Timeouts.DEFAULT, null);
        for (int i = 0; i < 3; i++) {
            models.add(
                    new Policy.Model(i, "model-" + i, SPAN, provider, "m" + i, 0, null, Set.of()));
        }
    }

    private void facts() {
        List<Attribute> attributes = new ArrayList<>(List.of(Attribute.values()));
        Collections.shuffle(attributes, new Random(random.nextLong()));
        // Few facts make clauses share tables and contradict each other.
        int kept = random.nextInt(4) == 0 ? attributes.size() : 3 + random.nextInt(10);
        for (Attribute attribute : attributes) {
            if (facts.size() >= kept && !facts.isEmpty()) {
                break;
            }
            int arguments = attribute.arguments() == 0 ? 1 : 2;
            for (int i = 0; i < arguments; i++) {
                facts.add(
                        new Fact(
                                facts.size(),
                                attribute,
                                attribute.arguments() == 0 ? null : "x-" + i,
                                labels(attribute)));
            }
        }
        // Each phase can ask something.
        for (Attribute attribute : List.of(Attribute.PROMPT_TOKENS, Attribute.TEAM)) {
            if (facts.stream().noneMatch(fact -> fact.attribute() == attribute)) {
                facts.add(new Fact(facts.size(), attribute, null, labels(attribute)));
            }
        }
    }

    private @Nullable LabelSet labels(Attribute attribute) {
        if (attribute.type() != ValueType.LABEL) {
            return null;
        }
        List<String> words =
                switch (attribute) {
                    case TEAM -> teamNames;
                    case TEAM_REGION -> List.of("anywhere", "several", "eu", "us", "unknown");
                    case KEY -> keyNames;
                    case IDENTITY -> List.of("id-0", "id-1", Policy.Identity.NONE);
                    case USER -> List.of("alice", "bob", "carol");
                    case ROUTE_NAME -> routeNames;
                    case ARM -> armNames;
                    case PROVIDER -> List.of("other", "p");
                    case PROVIDER_REGION -> List.of("us", "eu");
                    case MODEL -> models.stream().map(Policy.Model::name).toList();
                    default -> List.of("red", "green", "blue", "black");
                };
        return new LabelSet(attribute.path(), words);
    }

    private RandomConditions conditions(Phase phase) {
        List<Fact> visible = new ArrayList<>();
        for (Fact fact : facts) {
            if (fact.attribute().isKnownIn(phase)) {
                int times = fact.attribute() == Attribute.TEAM ? teamsAskedFor : 1;
                visible.addAll(Collections.nCopies(times, fact));
            }
        }
        return new RandomConditions(random, visible, numbers);
    }

    private Policy.Team team(int index, int routeCount) {
        List<Policy.Key> keys = new ArrayList<>();
        for (int key = 0; key < 2; key++) {
            String user = conditions(Phase.REQUEST).maybe(List.of("alice", "bob"));
            keys.add(
                    new Policy.Key(
                            index * 2 + key,
                            keyNames.get(index * 2 + key),
                            SPAN,
                            "%064x".formatted(index * 2 + key + 1),
                            user));
        }
        List<Policy.Grant> grants = new ArrayList<>();
        int grantCount = random.nextInt(3);
        for (int grant = 0; grant < grantCount; grant++) {
            Set<Integer> routes = new HashSet<>();
            routes.add(random.nextInt(routeCount));
            routes.add(random.nextInt(routeCount));
            grants.add(
                    new Policy.Grant(
                            SPAN,
                            routes,
                            random.nextBoolean()
                                    ? new Condition.Constant(SPAN, true)
                                    : conditions(Phase.REQUEST).condition()));
        }
        Set<String> regions =
                List.of(Set.<String>of(), Set.of("eu"), Set.of("eu", "us")).get(random.nextInt(3));
        return new Policy.Team(
                index, teamNames.get(index), SPAN, List.of("alice", "bob"), keys, grants, regions);
    }

    private Policy.Route route(int index, int routeCount, int armCount) {
        List<Policy.Arm> arms = new ArrayList<>();
        for (int arm = 0; arm < armCount; arm++) {
            Condition when =
                    arm == armCount - 1
                            ? new Condition.Constant(SPAN, true)
                            : conditions(Phase.ROUTE).condition();
            String name = "arm-" + arm;
            int label = armNames.indexOf(routeNames.get(index) + "/" + name);
            arms.add(new Policy.Arm(label, name, SPAN, when, action(index, routeCount)));
        }
        return new Policy.Route(
                index, routeNames.get(index), SPAN, List.of("alias-" + index), arms);
    }

    private Policy.ArmAction action(int route, int routeCount) {
        if (random.nextInt(5) == 0) {
            return new Policy.ArmAction.Refuse(denial());
        }
        // Only to later routes, so that there is no cycle.
        if (random.nextInt(3) == 0 && route + 1 < routeCount) {
            int to = random.nextInt(route + 1, routeCount);
            return new Policy.ArmAction.Go(new Policy.Target.ToRoute(routeNames.get(to)));
        }
        Policy.Target target =
                random.nextInt(3) == 0
                        ? new Policy.Target.ToPool(pool())
                        : new Policy.Target.ToModel(models.get(random.nextInt(models.size())));
        return new Policy.ArmAction.Go(target);
    }

    private Policy.Pool pool() {
        return new Policy.Pool(
                "pool",
                SPAN,
                Policy.Pool.Choice.FIRST,
                List.of(new Policy.Pool.Member(models.getFirst(), 0)),
                List.of(),
                Policy.Pool.Retry.NEVER);
    }

    private Policy.Rule rule(int index) {
        Phase phase = List.of(Phase.values()).get(random.nextInt(4));
        if (phase == Phase.STREAM) {
            return streamRule(index);
        }
        RandomConditions conditions = conditions(phase);
        List<Effect> effects = new ArrayList<>();
        int effectCount = 1 + random.nextInt(4);
        for (int effect = 0; effect < effectCount; effect++) {
            effects.add(effect(conditions));
        }
        Condition when =
                numbers > 1000 || random.nextInt(3) == 0
                        ? conditions.conjunction()
                        : conditions.condition();
        return new Policy.Rule(index, "rule-" + index, SPAN, phase, when, effects);
    }

    private Policy.Rule streamRule(int index) {
        RandomConditions conditions = conditions(Phase.STREAM);
        List<Effect> effects = new ArrayList<>();
        int effectCount = 1 + random.nextInt(3);
        for (int effect = 0; effect < effectCount; effect++) {
            effects.add(
                    switch (random.nextInt(6)) {
                        case 0, 1 -> new Effect.Deny(denial());
                        case 2 ->
                                new Effect.Require(
                                        new Condition.Not(SPAN, conditions.growing()), denial());
                        case 3 ->
                                new Effect.Audit(random.nextBoolean(), 1 + random.nextInt(10_000));
                        default -> new Effect.Tag("tag-" + random.nextInt(200));
                    });
        }
        return new Policy.Rule(
                index, "rule-" + index, SPAN, Phase.STREAM, conditions.growing(), effects);
    }

    /// Returns one of the three models.
    Policy.Model model(int number) {
        return models.get(number);
    }

    /// Returns a text of the few that conditions ask for.
    String text() {
        return conditions(Phase.REQUEST).text();
    }

    private Effect effect(RandomConditions conditions) {
        return switch (random.nextInt(10)) {
            case 0, 1 -> new Effect.Deny(denial());
            case 2 -> new Effect.Require(conditions.condition(), denial());
            case 3 -> new Effect.Audit(random.nextBoolean(), 1 + random.nextInt(10_000));
            case 4, 5 -> {
                Settable field =
                        List.of(Settable.values()).get(random.nextInt(Settable.values().length));
                yield switch (field.type()) {
                    case BOOL -> new Effect.SetFlag(field, random.nextBoolean());
                    case TEXT, LABEL -> new Effect.SetText(field, conditions.text());
                    case NUMBER, TOKENS, USD, DURATION, PERCENT, BYTES, COLLECTION ->
                            new Effect.SetNumber(field, conditions.numberTerm(field.type(), 2));
                };
            }
            case 6 -> {
                List<Settable> fields =
                        Arrays.stream(Settable.values()).filter(Settable::canBeClamped).toList();
                long least = random.nextInt(2_000);
                yield new Effect.Clamp(
                        fields.get(random.nextInt(fields.size())),
                        random.nextBoolean() ? Long.MIN_VALUE : least,
                        least + random.nextInt(2_000));
            }
            case 7 ->
                    new Effect.AddMessage(
                            new Policy.Message(
                                    random.nextBoolean(),
                                    Policy.Message.Role.SYSTEM,
                                    new Template(
                                            List.of(
                                                    new Template.Part.Fixed(
                                                            "m" + random.nextInt(200))))));
            default -> new Effect.Tag("tag-" + random.nextInt(200));
        };
    }

    private Policy.Denial denial() {
        return new Policy.Denial(400 + random.nextInt(100), "no " + random.nextInt(1000));
    }
}
