package dev.writ.server.live;

import dev.writ.dsl.parse.PolicyFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.TagOpt;
import org.eclipse.jgit.transport.UsernamePasswordCredentialsProvider;
import org.eclipse.jgit.treewalk.CanonicalTreeParser;
import org.jspecify.annotations.Nullable;

/// Reads the policy files of a branch's newest commit, without a working copy.
///
/// INVARIANT (the commit id tells the text): every object from the commit down to each file is
/// read as bytes whose SHA-1 is computed again and compared with the id that led to it.
final class GitReader implements OriginReader {
    /// The variable that holds a token for private repositories; sent over https only.
    static final String TOKEN_VARIABLE = "WRIT_GIT_TOKEN";

    /// The most policy files that a commit may hold.
    static final int FILES_MAX = PolicyFiles.FILES_MAX;

    /// The largest policy file, in bytes.
    static final int FILE_BYTES_MAX = PolicyFiles.FILE_BYTES_MAX;

    /// The most text of policies, in bytes.
    static final int TREE_BYTES_MAX = PolicyFiles.TREE_BYTES_MAX;

    /// The most folders that are looked into.
    static final int FOLDERS_MAX = PolicyFiles.FOLDERS_MAX;

    /// How long the other side may be silent, in seconds.
    static final int SILENCE_SECONDS_MAX = 20;

    /// After how many new commits the fetched ones are tidied up.
    static final int TIDY_AFTER_COMMITS = 50;

    private final PolicyOrigin.OfGit origin;
    private final Path folder;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable Repository repository;
    private @Nullable ObjectId last;
    private int commits;

    /// @param repositories where fetched repositories lie, one folder each
    GitReader(PolicyOrigin.OfGit origin, Path repositories) {
        this.origin = origin;
        this.folder = repositories.resolve(Digests.hex(origin.identity()).substring(0, 32));
    }

    @Override
    public PolicySources read() throws OriginUnreadable {
        String scheme = origin.url().substring(0, Math.max(0, origin.url().indexOf("://")));
        if (!scheme.equals("https") && !scheme.equals("http") && !scheme.equals("file")) {
            throw new OriginUnreadable(
                    "%s is not an address that policies can be read from; use https, http or file"
                            .formatted(origin.identity()));
        }
        try {
            Repository local = open();
            ObjectId commit = fetch(local);
            if (!commit.equals(last)) {
                last = commit.copy();
                if (++commits % TIDY_AFTER_COMMITS == 0) {
                    Git.wrap(local).gc().call();
                }
            }
            return sources(local, commit);
        } catch (GitAPIException | IOException e) {
            throw new OriginUnreadable(
                    "%s cannot be read: %s"
                            .formatted(
                                    origin.identity(),
                                    reason(e).replace(origin.url(), origin.identity())),
                    e);
        }
    }

    @Override
    public void awaitChange() throws InterruptedException {
        if (closed.await(origin.poll().toMillis(), TimeUnit.MILLISECONDS)) {
            throw new InterruptedException("closed");
        }
    }

    @Override
    public void close() {
        closed.countDown();
        Repository known = repository;
        if (known != null) {
            known.close();
        }
    }

    private Repository open() throws IOException {
        Repository known = repository;
        if (known != null) {
            return known;
        }
        Repository opened =
                new FileRepositoryBuilder().setGitDir(folder.toFile()).setBare().build();
        if (!opened.getObjectDatabase().exists()) {
            opened.create(true);
        }
        // Nobody else uses it: what tidying up leaves over can go at once.
        opened.getConfig().setString("gc", null, "pruneExpire", "now");
        opened.getConfig().setString("gc", null, "prunePackExpire", "now");
        repository = opened;
        return opened;
    }

    private ObjectId fetch(Repository local) throws GitAPIException, IOException {
        String ref = Constants.R_HEADS + origin.branch();
        String token = System.getenv(TOKEN_VARIABLE);
        var fetch =
                Git.wrap(local)
                        .fetch()
                        .setRemote(origin.url())
                        .setRefSpecs(new RefSpec("+" + ref + ":" + ref))
                        .setTagOpt(TagOpt.NO_TAGS)
                        .setDepth(1)
                        .setTimeout(SILENCE_SECONDS_MAX);
        if (token != null && origin.url().startsWith("https://")) {
            fetch.setCredentialsProvider(
                    new UsernamePasswordCredentialsProvider("x-access-token", token));
        }
        fetch.call();
        Ref head = local.exactRef(ref);
        ObjectId commit = head == null ? null : head.getObjectId();
        if (commit == null) {
            throw new IOException("it has no branch " + origin.branch());
        }
        return commit;
    }

    private PolicySources sources(Repository local, ObjectId commit) throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (ObjectReader objects = local.newObjectReader();
                ObjectInserter.Formatter hash = new ObjectInserter.Formatter()) {
            Verified verified = new Verified(objects, hash);
            RevCommit parsed = RevCommit.parse(verified.bytes(commit, Constants.OBJ_COMMIT));
            ObjectId tree = parsed.getTree().getId();
            for (String name :
                    origin.folder().isEmpty() ? new String[0] : origin.folder().split("/", -1)) {
                tree = child(verified, tree, name);
            }
            collect(verified, tree, "", files);
        }
        if (files.isEmpty()) {
            throw new IOException("commit %s has no .writ files there".formatted(commit.name()));
        }
        return new PolicySources(PolicyFiles.of("", files), commit.name());
    }

    private ObjectId child(Verified verified, ObjectId tree, String name) throws IOException {
        for (var entries = verified.tree(tree); !entries.eof(); entries.next(1)) {
            if (FileMode.TREE.equals(entries.getEntryFileMode())
                    && entries.getEntryPathString().equals(name)) {
                return entries.getEntryObjectId();
            }
        }
        throw new IOException("it has no folder " + origin.folder());
    }

    private static void collect(
            Verified verified, ObjectId tree, String prefix, Map<String, String> files)
            throws IOException {
        for (var entries = verified.tree(tree); !entries.eof(); entries.next(1)) {
            String name = entries.getEntryPathString();
            if (name.startsWith(".")) {
                continue; // as on disk
            }
            String path = prefix + name;
            FileMode mode = entries.getEntryFileMode();
            if (FileMode.TREE.equals(mode)) {
                collect(verified, entries.getEntryObjectId(), path + "/", files);
            } else if (path.endsWith(".writ")
                    && (FileMode.REGULAR_FILE.equals(mode)
                            || FileMode.EXECUTABLE_FILE.equals(mode))) {
                if (files.size() == FILES_MAX) {
                    throw new IOException("it has more than %d policy files".formatted(FILES_MAX));
                }
                byte[] bytes = verified.bytes(entries.getEntryObjectId(), Constants.OBJ_BLOB);
                verified.count(bytes.length);
                files.put(path, text(path, bytes));
            }
        }
    }

    private static String text(String path, byte[] bytes) throws IOException {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new IOException(path + " is not UTF-8", e);
        }
    }

    private static String reason(Exception e) {
        Throwable cause = e;
        while (cause.getCause() != null && cause.getCause().getMessage() != null) {
            cause = cause.getCause();
        }
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }

    /// Objects whose content is what their id says.
    private static final class Verified {
        private final ObjectReader objects;
        private final ObjectInserter.Formatter hash;
        private int folders;
        private int policyBytes;

        Verified(ObjectReader objects, ObjectInserter.Formatter hash) {
            this.objects = objects;
            this.hash = hash;
        }

        byte[] bytes(ObjectId id, int type) throws IOException {
            ObjectLoader object = objects.open(id, type);
            if (object.getSize() > FILE_BYTES_MAX) {
                throw new IOException("object %s is larger than 1 MiB".formatted(id.name()));
            }
            byte[] bytes = object.getCachedBytes(FILE_BYTES_MAX);
            if (!hash.idFor(type, bytes).equals(id)) {
                throw new MissingObjectException(id, Constants.typeString(type));
            }
            return bytes;
        }

        /// Counts the text of policies.
        void count(int bytes) throws IOException {
            policyBytes += bytes;
            if (policyBytes > TREE_BYTES_MAX) {
                throw new IOException(
                        "it holds more than %d MB of policies"
                                .formatted(TREE_BYTES_MAX / (1024 * 1024)));
            }
        }

        CanonicalTreeParser tree(ObjectId id) throws IOException {
            if (++folders > FOLDERS_MAX) {
                throw new IOException("it has more than %d folders".formatted(FOLDERS_MAX));
            }
            CanonicalTreeParser entries = new CanonicalTreeParser();
            entries.reset(bytes(id, Constants.OBJ_TREE));
            return entries;
        }
    }
}
