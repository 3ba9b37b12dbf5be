package dev.writ.dsl.source;

import java.util.List;

/// Every file of one policy: the unit that is checked, compiled and swapped as a whole.
///
/// @param entry path of the file that stands for the tree in messages; for a folder, its first file
/// @param files in the order of their paths, each path once
public record SourceTree(String entry, List<Source> files) {
    public SourceTree {
        files = List.copyOf(files);
    }
}
