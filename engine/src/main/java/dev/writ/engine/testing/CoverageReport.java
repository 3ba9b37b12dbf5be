package dev.writ.engine.testing;

import dev.writ.engine.testing.CoveragePoint.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What tests tried of a policy, by file.
///
/// @param files by their paths
/// @param missing what no test tried, by file and line
public record CoverageReport(Map<String, OfFile> files, List<CoveragePoint> missing) {
    private static final int WHOLE = 100;

    public CoverageReport {
        files = Map.copyOf(files);
        missing = List.copyOf(missing);
    }

    /// How much of something was tried.
    public record Share(int tried, int all) {
        static final Share NONE = new Share(0, 0);

        Share plus(Share other) {
            return new Share(tried + other.tried, all + other.all);
        }

        /// Returns the share in percent, rounded down; 100 where there is nothing to try.
        public int percent() {
            return all == 0 ? WHOLE : (int) ((long) tried * WHOLE / all);
        }
    }

    /// One file.
    public record OfFile(Map<Kind, Share> kinds) {
        public OfFile {
            kinds = Map.copyOf(kinds);
        }

        public Share of(Kind kind) {
            return kinds.getOrDefault(kind, Share.NONE);
        }

        public Share all() {
            return kinds.values().stream().reduce(Share.NONE, Share::plus);
        }
    }

    /// Returns the share of everything.
    public Share all() {
        return files.values().stream().map(OfFile::all).reduce(Share.NONE, Share::plus);
    }

    static CoverageReport of(Map<CoveragePoint, Boolean> points) {
        Map<String, Map<Kind, Share>> files = new TreeMap<>();
        List<CoveragePoint> missing = new ArrayList<>();
        points.forEach(
                (point, tried) -> {
                    files.computeIfAbsent(
                                    point.span().source().path(), _ -> new EnumMap<>(Kind.class))
                            .merge(point.kind(), new Share(tried ? 1 : 0, 1), Share::plus);
                    if (!tried) {
                        missing.add(point);
                    }
                });
        missing.sort(
                Comparator.comparing((CoveragePoint p) -> p.span().source().path())
                        .thenComparingInt(p -> p.span().start())
                        .thenComparingInt(CoveragePoint::number));
        Map<String, OfFile> shown = new TreeMap<>();
        files.forEach((file, kinds) -> shown.put(file, new OfFile(kinds)));
        return new CoverageReport(shown, missing);
    }
}
