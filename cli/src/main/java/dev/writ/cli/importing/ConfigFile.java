package dev.writ.cli.importing;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/// A configuration file as a tree.
///
/// Both formats make the same tree. No objects are made of YAML's tags, and what its aliases repeat
/// counts each time, so that a small file cannot stand for a huge one.
final class ConfigFile {
    /// Characters of a file.
    static final int LENGTH_MAX = 4 * 1024 * 1024;

    /// Lists and maps inside one another.
    static final int DEPTH_MAX = 60;

    /// Values of a file.
    static final int VALUES_MAX = 200_000;

    private static final JsonFactory JSON = new JsonFactory();

    private int values;

    private ConfigFile() {}

    /// Reads a file whose outermost value is a map.
    static Value.Keyed yaml(String text) throws BadConfig {
        bounded(text);
        LoadSettings settings =
                LoadSettings.builder()
                        .setCodePointLimit(LENGTH_MAX)
                        .setMaxAliasesForCollections(VALUES_MAX)
                        .setLabel("file")
                        .build();
        try {
            Optional<Node> root = new Compose(settings).composeString(text);
            if (root.isEmpty()) {
                throw new BadConfig(1, 1, "the file is empty");
            }
            return keyed(new ConfigFile().value(root.get(), 0));
        } catch (MarkedYamlEngineException e) {
            Mark mark = e.getProblemMark().orElse(null);
            throw new BadConfig(
                    mark == null ? 1 : mark.getLine() + 1,
                    mark == null ? 1 : mark.getColumn() + 1,
                    "this is no YAML: " + problem(e.getProblem()));
        } catch (YamlEngineException _) {
            throw new BadConfig(1, 1, "this is no YAML");
        }
    }

    /// Reads a file whose outermost value is a map.
    static Value.Keyed json(String text) throws BadConfig {
        bounded(text);
        try (JsonParser parser = JSON.createParser(text)) {
            parser.nextToken();
            Value root = new ConfigFile().value(parser, 0);
            if (parser.nextToken() != null) {
                throw at(parser.currentTokenLocation(), "something follows behind the end");
            }
            return keyed(root);
        } catch (JsonProcessingException e) {
            JsonLocation location = e.getLocation();
            throw location == null
                    ? new BadConfig(1, 1, "this is no JSON")
                    : at(location, "this is no JSON");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void bounded(String text) throws BadConfig {
        if (text.length() > LENGTH_MAX) {
            throw new BadConfig(1, 1, "the file has more than %d characters".formatted(LENGTH_MAX));
        }
    }

    private static Value.Keyed keyed(Value root) throws BadConfig {
        if (root instanceof Value.Keyed keyed) {
            return keyed;
        }
        throw new BadConfig(root.line(), 1, "the file is no map of settings");
    }

    /// What the parser says, up to where it may repeat the file's text.
    private static String problem(String problem) {
        int quote = problem.indexOf('\'');
        return (quote < 0 ? problem : problem.substring(0, quote)).strip();
    }

    private void count(int line, int depth) throws BadConfig {
        if (depth > DEPTH_MAX) {
            throw new BadConfig(line, 1, "this is nested more than %d deep".formatted(DEPTH_MAX));
        }
        if (++values > VALUES_MAX) {
            throw new BadConfig(line, 1, "the file has more than %d values".formatted(VALUES_MAX));
        }
    }

    private Value value(Node node, int depth) throws BadConfig {
        int line = node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
        count(line, depth);
        return switch (node) {
            case ScalarNode scalar ->
                    new Value.Scalar(
                            line, scalar.getValue(), scalar.getScalarStyle() != ScalarStyle.PLAIN);
            case SequenceNode sequence -> {
                List<Value> items = new ArrayList<>();
                for (Node item : sequence.getValue()) {
                    items.add(value(item, depth + 1));
                }
                yield new Value.Items(line, items);
            }
            case MappingNode mapping -> keyed(mapping, line, depth);
            default -> throw new BadConfig(line, 1, "this is no text, list or map");
        };
    }

    private Value.Keyed keyed(MappingNode mapping, int line, int depth) throws BadConfig {
        Map<String, Value.Entry> entries = new LinkedHashMap<>();
        Map<String, Value.Entry> merged = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            Mark mark = tuple.getKeyNode().getStartMark().orElse(null);
            int keyLine = mark == null ? line : mark.getLine() + 1;
            int column = mark == null ? 1 : mark.getColumn() + 1;
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                throw new BadConfig(keyLine, column, "a key must be a text");
            }
            Value value = value(tuple.getValueNode(), depth + 1);
            if (key.getValue().equals("<<")) {
                merge(value, merged);
            } else if (entries.put(key.getValue(), new Value.Entry(keyLine, value)) != null) {
                throw new BadConfig(keyLine, column, "this key stands here twice");
            }
        }
        merged.forEach(entries::putIfAbsent);
        return new Value.Keyed(line, entries);
    }

    /// YAML 1.1's merge key, which many files use.
    private static void merge(Value value, Map<String, Value.Entry> merged) {
        switch (value) {
            case Value.Keyed keyed -> keyed.entries().forEach(merged::putIfAbsent);
            case Value.Items items -> items.values().forEach(item -> merge(item, merged));
            case Value.Scalar _ -> {} // merges nothing
        }
    }

    private Value value(JsonParser parser, int depth) throws BadConfig, IOException {
        JsonLocation location = parser.currentTokenLocation();
        int line = location.getLineNr();
        count(line, depth);
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_ARRAY) {
            List<Value> items = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                items.add(value(parser, depth + 1));
            }
            return new Value.Items(line, items);
        }
        if (token == JsonToken.START_OBJECT) {
            Map<String, Value.Entry> entries = new LinkedHashMap<>();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                JsonLocation key = parser.currentTokenLocation();
                String name = parser.currentName();
                parser.nextToken();
                Value value = value(parser, depth + 1);
                if (entries.put(name, new Value.Entry(key.getLineNr(), value)) != null) {
                    throw at(key, "this key stands here twice");
                }
            }
            return new Value.Keyed(line, entries);
        }
        if (token == null) {
            throw at(location, "the file is empty");
        }
        return new Value.Scalar(line, parser.getText(), token == JsonToken.VALUE_STRING);
    }

    private static BadConfig at(JsonLocation location, String what) {
        return new BadConfig(
                Math.max(1, location.getLineNr()), Math.max(1, location.getColumnNr()), what);
    }
}
