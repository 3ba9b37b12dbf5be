package dev.writ.cli;

import dev.writ.cli.importing.BadConfig;
import dev.writ.cli.importing.Bifrost;
import dev.writ.cli.importing.Imported;
import dev.writ.cli.importing.Litellm;
import dev.writ.cli.importing.Portkey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `writ import`: turns a configuration of another gateway into a policy.
@Command(
        name = "import",
        description = {
            "Turn a configuration of another gateway into a policy.",
            "What a policy cannot say is named: in comments of the policy, and on standard error",
            "with its place in the file. Keys of providers become names of environment variables;",
            "teams without a key that can be read get a fresh one, which is shown once."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Exit codes: 0 imported, 1 it cannot be read, or something is missing with --strict.",
            "",
            "Examples:",
            "  writ import litellm config.yaml --output policies/litellm.writ",
            "  writ import portkey config.json",
            "  writ import bifrost - < config.json"
        })
final class Import implements Callable<Integer> {
    private static final int BYTES_MAX = 16 * 1024 * 1024;
    private static final int KEY_BYTES = 24;

    private final Console console;
    private final SecureRandom random = new SecureRandom();

    @Parameters(
            index = "0",
            paramLabel = "GATEWAY",
            description = "Whose configuration it is: ${COMPLETION-CANDIDATES}.")
    Gateway gateway = Gateway.litellm;

    @Parameters(
            index = "1",
            paramLabel = "FILE",
            description =
                    "LiteLLM's config.yaml, a config of Portkey, Bifrost's config.json; - reads"
                            + " standard input.")
    String file = "-";

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Write to a file that is not there yet, not to standard output.")
    @Nullable Path output;

    @Option(names = "--strict", description = "Fail if something of the file is not in the policy.")
    boolean strict;

    /// Where configurations come from; the constants are what people type.
    enum Gateway {
        litellm,
        portkey,
        bifrost
    }

    Import(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws Failed {
        Imported imported = imported(text());
        if (output == null) {
            console.out().print(imported.policy());
        } else {
            write(output, imported.policy());
        }
        imported.notes().forEach(note -> console.err().println("not imported: " + note));
        imported.remarks().forEach(remark -> console.err().println("look at: " + remark));
        imported.keys()
                .forEach(
                        (team, key) ->
                                console.err()
                                        .println(
                                                "key of team %s, shown only now: %s"
                                                        .formatted(team, key)));
        int notes = imported.notes().size();
        console.err()
                .println(
                        notes == 0
                                ? "imported all of it"
                                : "%s not imported".formatted(Check.plural(notes, "setting")));
        return strict && notes > 0 ? Exit.FAILED : Exit.FINE;
    }

    private Imported imported(String text) throws Failed {
        try {
            return switch (gateway) {
                case litellm -> Litellm.read(text, this::newKey);
                case portkey -> Portkey.read(text, this::newKey);
                case bifrost -> Bifrost.read(text, this::newKey);
            };
        } catch (BadConfig e) {
            throw new Failed(Exit.FAILED, "%s: %s".formatted(file, e.getMessage()));
        }
    }

    private String text() throws Failed {
        try (InputStream in =
                file.equals("-") ? console.in() : Files.newInputStream(Path.of(file))) {
            byte[] bytes = in.readNBytes(BYTES_MAX + 1);
            if (bytes.length > BYTES_MAX) {
                throw new Failed(Exit.FAILED, "%s is too large".formatted(file));
            }
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            throw new Failed(Exit.USAGE, "there is no %s".formatted(file));
        } catch (IOException e) {
            throw new Failed(Exit.FAILED, "%s cannot be read".formatted(file));
        }
    }

    /// Nothing is overwritten: an import that is repeated would lose what people added.
    private static void write(Path to, String text) throws Failed {
        try {
            Files.writeString(to, text, java.nio.file.StandardOpenOption.CREATE_NEW);
        } catch (java.nio.file.FileAlreadyExistsException e) {
            throw new Failed(Exit.USAGE, "%s is there already".formatted(to));
        } catch (IOException e) {
            throw new Failed(Exit.FAILED, "%s cannot be written".formatted(to));
        }
    }

    private String newKey() {
        byte[] bytes = new byte[KEY_BYTES];
        random.nextBytes(bytes);
        return "writ-" + HexFormat.of().formatHex(bytes);
    }
}
