package dev.writ.dsl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A fenced block of a page.
///
/// @param words what stands behind the opening fence: the language first
/// @param line of the opening fence, counted from 1
public record Fence(Path page, int line, List<String> words, String text) {
    public Fence {
        words = List.copyOf(words);
    }

    /// Returns the blocks of a page in order.
    public static List<Fence> of(Path page) throws IOException {
        List<Fence> fences = new ArrayList<>();
        List<String> lines = Files.readAllLines(page);
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).startsWith("```")) {
                List<String> words = List.of(lines.get(i).substring(3).strip().split(" +"));
                StringBuilder text = new StringBuilder();
                int line = i + 1;
                for (i++; i < lines.size() && !lines.get(i).startsWith("```"); i++) {
                    text.append(lines.get(i)).append('\n');
                }
                fences.add(new Fence(page, line, words, text.toString()));
            }
        }
        return fences;
    }

    /// Tells whether the words behind the opening fence begin so.
    public boolean is(String language, String mark) {
        return words.size() >= 2 && words.get(0).equals(language) && words.get(1).equals(mark);
    }

    /// Returns `docs/page.md:12`, for messages.
    @Override
    public String toString() {
        return page + ":" + line;
    }
}
