package dev.writ.providers.openai;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A body with edits, as slices of its bytes and new pieces between them.
///
/// INVARIANT (a field is kept): `model` is never removed, so a field that is inserted at the front
/// always has one behind it, and the last one that is kept has none of the removed behind its
/// comma.
final class Rewriting {
    private static final byte[] COMMA = {','};
    private static final byte[] TRUE = {'t', 'r', 'u', 'e'};

    private final RequestFields read;
    private final byte[] body;
    private final List<ByteBuffer> out = new ArrayList<>();

    // What is to become of each field.
    private final byte[] @Nullable [] newNames;
    private final byte[] @Nullable [] newValues;
    private final boolean[] removed;

    /// Up to here the body is in `out`, or left out.
    private int done;

    private Rewriting(RequestFields read) {
        this.read = read;
        this.body = read.body;
        this.done = read.start;
        int fields = read.fieldCount();
        newNames = new byte[fields][];
        newValues = new byte[fields][];
        removed = new boolean[fields];
    }

    static List<ByteBuffer> of(RequestFields read, Edits edits) {
        Rewriting rewriting = new Rewriting(read);
        if (!edits.isEmpty()) {
            rewriting.edit(edits);
        }
        rewriting.copyTo(read.length);
        return rewriting.out;
    }

    private void edit(Edits edits) {
        int brace = read.start;
        while (body[brace] != '{') {
            brace++;
        }
        copyTo(brace + 1);
        for (int i = 0; i < edits.names.size(); i++) {
            byte[] value = edits.values.get(i);
            int field = read.field(edits.names.get(i));
            if (field >= 0 && value != null) {
                newValues[field] = value;
            } else if (field >= 0) {
                removed[field] = true;
            } else if (value != null) {
                insert(edits.names.get(i), value);
            }
        }
        if (read.endpoint != Endpoint.EMBEDDINGS) {
            bound(edits);
        }
        if (edits.includeUsage && read.field("stream_options") < 0) {
            insert("stream_options", ascii("{\"include_usage\":true}"));
        }
        fields(edits);
    }

    /// Edits the bound of the answer. A field that is null counts as not there.
    private void bound(Edits edits) {
        byte[] value = edits.maxTokens;
        TokenField only =
                read.endpoint == Endpoint.CHAT
                        ? edits.only
                        : value == null ? null : TokenField.MAX_TOKENS;
        TokenField name = only == null ? edits.insertedAs : only;
        int field = read.field(name.field());
        int other = read.field(name.other().field());
        boolean isGiven = field >= 0 && !isNull(field);
        boolean isOtherGiven = other >= 0 && !isNull(other);
        if (only == null && (isGiven || isOtherGiven)) {
            replace(field, isGiven, value);
            replace(other, isOtherGiven, value);
            return;
        }
        if (only != null && other >= 0) {
            if (field < 0 && isOtherGiven) {
                newNames[other] = quoted(name.field());
                newValues[other] = value;
                return;
            }
            removed[other] = true;
            if (value == null && !isGiven && isOtherGiven) {
                value = Arrays.copyOfRange(body, read.valueStart(other), read.valueEnd(other));
            }
        }
        if (field >= 0) {
            replace(field, true, value);
        } else if (value != null) {
            insert(name.field(), value);
        }
    }

    private void replace(int field, boolean isWanted, byte @Nullable [] value) {
        if (isWanted && value != null) {
            newValues[field] = value;
        }
    }

    private boolean isNull(int field) {
        return body[read.valueStart(field)] == 'n';
    }

    private void insert(String name, byte[] value) {
        put(quoted(name));
        put(new byte[] {':'});
        put(value);
        put(COMMA);
    }

    private void fields(Edits edits) {
        int lastKept = removed.length - 1;
        while (removed[lastKept]) {
            lastKept--;
        }
        for (int i = 0; i <= lastKept; i++) {
            if (removed[i]) {
                copyTo(read.nameStart(i));
                done = read.nameStart(i + 1);
                continue;
            }
            byte[] newName = newNames[i];
            if (newName != null) {
                copyTo(read.nameStart(i));
                put(newName);
                done = JsonText.end(body, read.nameStart(i));
            }
            byte[] newValue = newValues[i];
            if (newValue != null) {
                copyTo(read.valueStart(i));
                put(newValue);
                done = read.valueEnd(i);
            } else if (edits.includeUsage && read.name(i).equals("stream_options")) {
                includeUsage(i);
            } else if (read.endpoint == Endpoint.CHAT && read.name(i).equals("messages")) {
                messages(i, edits);
            }
        }
        if (lastKept < removed.length - 1) {
            copyTo(read.valueEnd(lastKept));
            done = read.valueEnd(removed.length - 1);
        }
    }

    /// Adds messages inside of the brackets, which are never empty.
    private void messages(int field, Edits edits) {
        if (!edits.firstMessages.isEmpty()) {
            copyTo(read.valueStart(field) + 1);
            for (byte[] message : edits.firstMessages) {
                put(message);
                put(COMMA);
            }
        }
        if (!edits.lastMessages.isEmpty()) {
            copyTo(read.valueEnd(field) - 1);
            for (byte[] message : edits.lastMessages) {
                put(COMMA);
                put(message);
            }
        }
    }

    private void includeUsage(int field) {
        if (isNull(field)) {
            copyTo(read.valueStart(field));
            put(ascii("{\"include_usage\":true}"));
            done = read.valueEnd(field);
        } else if (read.includeUsageAt == 0) {
            copyTo(read.valueStart(field) + 1);
            put(ascii("\"include_usage\":true"));
            if (!isEmptyObject(field)) {
                put(COMMA);
            }
        } else if (!read.includeUsage) {
            copyTo(read.includeUsageAt);
            put(TRUE);
            done = JsonText.scalarEnd(body, read.includeUsageAt, read.length);
        }
    }

    private boolean isEmptyObject(int field) {
        int i = read.valueStart(field) + 1;
        while (body[i] <= ' ') {
            i++;
        }
        return body[i] == '}';
    }

    private void copyTo(int end) {
        if (end > done) {
            out.add(ByteBuffer.wrap(body, done, end - done));
            done = end;
        }
    }

    private void put(byte[] piece) {
        out.add(ByteBuffer.wrap(piece));
    }

    private static byte[] quoted(String text) {
        StringBuilder json = new StringBuilder();
        JsonText.quote(text, json);
        return JsonText.bytes(json);
    }

    private static byte[] ascii(String json) {
        return JsonText.bytes(new StringBuilder(json));
    }
}
