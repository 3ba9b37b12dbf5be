package dev.writ.cli.lsp;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import org.jspecify.annotations.Nullable;

/// What an author can set while the server runs.
///
/// @param lint whether findings about how policies are written are shown
/// @param tests whether tests are run after each pause in typing
record Settings(boolean lint, boolean tests) {
    static final Settings DEFAULT = new Settings(true, true);

    /// Returns these with what an editor says: an object of settings, or one with them under
    /// `writ`. What it does not say, or says otherwise than it should, stays as it is.
    Settings with(@Nullable Object said) {
        if (!(said instanceof JsonObject object)) {
            return this;
        }
        JsonObject own = object.get("writ") instanceof JsonObject section ? section : object;
        return new Settings(flag(own.get("lint"), lint), flag(own.get("tests"), tests));
    }

    private static boolean flag(@Nullable JsonElement said, boolean otherwise) {
        if (said instanceof JsonPrimitive flag && flag.isBoolean()) {
            return flag.getAsBoolean();
        }
        return otherwise;
    }
}
