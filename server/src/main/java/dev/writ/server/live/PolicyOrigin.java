package dev.writ.server.live;

import java.nio.file.Path;
import java.time.Duration;

/// The place that a policy is read from.
public sealed interface PolicyOrigin {
    /// How often a git repository is asked for new commits where nobody says.
    Duration POLL_DEFAULT = Duration.ofSeconds(30);

    /// The shortest time between two questions to a git repository.
    Duration POLL_MIN = Duration.ofSeconds(1);

    /// A policy file, with the files that it uses, or a folder of policy files; it is watched.
    record OfPath(Path path) implements PolicyOrigin {
        public OfPath {
            path = path.toAbsolutePath().normalize();
        }
    }

    /// A branch of a git repository; it is asked for new commits from time to time.
    ///
    /// @param url `https`, `http` or `file`
    /// @param branch its short name, such as `main`
    /// @param folder below the root of the repository, with `/` between folders; empty for the
    /// root
    /// @param poll time between two questions, at least [#POLL_MIN]
    record OfGit(String url, String branch, String folder, Duration poll) implements PolicyOrigin {
        public OfGit {
            if (poll.compareTo(POLL_MIN) < 0) {
                throw new IllegalArgumentException("poll of %s is under 1s".formatted(poll));
            }
            folder = withoutSlashes(folder);
        }

        private static String withoutSlashes(String folder) {
            int start = 0;
            int end = folder.length();
            while (start < end && folder.charAt(start) == '/') {
                start++;
            }
            while (end > start && folder.charAt(end - 1) == '/') {
                end--;
            }
            return folder.substring(start, end);
        }
    }

    /// Whether the text is the address of a git repository rather than a path.
    static boolean isGitUrl(String text) {
        return text.contains("://") || text.startsWith("git@");
    }

    /// Returns what tells this origin from every other, without what an address holds of user
    /// and password.
    default String identity() {
        return switch (this) {
            case OfPath(Path path) -> path.toString();
            case OfGit git ->
                    withoutCredentials(git.url)
                            + "#"
                            + git.branch
                            + (git.folder.isEmpty() ? "" : "/" + git.folder);
        };
    }

    private static String withoutCredentials(String url) {
        int authority = url.indexOf("://") + 3;
        if (authority < 3) {
            return url;
        }
        int path = url.indexOf('/', authority);
        int at = url.lastIndexOf('@', path < 0 ? url.length() : path);
        return at < authority ? url : url.substring(0, authority) + url.substring(at + 1);
    }
}
