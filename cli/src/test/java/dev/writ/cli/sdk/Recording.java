package dev.writ.cli.sdk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What a provider answers, one answer after the other and then from the first again: a file of
/// `sdk-tests/wire`.
///
/// Each answer begins with a line that says how it ends, then come status line, headers, an empty
/// line and the body, which is sent byte for byte. Lines before the first answer tell what the
/// recording is of.
///
/// @param name of the file without its ending; what routes and models are called by
record Recording(String name, List<Answer> answers) {
    private static final String ENDING = ".http";

    /// How an answer ends.
    enum End {
        /// As HTTP wants it.
        WHOLE("==== answer"),
        /// The connection is cut behind the last byte.
        BREAK("==== answer, then break"),
        /// Nothing more comes, and the connection stays open.
        HOLD("==== answer, then hold"),
        /// Nothing comes at all.
        SILENCE("==== silence");

        private final String line;

        End(String line) {
            this.line = line;
        }
    }

    /// One answer.
    ///
    /// @param head status line and headers; empty for [End#SILENCE]
    record Answer(End end, List<String> head, String body) {
        boolean streamed() {
            return head.stream().anyMatch(line -> line.startsWith("content-type: text/event-"));
        }
    }

    /// Reads every recording of a folder, in the order of their names.
    static List<Recording> load(Path folder) throws IOException {
        List<Recording> recordings = new ArrayList<>();
        try (var files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                if (!name.endsWith(ENDING)) {
                    throw new IOException(file + " is not a recording");
                }
                recordings.add(
                        parse(
                                name.substring(0, name.length() - ENDING.length()),
                                Files.readString(file)));
            }
        }
        return recordings;
    }

    /// Reads the text of a recording.
    static Recording parse(String name, String text) {
        List<Answer> answers = new ArrayList<>();
        int at = start(text, 0);
        while (at < text.length()) {
            int head = text.indexOf('\n', at) + 1;
            int next = start(text, head);
            answers.add(answer(text.substring(at, head - 1), text.substring(head, next)));
            at = next;
        }
        if (answers.isEmpty()) {
            throw new IllegalArgumentException(name + " must hold an answer");
        }
        return new Recording(name, List.copyOf(answers));
    }

    private static int start(String text, int from) {
        int at = from;
        while (at < text.length() && !text.startsWith("====", at)) {
            int lineEnd = text.indexOf('\n', at);
            at = lineEnd < 0 ? text.length() : lineEnd + 1;
        }
        return at;
    }

    private static Answer answer(String line, String text) {
        for (End end : End.values()) {
            if (end.line.equals(line)) {
                int empty = text.indexOf("\n\n");
                return empty < 0
                        ? new Answer(end, List.of(), "")
                        : new Answer(
                                end,
                                text.substring(0, empty).lines().toList(),
                                text.substring(empty + 2));
            }
        }
        throw new IllegalArgumentException("`%s` is no way to end".formatted(line));
    }
}
