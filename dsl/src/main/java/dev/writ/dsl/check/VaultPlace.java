package dev.writ.dsl.check;

import dev.writ.dsl.policy.Policy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where in a vault a secret is: `MOUNT/PATH#FIELD`.
final class VaultPlace {
    private VaultPlace() {}

    /// Returns the secret, or null if the place is not written so.
    ///
    /// @param name of the secret
    static Policy.Secret.@Nullable FromVault of(String name, String place) {
        int field = place.indexOf('#');
        int path = place.indexOf('/');
        if (path < 1 || field < path || field != place.lastIndexOf('#')) {
            return null;
        }
        boolean isPath =
                List.of(place.substring(0, field).split("/", -1)).stream()
                        .allMatch(VaultPlace::isSegment);
        return isPath && field < place.length() - 1 && isWritable(place)
                ? new Policy.Secret.FromVault(
                        name,
                        place.substring(0, path),
                        place.substring(path + 1, field),
                        place.substring(field + 1))
                : null;
    }

    private static boolean isSegment(String segment) {
        return !segment.isBlank() && !segment.equals(".") && !segment.equals("..");
    }

    private static boolean isWritable(String place) {
        return place.chars()
                .allMatch(c -> c > ' ' && c != '?' && c != '%' && c != '\\' && c != 127);
    }
}
