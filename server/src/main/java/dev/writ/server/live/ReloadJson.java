package dev.writ.server.live;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/// What serves and what came of attempts to change it, as JSON.
public final class ReloadJson {
    private ReloadJson() {}

    /// Writes the fields of a status into an object that is open.
    public static void writeFields(JsonGenerator json, ReloadStatus status) throws IOException {
        json.writeStringField("origin", status.origin());
        json.writeObjectFieldStart("policy");
        json.writeStringField("id", status.policyId());
        json.writeStringField("commit", status.commit());
        json.writeStringField("since", status.since().toString());
        json.writeBooleanField("last_good", status.lastGood());
        json.writeBooleanField("up_to_date", status.upToDate());
        json.writeEndObject();
        json.writeNumberField("swaps", status.swaps());
        json.writeNumberField("refusals", status.refusals());
        json.writeStringField("not_kept", status.notKept());
        json.writeFieldName("last_attempt");
        write(json, status.last());
    }

    /// Writes an outcome as an object.
    public static void write(JsonGenerator json, ReloadOutcome outcome) throws IOException {
        json.writeStartObject();
        json.writeStringField("at", outcome.at().toString());
        switch (outcome) {
            case ReloadOutcome.Swapped swapped -> {
                json.writeStringField("outcome", "swapped");
                json.writeStringField("policy_id", swapped.policyId());
                json.writeStringField("commit", swapped.commit());
                json.writeFieldName("diagnostics");
                DiagnosticJson.write(json, swapped.warnings());
            }
            case ReloadOutcome.Unchanged _ -> json.writeStringField("outcome", "unchanged");
            case ReloadOutcome.Refused refused -> {
                json.writeStringField("outcome", "refused");
                json.writeStringField("commit", refused.commit());
                json.writeFieldName("diagnostics");
                DiagnosticJson.write(json, refused.diagnostics());
                DiagnosticJson.texts(json, "problems", refused.problems());
            }
        }
        json.writeEndObject();
    }
}
