package dev.writ.server.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.writ.dsl.source.Source;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.DeflaterOutputStream;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.TreeFormatter;
import org.eclipse.jgit.revwalk.RevCommit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Policies in git; real repositories.
final class GitReaderTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.EPOCH);

    @TempDir Path temp;
    private Path work;
    private Path fetched;
    private Git git;

    @BeforeEach
    void makeRepository() throws Exception {
        work = Files.createDirectory(temp.resolve("work"));
        fetched = Files.createDirectory(temp.resolve("fetched"));
        git = Git.init().setDirectory(work.toFile()).setInitialBranch("main").call();
    }

    @AfterEach
    void closeRepository() {
        git.close();
    }

    @Test
    void readsTheFilesOfTheNewestCommit() throws Exception {
        commit("b.writ", "two");
        RevCommit head = commit("below/a.writ", "one");
        commitElsewhere();
        Files.writeString(work.resolve("b.writ"), "not committed");
        try (GitReader reader = reader("main", "")) {
            PolicySources sources = reader.read();
            assertEquals(head.name(), sources.commit());
            assertEquals(List.of("b.writ=two", "below/a.writ=one"), texts(sources));
        }
    }

    @Test
    void readsOneFolder() throws Exception {
        commit("outside.writ", "no");
        commit("team/a/p.writ", "yes");
        try (GitReader reader = reader("main", "/team/a/")) {
            assertEquals(List.of("p.writ=yes"), texts(reader.read()));
        }
        try (GitReader reader = reader("main", "team/b")) {
            String message = refusal(reader);
            assertTrue(message.endsWith("it has no folder team/b"), message);
        }
    }

    @Test
    void followsTheBranchAlsoWhenItsHistoryIsRewritten() throws Exception {
        commit("p.writ", "one");
        try (GitReader reader = reader("main", "")) {
            String first = reader.read().commit();
            RevCommit second = commit("p.writ", "two");
            assertEquals(second.name(), reader.read().commit());
            RevCommit amended =
                    git.commit()
                            .setAmend(true)
                            .setSign(false)
                            .setAuthor("writ", "writ@example.org")
                            .setMessage("rewritten")
                            .call();
            assertEquals(amended.name(), reader.read().commit());
            git.checkout().setName("main").call();
            git.reset()
                    .setRef(first)
                    .setMode(org.eclipse.jgit.api.ResetCommand.ResetType.HARD)
                    .call();
            assertEquals(first, reader.read().commit());
        }
    }

    @Test
    void tidiesUpAndGoesOn() throws Exception {
        commit("p.writ", "0");
        try (GitReader reader = reader("main", "")) {
            for (int i = 1; i <= GitReader.TIDY_AFTER_COMMITS + 1; i++) {
                RevCommit head = commit("p.writ", "text " + i);
                PolicySources sources = reader.read();
                assertEquals(head.name(), sources.commit());
                assertEquals(List.of("p.writ=text " + i), texts(sources));
            }
        }
        try (Stream<Path> files = Files.walk(fetched)) {
            long packs = files.filter(f -> f.toString().endsWith(".pack")).count();
            assertTrue(packs < GitReader.TIDY_AFTER_COMMITS, packs + " packs");
        }
    }

    @Test
    void goesOnWithWhatAnEarlierProcessFetched() throws Exception {
        commit("p.writ", "one");
        try (GitReader reader = reader("main", "")) {
            reader.read();
        }
        RevCommit second = commit("p.writ", "two");
        try (GitReader reader = reader("main", "")) {
            assertEquals(second.name(), reader.read().commit());
        }
    }

    @Test
    void saysWhatIsMissing() throws Exception {
        commit("p.writ", "one");
        try (GitReader reader = reader("other", "")) {
            String message = refusal(reader);
            assertTrue(message.contains("refs/heads/other"), message);
        }
        PolicyOrigin.OfGit nowhere =
                new PolicyOrigin.OfGit(
                        temp.resolve("nowhere").toUri().toString(),
                        "main",
                        "",
                        PolicyOrigin.POLL_DEFAULT);
        try (GitReader reader = new GitReader(nowhere, fetched)) {
            String message = refusal(reader);
            assertTrue(message.contains("nowhere"), message);
        }
        PolicyOrigin.OfGit ssh =
                new PolicyOrigin.OfGit(
                        "git@example.org:a/b", "main", "", PolicyOrigin.POLL_DEFAULT);
        try (GitReader reader = new GitReader(ssh, fetched)) {
            String message = refusal(reader);
            assertTrue(message.contains("use https, http or file"), message);
        }
    }

    @Test
    void neverTellsThePasswordOfAnAddressThatCannotBeReached() throws Exception {
        int closedPort;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closedPort = socket.getLocalPort();
        }
        PolicyOrigin.OfGit origin =
                new PolicyOrigin.OfGit(
                        "http://user:pa55word@127.0.0.1:" + closedPort + "/p.git",
                        "main",
                        "",
                        PolicyOrigin.POLL_DEFAULT);
        try (GitReader reader = new GitReader(origin, fetched)) {
            String message = refusal(reader);
            assertTrue(message.contains("127.0.0.1:" + closedPort), message);
            assertFalse(message.contains("pa55word"), message);
        }
    }

    @Test
    void aCommitWithoutPoliciesIsRefused() throws Exception {
        commit("readme.txt", "nothing");
        try (GitReader reader = reader("main", "")) {
            String message = refusal(reader);
            assertTrue(message.endsWith("has no .writ files there"), message);
        }
    }

    @Test
    void takesAtMostSoManyFiles() throws Exception {
        commitFiles(GitReader.FILES_MAX);
        try (GitReader reader = reader("main", "")) {
            assertEquals(GitReader.FILES_MAX, reader.read().tree().files().size());
            commitFiles(GitReader.FILES_MAX + 1);
            String message = refusal(reader);
            assertTrue(message.endsWith("more than 1000 policy files"), message);
        }
    }

    @Test
    void takesFilesUpToTheLimit() throws Exception {
        commit("p.writ", "x".repeat(GitReader.FILE_BYTES_MAX));
        try (GitReader reader = reader("main", "")) {
            assertEquals(1, reader.read().tree().files().size());
            commit("p.writ", "x".repeat(GitReader.FILE_BYTES_MAX + 1));
            assertThrows(OriginUnreadable.class, reader::read);
        }
    }

    @Test
    void takesTextUpToTheLimit() throws Exception {
        String largest = "x".repeat(GitReader.FILE_BYTES_MAX);
        int files = GitReader.TREE_BYTES_MAX / GitReader.FILE_BYTES_MAX;
        for (int i = 0; i < files; i++) {
            commit(i + ".writ", largest);
        }
        try (GitReader reader = reader("main", "")) {
            assertEquals(files, reader.read().tree().files().size());
            commit("more.writ", "x");
            String message = refusal(reader);
            assertTrue(message.endsWith("holds more than 16 MB of policies"), message);
        }
    }

    @Test
    void passesOverWhatIsHidden() throws Exception {
        commit(".github/p.writ", "hidden");
        commit("below/.draft.writ", "hidden");
        commit("p.writ", "shown");
        try (GitReader reader = reader("main", "")) {
            assertEquals(
                    List.of("p.writ"),
                    reader.read().tree().files().stream().map(Source::path).toList());
        }
    }

    @Test
    void noticesAnObjectThatIsNotWhatItsIdSays() throws Exception {
        commit("p.writ", "true text");
        try (GitReader reader = reader("main", "")) {
            reader.read();
        }
        try (GitReader reader = reader("main", "")) {
            ObjectId blob = Objects.requireNonNull(git.getRepository().resolve("main:p.writ"));
            forge(blob, "forged txt");
            String message = refusal(reader);
            assertTrue(message.contains(blob.name()), message);
        }
    }

    @Test
    void reloadsWhenTheBranchMovesAndSaysWhichCommitServes() throws Exception {
        RevCommit first = commit("p.writ", "one");
        BlockingQueue<ReloadOutcome> outcomes = new LinkedBlockingQueue<>();
        PolicyOrigin origin =
                new PolicyOrigin.OfGit(work.toUri().toString(), "main", "", PolicyOrigin.POLL_MIN);
        try (DataFolder data = DataFolder.open(temp.resolve("data"));
                Reloader<String> reloader =
                        Reloader.start(origin, new Texts(), data, CLOCK, outcomes::add)) {
            assertEquals(first.name(), reloader.status().commit());
            RevCommit second = commit("p.writ", "two");
            ReloadOutcome outcome = outcomes.poll(30, TimeUnit.SECONDS);
            assertNotNull(outcome);
            assertInstanceOf(ReloadOutcome.Swapped.class, outcome);
            assertEquals(second.name(), reloader.status().commit());
            assertEquals("p.writ=two", reloader.current().get());
            RevCommit third = commit("p.writ", "broken");
            ReloadOutcome refused = outcomes.poll(30, TimeUnit.SECONDS);
            assertNotNull(refused);
            assertEquals(
                    third.name(), assertInstanceOf(ReloadOutcome.Refused.class, refused).commit());
            assertEquals(second.name(), reloader.status().commit());
        }
    }

    @Test
    void neverTellsCredentialsOfAnAddress() {
        PolicyOrigin.OfGit origin =
                new PolicyOrigin.OfGit(
                        "https://user:secret@git.example.org/a/b.git",
                        "main",
                        "x",
                        Duration.ofSeconds(1));
        assertEquals("https://git.example.org/a/b.git#main/x", origin.identity());
        assertFalse(PolicyOrigin.isGitUrl("policies/quickstart"));
        assertTrue(PolicyOrigin.isGitUrl("https://git.example.org/a/b.git"));
    }

    private GitReader reader(String branch, String folder) {
        return new GitReader(
                new PolicyOrigin.OfGit(
                        work.toUri().toString(), branch, folder, PolicyOrigin.POLL_DEFAULT),
                fetched);
    }

    private static String refusal(GitReader reader) {
        return String.valueOf(assertThrows(OriginUnreadable.class, reader::read).getMessage());
    }

    private RevCommit commit(String path, String text) throws Exception {
        Path file = work.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        git.add().addFilepattern(path).call();
        return git.commit()
                .setSign(false)
                .setAuthor("writ", "writ@example.org")
                .setCommitter("writ", "writ@example.org")
                .setMessage("change " + path)
                .call();
    }

    private void commitElsewhere() throws Exception {
        git.checkout().setCreateBranch(true).setName("elsewhere").call();
        commit("c.writ", "elsewhere");
        git.checkout().setName("main").call();
    }

    private void commitFiles(int count) throws IOException {
        var repository = git.getRepository();
        try (ObjectInserter objects = repository.newObjectInserter()) {
            ObjectId blob = objects.insert(Constants.OBJ_BLOB, new byte[] {'x'});
            TreeFormatter tree = new TreeFormatter();
            for (int i = 0; i < count; i++) {
                tree.append("%05d.writ".formatted(i), FileMode.REGULAR_FILE, blob);
            }
            CommitBuilder commit = new CommitBuilder();
            commit.setTreeId(objects.insert(tree));
            PersonIdent who = new PersonIdent("writ", "writ@example.org");
            commit.setAuthor(who);
            commit.setCommitter(who);
            ObjectId id = objects.insert(commit);
            objects.flush();
            RefUpdate update = repository.updateRef("refs/heads/main");
            update.setNewObjectId(id);
            update.forceUpdate();
        }
    }

    /// Puts other content under the id of a fetched object, as a broken disk or a forger would.
    private void forge(ObjectId id, String text) throws IOException {
        Path objects;
        try (Stream<Path> files = Files.walk(fetched)) {
            objects = files.filter(f -> f.endsWith("objects")).findFirst().orElseThrow();
        }
        try (Stream<Path> packs = Files.list(objects.resolve("pack"))) {
            for (Path pack : packs.toList()) {
                Files.delete(pack);
            }
        }
        Path loose = work.resolve(".git/objects");
        try (Stream<Path> files = Files.walk(loose)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copy = objects.resolve(loose.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.write(copy, Files.readAllBytes(file));
            }
        }
        String name = id.name();
        Path forged = objects.resolve(name.substring(0, 2)).resolve(name.substring(2));
        assertTrue(Files.exists(forged), "no loose object to forge");
        try (OutputStream out = new DeflaterOutputStream(Files.newOutputStream(forged))) {
            out.write(("blob " + text.length() + "\0" + text).getBytes(StandardCharsets.US_ASCII));
        }
    }

    private static List<String> texts(PolicySources sources) {
        return sources.tree().files().stream().map(f -> f.path() + "=" + f.text()).toList();
    }
}
