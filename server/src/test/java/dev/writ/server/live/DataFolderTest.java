package dev.writ.server.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Where a gateway keeps things, and for whom.
final class DataFolderTest {
    @TempDir Path temp;

    @Test
    void isForThisUserAndOneGatewayAtATime() throws IOException {
        Path path = temp.resolve("new/data");
        try (DataFolder data = DataFolder.open(path)) {
            assertEquals(path, data.path());
            assertEquals(
                    "rwx------",
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
            IOException e = assertThrows(IOException.class, () -> DataFolder.open(path));
            assertEquals("another gateway uses the data folder %s".formatted(path), e.getMessage());
        }
        DataFolder.open(path).close();
    }

    @Test
    void makesATokenOnceThatOthersCannotReadAndTakesOneThatIsThere() throws IOException {
        Path path = temp.resolve("data");
        Path file = path.resolve(DataFolder.TOKEN_FILE);
        try (DataFolder data = DataFolder.open(path)) {
            String token = data.managementToken();
            assertEquals(43, token.length());
            assertEquals(
                    "rw-------",
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
            assertEquals(token, data.managementToken());
            Files.delete(file);
            assertNotEquals(token, data.managementToken());
            Files.writeString(file, "chosen\n");
            assertEquals("chosen", data.managementToken());
            Files.writeString(file, "\n");
            assertThrows(IOException.class, data::managementToken);
        }
    }

    @Test
    void liesWhereTheSystemKeepsState() {
        assertEquals(
                Path.of("/state/writ"),
                DataFolder.defaultPath(Map.of("XDG_STATE_HOME", "/state"), "/home/a"));
        assertEquals(
                Path.of("/home/a/.local/state/writ"),
                DataFolder.defaultPath(Map.of("XDG_STATE_HOME", "relative"), "/home/a"));
        assertEquals(
                Path.of("/home/a/.local/state/writ"), DataFolder.defaultPath(Map.of(), "/home/a"));
    }
}
