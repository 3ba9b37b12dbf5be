package dev.writ.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Numbers by name, one or more of each; the median of each is printed.
public final class Report {
    private final String prefix;
    private final Map<String, List<Double>> numbers = new LinkedHashMap<>();

    /// @param prefix of every name, before a dot
    public Report(String prefix) {
        this.prefix = prefix;
    }

    public void add(String name, double number) {
        numbers.computeIfAbsent(name, _ -> new ArrayList<>()).add(number);
    }

    public void add(String name, long number) {
        add(name, (double) number);
    }

    /// Prints `prefix.name value` lines, in the order in which names were first added.
    public void print() {
        numbers.forEach(
                (name, values) -> {
                    double median = median(values);
                    String format = Math.abs(median) < 20 && median % 1 != 0 ? "%.2f" : "%.0f";
                    System.out.println(
                            prefix + "." + name + " " + String.format(Locale.ROOT, format, median));
                });
    }

    /// Tells on standard error what is under way.
    public static void progress(String text) {
        System.err.println("bench: " + text);
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1
                ? sorted.get(middle)
                : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
