package dev.writ.engine;

import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.Calendar;
import dev.writ.dsl.policy.Fact;
import dev.writ.dsl.policy.Phase;
import dev.writ.dsl.policy.Policy;
import dev.writ.engine.internal.CallerAtoms;
import dev.writ.engine.internal.ClauseIndex;
import dev.writ.engine.internal.ExactFrom;
import dev.writ.engine.internal.FactLayout;
import dev.writ.engine.internal.FactValues;
import dev.writ.engine.internal.IndexBuilder;
import dev.writ.engine.internal.IndexLimits;
import dev.writ.engine.internal.Residuals;
import dev.writ.engine.internal.Scratch;
import dev.writ.engine.internal.StreamTests;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A checked policy, compiled to decide requests fast.
///
/// Immutable: all threads share it, each request brings its own [Facts] and [Decision]. The life
/// of a request: [#identify], [#route], fill the facts, [#decideRequest], [#decideRoute], call
/// upstream, [#watchAnswer], [#decideResponse]. Deciding allocates nothing, but for what a regular
/// expression needs. `docs/design/decide.md` tells how it works.
public final class PolicySnapshot {
    /// What a client without a grant is told; the pipeline has a better text.
    private static final Policy.Denial NOT_GRANTED = new Policy.Denial(403, "");

    private static final Policy.Settable[] SETTABLES = Policy.Settable.values();

    private final Policy policy;
    private final FactLayout layout;
    private final KeyTable keys;
    private final List<Caller> callers;
    private final TeamDecider[] deciders;
    private final Map<String, Integer> tags = new HashMap<>();
    private final Map<String, Policy.Route> routes = new HashMap<>();
    private final RouteArms[] arms;
    private final Map<String, Integer> routeNumbers = new HashMap<>();
    private final PhaseRules requestRules;
    private final PhaseRules routeRules;
    private final PhaseRules streamRules;
    private final PhaseRules responseRules;
    private final StreamTests streamTests;
    private final Supplier<Scratch> scratches;

    /// For each of [#SETTABLES] the slot that conditions read it from, or -1.
    private final int[] settableSlots = new int[SETTABLES.length];

    private final List<CalendarFact> calendars;
    private final long promptTokensExactFrom;
    private final long smallestContext;
    private final int routeSlot;
    private final int armSlot;

    /// The label of each route in the closed set of [Attribute#ROUTE_NAME].
    private final int[] routeLabels;

    /// A calendar that conditions read, and where.
    private record CalendarFact(Fact fact, Calendar calendar) {}

    private PolicySnapshot(Policy policy, IndexLimits limits) {
        this.policy = policy;
        this.layout = new FactLayout(policy.facts());
        this.calendars = calendars(policy);
        this.promptTokensExactFrom = ExactFrom.of(policy, Attribute.PROMPT_TOKENS);
        this.smallestContext =
                policy.models().stream()
                        .mapToLong(Policy.Model::contextTokens)
                        .filter(context -> context > 0)
                        .min()
                        .orElse(Long.MAX_VALUE);
        this.routeSlot = layout.slot(Attribute.ROUTE_NAME);
        this.armSlot = layout.slot(Attribute.ARM);
        this.routeLabels =
                policy.routes().stream()
                        .mapToInt(
                                route -> routeSlot < 0 ? -1 : layout.label(routeSlot, route.name()))
                        .toArray();
        Arrays.setAll(settableSlots, i -> slot(layout, SETTABLES[i]));
        for (Policy.Route route : policy.routes()) {
            routeNumbers.put(route.name(), route.index());
            routes.put(route.name(), route);
            route.aliases().forEach(alias -> routes.put(alias, route));
        }

        CallerAtoms callerAtoms = new CallerAtoms(policy.teams(), policy.identities(), layout);
        IndexBuilder builder = new IndexBuilder(layout, callerAtoms, limits);
        var request = new PhaseRules.Building(policy, Phase.REQUEST, builder, callerAtoms, tags);
        var route = new PhaseRules.Building(policy, Phase.ROUTE, builder, callerAtoms, tags);
        var stream = new PhaseRules.Building(policy, Phase.STREAM, builder, callerAtoms, tags);
        var response = new PhaseRules.Building(policy, Phase.RESPONSE, builder, callerAtoms, tags);
        List<IndexBuilder.Pending> armIndexes = new ArrayList<>();
        policy.routes().forEach(of -> armIndexes.add(RouteArms.build(of, builder)));
        List<TeamDecider.Grants> grants = new ArrayList<>();
        policy.teams().forEach(team -> grants.add(TeamDecider.Grants.of(team, builder)));

        Residuals residuals = builder.finish();
        this.scratches = builder.scratches();
        this.requestRules = request.get();
        this.routeRules = route.get();
        this.streamRules = stream.get();
        this.responseRules = response.get();
        this.streamTests = builder.streamTests();
        this.arms = new RouteArms[policy.routes().size()];
        Arrays.setAll(arms, i -> RouteArms.of(policy.routes().get(i), armIndexes.get(i).get()));
        this.deciders = new TeamDecider[policy.teams().size()];
        List<Caller> all = new ArrayList<>();
        for (Policy.Team team : policy.teams()) {
            TeamDecider.Grants ofTeam = grants.get(team.index());
            TeamDecider decider =
                    new TeamDecider(
                            ofTeam.always(),
                            ofTeam.sometimes(),
                            residuals,
                            requestRules.ofTeam(team),
                            routeRules.ofTeam(team),
                            streamRules.ofTeam(team),
                            responseRules.ofTeam(team));
            deciders[team.index()] = decider;
            team.keys().forEach(key -> all.add(new Caller(team, key, decider, layout)));
        }
        this.callers = List.copyOf(all);
        this.keys = new KeyTable(callers);
    }

    /// Compiles the policy. Takes milliseconds for a thousand rules.
    public static PolicySnapshot compile(Policy policy) {
        return compile(policy, IndexLimits.DEFAULT);
    }

    static PolicySnapshot compile(Policy policy, IndexLimits limits) {
        return new PolicySnapshot(policy, limits);
    }

    public Policy policy() {
        return policy;
    }

    /// Returns who has the key with this digest, or null if nobody has.
    ///
    /// Takes the same time for every digest, known or not.
    ///
    /// @param sha256 32 bytes
    public @Nullable Caller identify(byte[] sha256) {
        return keys.find(sha256);
    }

    /// Returns somebody whom an identity vouches for. [SignIn] tells who that is.
    ///
    /// @param identity of this policy
    /// @param team of this policy
    /// @param user null where the identity's tokens name nobody
    /// @param says what the token says
    public Caller signedIn(
            Policy.Identity identity, Policy.Team team, @Nullable String user, Claims says) {
        return new Caller(
                team,
                new Caller.Shows.AToken(identity),
                user,
                says,
                CallerTags.of(identity, says, tags),
                deciders[team.index()],
                layout);
    }

    /// Returns everybody who has a key: one a key, in the order of teams and keys.
    public List<Caller> callers() {
        return callers;
    }

    /// Returns the route that clients call so, by its name or an alias, or null.
    public Policy.@Nullable Route route(String clientModel) {
        return routes.get(clientModel);
    }

    /// Fills which calendars are open.
    ///
    /// @param epochMillis the time of the request
    public void fillCalendars(Facts facts, long epochMillis) {
        for (int i = 0; i < calendars.size(); i++) {
            CalendarFact each = calendars.get(i);
            facts.putFlag(each.fact, each.calendar.isOpen(Instant.ofEpochMilli(epochMillis)));
        }
    }

    private static List<CalendarFact> calendars(Policy policy) {
        List<CalendarFact> read = new ArrayList<>();
        for (Fact fact : policy.facts()) {
            if (fact.attribute() == Attribute.CALENDAR) {
                for (Calendar calendar : policy.calendars()) {
                    if (calendar.name().equals(fact.argument())) {
                        read.add(new CalendarFact(fact, calendar));
                    }
                }
            }
        }
        return List.copyOf(read);
    }

    /// Tells whether to show the route to the caller: some grant names it, whatever its condition.
    public boolean mayList(Caller caller, Policy.Route route) {
        return caller.decider().mayGrant(route);
    }

    /// Makes room for the facts of a request, to be filled and reused.
    public Facts newFacts() {
        return new Facts(layout, scratches.get());
    }

    /// Tells whether a condition or a `set` reads the attribute, with whatever argument.
    public boolean reads(Attribute attribute) {
        return layout.reads(attribute);
    }

    /// Returns the least number of prompt tokens that makes a difference to any decision;
    /// `Long.MAX_VALUE` if none does. Below it an upper bound serves as well as the exact number,
    /// which is costly to find out.
    public long promptTokensExactFrom() {
        return promptTokensExactFrom;
    }

    /// Returns how many tokens fit into the smallest model of the policy that says how many do;
    /// `Long.MAX_VALUE` if none does.
    public long smallestContext() {
        return smallestContext;
    }

    /// Returns every fact that is read, in slot order: those with an argument, such as headers, are
    /// filled by this list.
    public List<Fact> facts() {
        return layout.facts();
    }

    /// Decides whether the team may use the route now, then what the rules of the request say.
    ///
    /// What these rules set is in the facts afterwards.
    ///
    /// @param decision begins anew
    public void decideRequest(Caller caller, Policy.Route route, Facts facts, Decision decision) {
        FactValues values = values(facts);
        require(caller);
        arms(route);
        Scratch scratch = facts.scratch();
        decision.reset();
        caller.tags().addTo(decision);
        decision.ask(route);
        scratch.begin();
        if (!caller.decider().grants(route, values, scratch)) {
            decision.deny(Reason.GRANT, route.name(), NOT_GRANTED);
        }
        apply(requestRules, caller.decider().request(), facts, decision);
    }

    /// Takes an arm, following those that lead to other routes, then decides what the rules on
    /// route say. The route and the arm are in the facts afterwards.
    public void decideRoute(Caller caller, Policy.Route route, Facts facts, Decision decision) {
        FactValues values = values(facts);
        require(caller);
        RouteArms at = arms(route);
        int arm = take(at, values, facts.scratch());
        // Checked policies have no cycle of routes: each is passed once at most.
        for (int hop = 0; next(at.route().arms().get(arm)) >= 0; hop++) {
            if (hop == arms.length) {
                throw new IllegalStateException("routes must not lead back: " + route.name());
            }
            at = arms[next(at.route().arms().get(arm))];
            arm = take(at, values, facts.scratch());
        }
        Policy.Arm taken = at.route().arms().get(arm);
        if (armSlot >= 0) {
            values.put(armSlot, taken.label());
        }
        decision.take(
                at.route(),
                taken,
                taken.action() instanceof Policy.ArmAction.Go go ? go.target() : null);
        facts.scratch().begin();
        apply(routeRules, caller.decider().route(), facts, decision);
        if (taken.action() instanceof Policy.ArmAction.Refuse refuse) {
            decision.deny(Reason.ARM, at.reasonNames().get(arm), refuse.denial());
        }
    }

    /// Returns what reads an answer for the rules on stream, before anything of it was read; null
    /// where no rule can do anything, whatever the answer.
    ///
    /// @param facts of the request, as the route phase left them; used until the watch settles
    /// @param model that answers
    /// @param room of this snapshot
    public @Nullable AnswerWatch watchAnswer(
            Caller caller, Facts facts, Policy.Model model, AnswerRoom room) {
        values(facts);
        require(caller);
        room.require(streamTests);
        return streamRules.isEmpty()
                ? null
                : AnswerWatch.begin(
                        streamRules,
                        caller.decider().stream(),
                        streamTests,
                        facts,
                        model,
                        room.room());
    }

    /// Makes room to read answers in, for one thread.
    public AnswerRoom newAnswerRoom() {
        return new AnswerRoom(streamTests);
    }

    /// Decides what the rules on response say, with the facts of the response filled.
    public void decideResponse(Caller caller, Facts facts, Decision decision) {
        values(facts);
        require(caller);
        facts.scratch().begin();
        apply(responseRules, caller.decider().response(), facts, decision);
    }

    private void apply(
            PhaseRules rules, @Nullable ClauseIndex ofTeam, Facts facts, Decision decision) {
        rules.apply(ofTeam, facts.values(), facts.scratch(), decision);
        if (decision.clampsAnything()) {
            clamp(facts.values(), decision);
        }
        if (decision.setsAnything()) {
            for (int i = 0; i < SETTABLES.length; i++) {
                Policy.Settable field = SETTABLES[i];
                int slot = settableSlots[i];
                if (slot >= 0 && decision.sets(field)) {
                    if (field.type().isNumeric()) {
                        facts.values().put(slot, decision.setNumber(field));
                    } else {
                        facts.values().put(slot, decision.setText(field));
                    }
                }
            }
        }
    }

    private void clamp(FactValues values, Decision decision) {
        for (int i = 0; i < SETTABLES.length; i++) {
            Policy.Settable field = SETTABLES[i];
            if (decision.clamps(field)) {
                int slot = settableSlots[i];
                long number =
                        decision.sets(field)
                                ? decision.setNumber(field)
                                : slot >= 0 && values.isPresent(slot)
                                        ? values.number(slot)
                                        : field.whenAbsent();
                long clamped = decision.clamped(field, number);
                if (clamped != number) {
                    decision.set(field, clamped);
                }
            }
        }
    }

    private int take(RouteArms at, FactValues values, Scratch scratch) {
        if (routeSlot >= 0) {
            values.put(routeSlot, routeLabels[at.route().index()]);
        }
        scratch.begin();
        return at.take(values, scratch);
    }

    /// Returns the place of the route to which the arm leads, or -1.
    private int next(Policy.Arm arm) {
        if (arm.action() instanceof Policy.ArmAction.Go go
                && go.target() instanceof Policy.Target.ToRoute to) {
            Integer number = routeNumbers.get(to.route());
            if (number == null) {
                throw new IllegalStateException("no route " + to.route());
            }
            return number;
        }
        return -1;
    }

    private FactValues values(Facts facts) {
        if (facts.layout() != layout) {
            throw new IllegalArgumentException("the facts must be of this snapshot");
        }
        return facts.values();
    }

    private void require(Caller caller) {
        if (caller.layout() != layout) {
            throw new IllegalArgumentException("the caller must be of this snapshot");
        }
    }

    private RouteArms arms(Policy.Route route) {
        RouteArms of = arms[route.index()];
        if (!of.route().equals(route)) {
            throw new IllegalArgumentException("the route must be of this snapshot");
        }
        return of;
    }

    private static int slot(FactLayout layout, Policy.Settable field) {
        Attribute attribute = FactLayout.attribute(field);
        return attribute == null ? -1 : layout.slot(attribute);
    }

    PhaseRules rules(Phase phase) {
        return switch (phase) {
            case REQUEST -> requestRules;
            case ROUTE -> routeRules;
            case STREAM -> streamRules;
            case RESPONSE -> responseRules;
        };
    }

    FactLayout layout() {
        return layout;
    }
}
