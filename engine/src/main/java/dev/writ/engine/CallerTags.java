package dev.writ.engine;

import dev.writ.dsl.policy.Policy;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The tags that every request of a caller has, such as `department=legal`.
///
/// The name of the claim stands in them, so that nobody gets a tag of a rule by being called like
/// it.
final class CallerTags {
    /// How many tags a token gives; the rest is left out.
    static final int TAGS_MAX = 16;

    /// The longest tag, in UTF-16 units; a longer one is left out.
    static final int TAG_CHARS_MAX = 200;

    static final CallerTags NONE = new CallerTags(List.of(), new int[0]);

    private final List<String> tags;

    /// By which a decision tells tags apart.
    private final int[] numbers;

    private CallerTags(List<String> tags, int[] numbers) {
        this.tags = tags;
        this.numbers = numbers;
    }

    /// Returns the tags of whoever brings a token.
    ///
    /// @param known numbers of the tags of rules, dense
    static CallerTags of(Policy.Identity identity, Claims says, Map<String, Integer> known) {
        Set<String> tags = new LinkedHashSet<>();
        for (Policy.Claim claim : identity.tags()) {
            for (String text : says.find(claim).texts()) {
                String tag = claim.name() + "=" + text;
                boolean fits =
                        tags.size() < TAGS_MAX
                                && tag.length() <= TAG_CHARS_MAX
                                && tag.codePoints().noneMatch(ConditionText::isUnseen);
                if (fits) {
                    tags.add(tag);
                }
            }
        }
        List<String> list = new ArrayList<>(tags);
        int[] numbers = new int[list.size()];
        for (int i = 0; i < numbers.length; i++) {
            Integer number = known.get(list.get(i));
            numbers[i] = number == null ? known.size() + i : number;
        }
        return list.isEmpty() ? NONE : new CallerTags(List.copyOf(list), numbers);
    }

    List<String> tags() {
        return tags;
    }

    void addTo(Decision decision) {
        for (int i = 0; i < numbers.length; i++) {
            decision.tag(numbers[i], tags.get(i));
        }
    }
}
