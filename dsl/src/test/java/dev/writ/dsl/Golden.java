package dev.writ.dsl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Files that hold a text and what becomes of it, with a line `---- KIND` between them.
///
/// `-Dgolden=update` writes what becomes of it now; read the difference before you commit it.
public final class Golden {
    private Golden() {}

    /// Returns the files of a folder of the test resources.
    public static List<Path> files(String folder) throws IOException {
        Path resources =
                Path.of(System.getProperty("writ.root"), "dsl/src/test/resources/dev/writ/dsl");
        try (Stream<Path> files = Files.list(resources.resolve(folder))) {
            return files.filter(file -> file.toString().endsWith(".case")).sorted().toList();
        }
    }

    /// Returns the text of a file before the line `---- KIND`.
    public static String given(Path file, String kind) throws IOException {
        String text = Files.readString(file);
        int border = text.indexOf(border(kind));
        return border < 0 ? text : text.substring(0, border);
    }

    /// Checks, or writes, what stands behind the line `---- KIND`.
    public static void expect(Path file, String kind, String actual) throws IOException {
        String whole = given(file, kind) + border(kind) + actual;
        if ("update".equals(System.getProperty("golden"))) {
            Files.writeString(file, whole);
        }
        assertEquals(Files.readString(file), whole, file::toString);
    }

    private static String border(String kind) {
        return "---- " + kind + "\n";
    }
}
