package dev.writ.cli;

import dev.writ.engine.testing.TestFailure;
import dev.writ.engine.testing.TestResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Results of tests as CI systems read them: a suite a file.
final class JunitXml {
    private final StringBuilder xml = new StringBuilder();

    private JunitXml() {}

    static String of(TestReport report) {
        JunitXml writer = new JunitXml();
        writer.write(report);
        return writer.xml.toString();
    }

    private void write(TestReport report) {
        Map<String, List<TestResult>> files = new TreeMap<>();
        for (TestResult result : report.results()) {
            files.computeIfAbsent(result.test().span().source().path(), _ -> new ArrayList<>())
                    .add(result);
        }
        xml.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        open("testsuites", "writ", report.results());
        files.forEach(this::suite);
        xml.append("</testsuites>\n");
    }

    private void open(String element, String name, List<TestResult> results) {
        long failed = results.stream().filter(result -> !result.passed()).count();
        long nanos = results.stream().mapToLong(TestResult::nanos).sum();
        xml.append("<%s name=\"%s\"".formatted(element, escaped(name)));
        xml.append(" tests=\"%d\" failures=\"%d\"".formatted(results.size(), failed));
        xml.append(" errors=\"0\" skipped=\"0\"");
        xml.append(" time=\"%s\">\n".formatted(TestText.seconds(nanos)));
    }

    private void suite(String file, List<TestResult> results) {
        open("testsuite", file, results);
        for (TestResult result : results) {
            xml.append("<testcase name=\"%s\"".formatted(escaped(result.test().name())));
            xml.append(" classname=\"%1$s\" file=\"%1$s\"".formatted(escaped(file)));
            xml.append(" line=\"%d\"".formatted(result.test().span().line()));
            xml.append(" time=\"%s\"".formatted(TestText.seconds(result.nanos())));
            if (result.passed()) {
                xml.append("/>\n");
                continue;
            }
            xml.append(">\n");
            result.failures().forEach(this::failure);
            xml.append("</testcase>\n");
        }
        xml.append("</testsuite>\n");
    }

    private void failure(TestFailure failure) {
        String request = failure.request();
        xml.append("<failure message=\"%s\"".formatted(escaped(failure.headline())));
        xml.append(" type=\"expectation\">");
        List<String> lines = new ArrayList<>();
        lines.add(failure.place() + (request.isEmpty() ? "" : ", " + request));
        lines.add(failure.headline());
        lines.addAll(failure.because());
        xml.append(escaped(String.join("\n", lines))).append("</failure>\n");
    }

    /// Returns a text without what XML cannot hold.
    private static String escaped(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints()
                .forEach(
                        c -> {
                            switch (c) {
                                case '<' -> out.append("&lt;");
                                case '>' -> out.append("&gt;");
                                case '&' -> out.append("&amp;");
                                case '"' -> out.append("&quot;");
                                case '\n' -> out.append('\n');
                                default -> {
                                    boolean allowed =
                                            c >= ' '
                                                    && c != 0xfffe
                                                    && c != 0xffff
                                                    && (c < 0xd800 || c > 0xdfff);
                                    out.appendCodePoint(allowed ? c : '?');
                                }
                            }
                        });
        return out.toString();
    }
}
