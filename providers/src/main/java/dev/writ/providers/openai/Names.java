package dev.writ.providers.openai;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The names that the open objects of a body have so far, to notice one that stands twice.
///
/// Two readers that disagree about which of two fields counts would let a client show one request
/// to the policy and another to the provider.
///
/// INVARIANT (a stack): objects close in the reverse order of opening, and a name is added only to
/// the one opened last.
final class Names {
    /// Up to so many names are compared one by one.
    private static final int FEW = 16;

    private @Nullable String[] names = new @Nullable String[32];
    private int size;
    private @Nullable Set<String> @Nullable [] sets;

    /// Opens an object.
    ///
    /// @return the handle for [#add] and [#close]
    int open() {
        return size;
    }

    /// Closes the object that was opened last.
    void close(int object, int depth) {
        Arrays.fill(names, object, size, null);
        size = object;
        if (sets != null && sets[depth] != null) {
            sets[depth] = null;
        }
    }

    /// Returns how many names the open objects have.
    int size() {
        return size;
    }

    /// Tells whether the object opened last did not have the name yet, and adds it.
    ///
    /// @param depth how many objects and arrays are open
    boolean add(int object, int depth, String name) {
        if (size - object < FEW) {
            for (int i = object; i < size; i++) {
                if (name.equals(names[i])) {
                    return false;
                }
            }
        } else if (!set(object, depth).add(name)) {
            return false;
        }
        if (size == names.length) {
            names = Arrays.copyOf(names, size * 2);
        }
        names[size++] = name;
        return true;
    }

    @SuppressWarnings("unchecked")
    private Set<String> set(int object, int depth) {
        if (sets == null) {
            sets = (@Nullable Set<String>[]) new @Nullable Set<?>[RequestLimits.DEPTH_MAX + 1];
        }
        Set<String> set = sets[depth];
        if (set == null) {
            set = new HashSet<>();
            for (int i = object; i < size; i++) {
                String name = names[i];
                if (name != null) {
                    set.add(name);
                }
            }
            sets[depth] = set;
        }
        return set;
    }
}
