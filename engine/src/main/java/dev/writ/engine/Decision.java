package dev.writ.engine;

import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.Policy.Settable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What was decided about one request so far; each phase adds to it.
///
/// Reuse it: [PolicySnapshot#decideRequest] begins anew. It allocates only while it grows to the
/// largest decision that it has held. Not for several threads at once.
public final class Decision {
    private static final Settable[] SETTABLES = Settable.values();

    private @Nullable Reason reason;
    private @Nullable String reasonName;
    private Policy.@Nullable Denial denial;
    private Policy.@Nullable Route route;
    private Policy.@Nullable Arm arm;
    private Policy.@Nullable Target target;

    private @Nullable String[] tags = new String[4];
    private int tagCount;
    private long[] tagsSeen = new long[1];

    private int setMask;
    private final long[] setNumbers = new long[SETTABLES.length];
    private final @Nullable String[] setTexts = new String[SETTABLES.length];

    private int clampMask;
    private final long[] leasts = new long[SETTABLES.length];
    private final long[] mosts = new long[SETTABLES.length];

    private Policy.@Nullable Message[] messages = new Policy.Message[2];
    private int messageCount;

    private int auditBasisPoints;
    private int fullAuditBasisPoints;

    private Policy.@Nullable Rule[] fired = new Policy.Rule[4];
    private int firedCount;

    /// Forgets everything, so that nothing is denied and nothing is decided.
    public void reset() {
        reason = null;
        reasonName = null;
        denial = null;
        route = null;
        arm = null;
        target = null;
        if (tagCount > 0) {
            Arrays.fill(tags, 0, tagCount, null);
            Arrays.fill(tagsSeen, 0);
            tagCount = 0;
        }
        if (setMask != 0) {
            Arrays.fill(setTexts, null);
            setMask = 0;
        }
        clampMask = 0;
        Arrays.fill(messages, 0, messageCount, null);
        messageCount = 0;
        auditBasisPoints = 0;
        fullAuditBasisPoints = 0;
        Arrays.fill(fired, 0, firedCount, null);
        firedCount = 0;
    }

    public boolean denied() {
        return reason != null;
    }

    /// Returns what refused first.
    ///
    /// @throws IllegalStateException unless denied
    public Reason reason() {
        return given(reason);
    }

    /// Returns the route of a missing grant, the rule, or the arm as `route/arm`.
    ///
    /// @throws IllegalStateException unless denied
    public String reasonName() {
        return given(reasonName);
    }

    /// Returns what to tell the client.
    ///
    /// @throws IllegalStateException unless denied
    public Policy.Denial denial() {
        return given(denial);
    }

    /// Returns the route whose arm was taken; before the route phase the one that was asked for.
    ///
    /// @throws IllegalStateException before the request phase
    public Policy.Route route() {
        return given(route);
    }

    /// Returns the arm that was taken; null before the route phase.
    public Policy.@Nullable Arm arm() {
        return arm;
    }

    /// Returns the model or pool to send the request to, never a route; null before the route
    /// phase and where the arm refuses.
    public Policy.@Nullable Target target() {
        return target;
    }

    public int tagCount() {
        return tagCount;
    }

    /// Returns a tag; no two are equal.
    ///
    /// @param index from 0, below [#tagCount]
    public String tag(int index) {
        return given(tags[checked(index, tagCount)]);
    }

    /// Tells whether rules set the field.
    public boolean sets(Settable field) {
        return (setMask & bit(field)) != 0;
    }

    /// Tells whether rules set any field.
    public boolean setsAnything() {
        return setMask != 0;
    }

    /// Returns the number that rules set, in the unit of the field's type.
    public long setNumber(Settable field) {
        requireSet(field);
        return setNumbers[place(field)];
    }

    /// Returns the text that rules set.
    public String setText(Settable field) {
        requireSet(field);
        return given(setTexts[place(field)]);
    }

    /// Returns the yes or no that rules set.
    public boolean setFlag(Settable field) {
        requireSet(field);
        return setNumbers[place(field)] != 0;
    }

    /// Returns how many messages rules add to those of the client.
    public int messageCount() {
        return messageCount;
    }

    /// Returns a message that a rule adds, in the order of declaration within each phase.
    ///
    /// @param index from 0, below [#messageCount]
    public Policy.Message message(int index) {
        return given(messages[checked(index, messageCount)]);
    }

    /// Returns the share of the requests that leave a decision record; 0 where no rule asks.
    public int auditBasisPoints() {
        return auditBasisPoints;
    }

    /// Returns the share of the requests whose record holds every fact that rules read; at most
    /// [#auditBasisPoints].
    public int fullAuditBasisPoints() {
        return fullAuditBasisPoints;
    }

    /// Returns how many rules did something.
    public int firedCount() {
        return firedCount;
    }

    /// Returns a rule that did something, in the order of declaration within each phase.
    ///
    /// @param index from 0, below [#firedCount]
    public Policy.Rule fired(int index) {
        return given(fired[checked(index, firedCount)]);
    }

    /// Returns all of it as values to keep.
    public Verdict verdict() {
        List<String> tagList = new ArrayList<>();
        for (int i = 0; i < tagCount; i++) {
            tagList.add(tag(i));
        }
        Map<Settable, SetValue> sets = new EnumMap<>(Settable.class);
        for (Settable field : SETTABLES) {
            if (sets(field)) {
                sets.put(field, setValue(field));
            }
        }
        List<Policy.Message> messageList = new ArrayList<>();
        for (int i = 0; i < messageCount; i++) {
            messageList.add(message(i));
        }
        List<Policy.Rule> rules = new ArrayList<>();
        for (int i = 0; i < firedCount; i++) {
            rules.add(fired(i));
        }
        return new Verdict(
                denied(),
                reason,
                reasonName,
                denial,
                route,
                arm,
                target,
                tagList,
                sets,
                messageList,
                auditBasisPoints,
                fullAuditBasisPoints,
                rules);
    }

    private SetValue setValue(Settable field) {
        return switch (field.type()) {
            case BOOL -> new SetValue.OfFlag(setFlag(field));
            case TEXT, LABEL -> new SetValue.OfText(setText(field));
            case NUMBER, TOKENS, USD, DURATION, PERCENT, BYTES, COLLECTION ->
                    new SetValue.OfNumber(setNumber(field));
        };
    }

    /// Denies, unless something that comes first has denied already.
    void deny(Reason why, String name, Policy.Denial what) {
        if (reason == null) {
            reason = why;
            reasonName = name;
            denial = what;
        }
    }

    void ask(Policy.Route asked) {
        route = asked;
    }

    void take(Policy.Route from, Policy.Arm taken, Policy.@Nullable Target to) {
        route = from;
        arm = taken;
        target = to;
    }

    /// Adds the tag, unless it is there.
    ///
    /// @param number of the tag, dense over the policy
    void tag(int number, String tag) {
        int word = number >> 6;
        if (word >= tagsSeen.length) {
            tagsSeen = Arrays.copyOf(tagsSeen, Math.max(word + 1, tagsSeen.length * 2));
        }
        if ((tagsSeen[word] & 1L << number) != 0) {
            return;
        }
        tagsSeen[word] |= 1L << number;
        if (tagCount == tags.length) {
            tags = Arrays.copyOf(tags, tagCount * 2);
        }
        tags[tagCount++] = tag;
    }

    void set(Settable field, long number) {
        setMask |= bit(field);
        setNumbers[place(field)] = number;
    }

    void set(Settable field, String text) {
        setMask |= bit(field);
        setTexts[place(field)] = text;
    }

    /// Narrows the bounds of a field.
    void clamp(Settable field, long least, long most) {
        int place = place(field);
        if ((clampMask & bit(field)) == 0) {
            clampMask |= bit(field);
            leasts[place] = least;
            mosts[place] = most;
        } else {
            leasts[place] = Math.max(leasts[place], least);
            mosts[place] = Math.min(mosts[place], most);
        }
    }

    boolean clampsAnything() {
        return clampMask != 0;
    }

    boolean clamps(Settable field) {
        return (clampMask & bit(field)) != 0;
    }

    /// Returns the number within the bounds of a field; where these exclude each other, the upper
    /// one counts.
    long clamped(Settable field, long number) {
        int place = place(field);
        return Math.min(Math.max(number, leasts[place]), mosts[place]);
    }

    void add(Policy.Message message) {
        if (messageCount == messages.length) {
            messages = Arrays.copyOf(messages, messageCount * 2);
        }
        messages[messageCount++] = message;
    }

    void audit(boolean full, int basisPoints) {
        auditBasisPoints = Math.max(auditBasisPoints, basisPoints);
        if (full) {
            fullAuditBasisPoints = Math.max(fullAuditBasisPoints, basisPoints);
        }
    }

    /// Notes that the rule did something; a rule that comes again at once counts once.
    void fire(Policy.Rule rule) {
        Policy.Rule last = firedCount == 0 ? null : fired[firedCount - 1];
        if (last != null && last.index() == rule.index()) {
            return;
        }
        if (firedCount == fired.length) {
            fired = Arrays.copyOf(fired, firedCount * 2);
        }
        fired[firedCount++] = rule;
    }

    private void requireSet(Settable field) {
        if (!sets(field)) {
            throw new IllegalStateException(field.path() + " is not set");
        }
    }

    private static int bit(Settable field) {
        return 1 << place(field);
    }

    // The place in the arrays above, which live no longer than the enum.
    @SuppressWarnings("EnumOrdinal")
    private static int place(Settable field) {
        return field.ordinal();
    }

    private static int checked(int index, int count) {
        if (index < 0 || index >= count) {
            throw new IndexOutOfBoundsException(index);
        }
        return index;
    }

    private static <T> T given(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("not decided");
        }
        return value;
    }
}
