package dev.writ.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.writ.dsl.source.Span;
import dev.writ.engine.testing.CoveragePoint;
import dev.writ.engine.testing.CoverageReport;
import dev.writ.engine.testing.TestFailure;
import dev.writ.engine.testing.TestResult;
import java.io.IOException;

/// Results of tests for programs.
final class TestJson {
    private TestJson() {}

    static String of(TestReport report) {
        return Check.written(json -> write(json, report)) + "\n";
    }

    private static void write(JsonGenerator json, TestReport report) throws IOException {
        json.writeStartObject();
        json.writeBooleanField("ok", report.failed() == 0);
        json.writeNumberField("tests", report.results().size());
        json.writeNumberField("failed", report.failed());
        json.writeNumberField("requests", report.requests());
        json.writeNumberField("millis", TestReport.millis(report.nanos()));
        json.writeArrayFieldStart("results");
        for (TestResult result : report.results()) {
            result(json, result);
        }
        json.writeEndArray();
        CoverageReport coverage = report.coverage();
        if (coverage != null) {
            coverage(json, coverage);
        }
        json.writeEndObject();
    }

    private static void result(JsonGenerator json, TestResult result) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", result.test().name());
        place(json, result.test().span());
        json.writeBooleanField("ok", result.passed());
        json.writeNumberField("requests", result.requests());
        json.writeArrayFieldStart("failures");
        for (TestFailure failure : result.failures()) {
            json.writeStartObject();
            place(json, failure.at());
            json.writeStringField("request", failure.request());
            json.writeStringField("message", failure.headline());
            json.writeArrayFieldStart("because");
            for (String line : failure.because()) {
                json.writeString(line);
            }
            json.writeEndArray();
            json.writeStringField("explanation", failure.explanation());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void coverage(JsonGenerator json, CoverageReport coverage) throws IOException {
        json.writeObjectFieldStart("coverage");
        json.writeNumberField("tried", coverage.all().tried());
        json.writeNumberField("all", coverage.all().all());
        json.writeNumberField("percent", coverage.all().percent());
        json.writeArrayFieldStart("missing");
        for (CoveragePoint point : coverage.missing()) {
            json.writeStartObject();
            place(json, point.span());
            json.writeStringField("kind", point.kind().word());
            json.writeStringField("message", point.missing());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void place(JsonGenerator json, Span span) throws IOException {
        json.writeStringField("path", span.source().path());
        json.writeNumberField("line", span.line());
    }
}
