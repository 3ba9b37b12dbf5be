package dev.writ.providers.openai;

import java.math.BigDecimal;
import java.util.random.RandomGenerator;

/// Any edits, likely and unlikely ones.
final class RandomEdits {
    private static final String[] TEXTS = {
        "",
        "gpt-4o",
        "quote \" and \\ back",
        "line\nbreak\u0000\u001f\u007f",
        "\u00fc\u20ac\ud83d\ude00",
        "\ud800 half"
    };
    private static final String[] FIELDS = {
        "temperature",
        "top_p",
        "seed",
        "user",
        "stream",
        "service_tier",
        "store",
        "x",
        "a\"b",
        "\u00e4"
    };
    private static final long[] NUMBERS = {
        0, 1, -1, 42, 1_000_000, 700_000, Long.MAX_VALUE, Long.MIN_VALUE
    };

    private RandomEdits() {}

    static PlainEdits any(RandomGenerator random) {
        PlainEdits plain = new PlainEdits();
        for (int i = random.nextInt(4); i > 0; i--) {
            one(plain, FIELDS[random.nextInt(FIELDS.length)], random);
        }
        if (random.nextBoolean()) {
            String model = TEXTS[random.nextInt(1, TEXTS.length)];
            plain.set("model", model, edits -> edits.model(model));
        }
        for (int i = random.nextInt(3) == 0 ? 3 : 0; i > 0; i--) {
            plain.message(random.nextBoolean(), "system", TEXTS[random.nextInt(TEXTS.length)]);
        }
        if (random.nextInt(3) == 0) {
            plain.maxTokens(random.nextLong(1, 1_000), tokenField(random));
        }
        if (random.nextInt(3) == 0) {
            plain.maxTokensOnlyAs(tokenField(random));
        }
        if (random.nextInt(4) == 0) {
            plain.remove("stream_options");
        } else if (random.nextInt(3) == 0) {
            plain.includeUsage();
        }
        return plain;
    }

    private static TokenField tokenField(RandomGenerator random) {
        return random.nextBoolean() ? TokenField.MAX_TOKENS : TokenField.MAX_COMPLETION_TOKENS;
    }

    private static void one(PlainEdits plain, String field, RandomGenerator random) {
        long number = NUMBERS[random.nextInt(NUMBERS.length)];
        String text = TEXTS[random.nextInt(TEXTS.length)];
        switch (random.nextInt(5)) {
            case 0 ->
                    plain.set(
                            field,
                            new Tree.Written(Long.toString(number)),
                            edits -> edits.number(field, number));
            case 1 ->
                    plain.set(
                            field,
                            new Tree.Written(decimal(number)),
                            edits -> edits.decimalMicros(field, number));
            case 2 -> plain.set(field, text, edits -> edits.text(field, text));
            case 3 -> plain.set(field, true, edits -> edits.flag(field, true));
            default -> plain.remove(field);
        }
    }

    private static String decimal(long micros) {
        return BigDecimal.valueOf(micros)
                .divide(BigDecimal.valueOf(1_000_000))
                .stripTrailingZeros()
                .toPlainString();
    }
}
