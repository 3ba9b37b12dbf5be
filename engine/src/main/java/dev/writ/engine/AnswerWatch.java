package dev.writ.engine;

import dev.writ.dsl.policy.Attribute;
import dev.writ.dsl.policy.Policy;
import dev.writ.dsl.policy.StreamText;
import dev.writ.engine.internal.ClauseIndex;
import dev.writ.engine.internal.FactLayout;
import dev.writ.engine.internal.FactValues;
import dev.writ.engine.internal.StreamTests;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads one answer for the rules on stream, piece by piece, or whole as one piece.
///
/// An answer has texts, such as the content of a choice or the arguments of a tool call; a rule
/// acts as soon as its condition holds of one of them. What holds stays so, because the checker
/// takes no other conditions here. So what comes of an answer does not depend on how it is cut.
///
/// The life of a watch: [#decide] for what no text is needed for, then for each event [#event], its
/// [#text]s and [#decide]; at the end [#ended], [#decide] and [#settle].
///
/// Not for several threads at once.
public final class AnswerWatch {
    /// The most texts of one answer; beyond it every further text is unknown.
    static final int TEXTS_MAX = 2_000;

    /// No event is to be held.
    public static final long NONE = Long.MAX_VALUE;

    private final PhaseRules rules;
    private final @Nullable ClauseIndex ofTeam;
    private final StreamTests tests;
    private final StreamTests.Room room;
    private final Facts facts;
    private final FactValues values;
    private final int textSlot;
    private final int tokensSlot;
    private final int[] modelSlots;
    private final long[] modelLabels;

    /// What may happen, whatever the answer.
    private final BitSet possible = new BitSet();

    private final BitSet fired = new BitSet();
    private boolean readsText;
    private boolean readsTokens;
    private boolean readsBoth;
    private boolean holds;

    private final Map<Long, Part> byKey = new HashMap<>();
    private final List<Part> parts = new ArrayList<>();
    private final Map<Integer, Choice> choices = new HashMap<>();
    private @Nullable Part last;

    /// Stands for the answer as long as nothing of it has come.
    private final StreamTests.Text empty;

    private long event;
    private long bytes;
    private long length;
    private long tokensSaid = -1;
    private long tokensDecided = -1;
    private boolean begun;
    private boolean denies;

    /// One choice of an answer.
    private static final class Choice {
        /// The last event that had text of it.
        long event;
    }

    /// A text of an answer.
    private static final class Part {
        final long key;
        final Choice choice;
        final StreamTests.Text text;

        /// The last event that had some of it.
        long event;

        boolean changed = true;

        /// Where the pieces begin that may be held, and the events that brought them:
        /// `[from, to)`.
        int[] pieces = new int[4];

        long[] events = new long[4];
        int from;
        int to;

        Part(long key, Choice choice, StreamTests.Text text) {
            this.key = key;
            this.choice = choice;
            this.text = text;
        }

        /// A piece comes.
        void add(long of) {
            if (to == pieces.length) {
                release();
                int count = to - from;
                boolean grows = count > pieces.length / 2;
                int[] into = grows ? new int[2 * count] : pieces;
                long[] eventsInto = grows ? new long[2 * count] : events;
                System.arraycopy(pieces, from, into, 0, count);
                System.arraycopy(events, from, eventsInto, 0, count);
                pieces = into;
                events = eventsInto;
                from = 0;
                to = count;
            }
            pieces[to] = text.length();
            events[to++] = of;
        }

        /// Forgets the pieces that need not be held any more.
        private void release() {
            int held = text.heldFrom();
            while (from < to && (from + 1 < to ? pieces[from + 1] : text.length()) <= held) {
                from++;
            }
        }

        /// Returns the event that brought what is held first.
        long heldFrom() {
            if (event != choice.event) {
                return NONE; // the choice goes on elsewhere
            }
            release();
            return from == to ? NONE : events[from];
        }
    }

    private AnswerWatch(
            PhaseRules rules,
            @Nullable ClauseIndex ofTeam,
            StreamTests tests,
            Facts facts,
            Policy.Model model,
            StreamTests.Room room) {
        this.rules = rules;
        this.ofTeam = ofTeam;
        this.tests = tests;
        this.room = room;
        this.facts = facts;
        this.values = facts.values();
        this.empty = tests.new Text();
        FactLayout layout = facts.layout();
        this.textSlot = layout.slot(Attribute.STREAM_TEXT);
        this.tokensSlot = layout.slot(Attribute.STREAM_TOKENS);
        this.modelSlots =
                new int[] {
                    layout.slot(Attribute.PROVIDER),
                    layout.slot(Attribute.PROVIDER_REGION),
                    layout.slot(Attribute.MODEL)
                };
        String[] words = {model.provider().name(), model.provider().region(), model.name()};
        this.modelLabels = new long[modelSlots.length];
        for (int i = 0; i < modelSlots.length; i++) {
            modelLabels[i] = modelSlots[i] < 0 ? 0 : layout.label(modelSlots[i], words[i]);
        }
    }

    static @Nullable AnswerWatch begin(
            PhaseRules rules,
            @Nullable ClauseIndex ofTeam,
            StreamTests tests,
            Facts facts,
            Policy.Model model,
            StreamTests.Room room) {
        AnswerWatch watch = new AnswerWatch(rules, ofTeam, tests, facts, model, room);
        return watch.mayAct() ? watch : null;
    }

    /// Finds what may happen: with an answer of which nothing is known, everything that does not
    /// fire is certain not to, because conditions that are false of the unknown are false of all.
    private boolean mayAct() {
        match(null);
        for (int entry = nextFired(0); entry >= 0; entry = nextFired(entry + 1)) {
            possible.set(entry);
            boolean text = rules.readsStreamText(entry);
            boolean tokens = rules.readsStreamTokens(entry);
            readsText |= text;
            readsTokens |= tokens;
            readsBoth |= text && tokens;
            holds |= text && rules.entry(entry).denies();
        }
        return !possible.isEmpty();
    }

    private int nextFired(int from) {
        return facts.scratch().nextFired(from);
    }

    // ── Reading ──────────────────────────────────────────────────────────────────────────────

    /// Tells whether texts are read at all; if not, nothing is held, and only [#decide] is of use.
    public boolean reads() {
        return readsText || readsTokens;
    }

    /// Begins with an event of the answer; a whole answer is one.
    ///
    /// @return its number, one more than that of the event before
    public long event() {
        return ++event;
    }

    /// Reads a piece of a text.
    ///
    /// @param choice of the answer
    /// @param field which of the texts of the choice, whatever number stands for it
    public void text(int choice, int field, char[] chars, int from, int to) {
        bytes += utf8(chars, from, to);
        length += (long) to - from;
        if (!readsText || from == to) {
            return;
        }
        Part part = part(choice, field);
        if (part == null) {
            unreadable();
            return;
        }
        if (holds) {
            part.add(event);
        }
        part.event = event;
        part.choice.event = event;
        part.changed |= part.text.read(chars, from, to, room);
    }

    private @Nullable Part part(int choice, int field) {
        long key = ((long) choice << 32) | (field & 0xffffffffL);
        Part part = last;
        if (part != null && part.key == key) {
            return part;
        }
        part = byKey.get(key);
        if (part == null && parts.size() < TEXTS_MAX) {
            Choice of = choices.computeIfAbsent(choice, _ -> new Choice());
            part = new Part(key, of, tests.new Text());
            byKey.put(key, part);
            parts.add(part);
        }
        last = part;
        return part;
    }

    /// A choice of the answer is complete.
    public void ended(int choice) {
        Choice ended = choices.get(choice);
        for (Part part : parts) {
            if (part.choice.equals(ended)) {
                part.changed |= part.text.end(room);
                // What is left cannot become anything any more.
                part.from = part.to;
            }
        }
    }

    /// The answer is complete.
    public void ended() {
        if (parts.isEmpty()) {
            begun &= !empty.end(room);
        }
        choices.keySet().forEach(this::ended);
    }

    /// The answer has something that cannot be read, and may be anything.
    public void unreadable() {
        empty.isUnreadable();
        begun = false;
    }

    /// Says how many tokens there are, whatever the texts say.
    public void tokensAre(long said) {
        tokensSaid = said;
    }

    private long tokens() {
        return tokensSaid >= 0 ? tokensSaid : inTokens(bytes);
    }

    /// Estimates the size of a text in tokens, as `stream.tokens` does.
    public static long tokens(String text) {
        return inTokens(utf8(text.toCharArray(), 0, text.length()));
    }

    private static long inTokens(long bytes) {
        return (bytes + StreamText.BYTES_PER_TOKEN - 1) / StreamText.BYTES_PER_TOKEN;
    }

    /// Returns how many bytes a piece has in UTF-8; halves of a pair count two each, wherever they
    /// stand, so that it does not matter where a text is cut.
    private static long utf8(char[] chars, int from, int to) {
        long bytes = (long) to - from;
        for (int i = from; i < to; i++) {
            char c = chars[i];
            if (c >= 0x80) {
                bytes += c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
            }
        }
        return bytes;
    }

    // ── Deciding ─────────────────────────────────────────────────────────────────────────────

    /// Decides about what was read since it was asked last.
    ///
    /// @return whether a rule denies
    public boolean decide() {
        long tokens = tokens();
        boolean more = readsTokens && tokens != tokensDecided;
        tokensDecided = tokens;
        if (!begun || more) {
            begun = true;
            act(empty);
        }
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            if (part.changed || (more && readsBoth)) {
                part.changed = false;
                act(part.text);
            }
        }
        return denies;
    }

    private void act(StreamTests.Text text) {
        match(text);
        for (int entry = nextFired(0); entry >= 0; entry = nextFired(entry + 1)) {
            if (!fired.get(entry)) {
                fired.set(entry);
                denies |= rules.entry(entry).denies();
            }
        }
    }

    /// @param text of the answer; null where nothing is known of it
    private void match(StreamTests.@Nullable Text text) {
        if (tokensSlot >= 0) {
            if (text == null) {
                values.putUnknown(tokensSlot);
            } else {
                values.put(tokensSlot, tokens());
            }
        }
        for (int i = 0; i < modelSlots.length; i++) {
            if (modelSlots[i] >= 0) {
                values.put(modelSlots[i], modelLabels[i]);
            }
        }
        values.putStreamed(text);
        facts.scratch().begin();
        rules.match(ofTeam, values, facts.scratch());
        values.putStreamed(null);
    }

    /// Tells whether a rule denies.
    public boolean denies() {
        return denies;
    }

    /// Tells whether all has happened that can: nothing need be read any more.
    public boolean isDone() {
        return fired.cardinality() == possible.cardinality();
    }

    /// Returns the first event that must be held back, because its text may turn out to be part of
    /// what a denial looks for; [#NONE] if none must be.
    public long heldFrom() {
        long first = NONE;
        if (holds) {
            for (int i = 0; i < parts.size(); i++) {
                first = Math.min(first, parts.get(i).heldFrom());
            }
        }
        return first;
    }

    /// Adds what has happened to the decision, in the order of declaration. To be called once.
    public void settle(Decision decision) {
        if (textSlot >= 0) {
            values.putLength(textSlot, length);
        }
        for (int entry = fired.nextSetBit(0); entry >= 0; entry = fired.nextSetBit(entry + 1)) {
            rules.entry(entry).act(values, decision);
        }
    }
}
