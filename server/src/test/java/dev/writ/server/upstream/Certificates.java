package dev.writ.server.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// An authority and what it has signed, made with `keytool`.
public final class Certificates {
    private static final char[] PASSWORD = "changeit".toCharArray();

    private final Path folder;
    private final Path store;

    private Certificates(Path folder) {
        this.folder = folder;
        this.store = folder.resolve("all.p12");
    }

    private static @Nullable Certificates shared;

    /// Returns an authority, and certificates `good` (for `localhost` and 127.0.0.1), `other` (for
    /// `other.example`) and `expired`; made once, since `keytool` takes its time.
    public static synchronized Certificates shared() throws Exception {
        Certificates known = shared;
        if (known != null) {
            return known;
        }
        Certificates made = new Certificates(Files.createTempDirectory("certificates"));
        made.keytool("-genkeypair -alias ca -keyalg EC -dname CN=ca -ext bc=ca:true");
        made.signed("good", "dns:localhost,ip:127.0.0.1", "");
        made.signed("other", "dns:other.example", "");
        made.signed("expired", "dns:localhost,ip:127.0.0.1", " -startdate -10d -validity 5");
        made.keytool("-exportcert -rfc -alias ca -file " + made.authority());
        for (String file : List.of("", "all.p12", "ca.pem", "keytool.log")) {
            made.folder.resolve(file).toFile().deleteOnExit();
        }
        shared = made;
        return made;
    }

    private void signed(String alias, String names, String more) throws Exception {
        keytool(
                "-genkeypair -alias %s -keyalg EC -dname CN=%s -signer ca -ext san=%s%s"
                        .formatted(alias, alias, names, more));
    }

    private void keytool(String arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(Arrays.asList(arguments.split(" ")));
        command.addAll(List.of("-keystore", store.toString(), "-storepass", new String(PASSWORD)));
        command.add("-noprompt");
        Path log = folder.resolve("keytool.log");
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        assertEquals(0, process.waitFor(), () -> read(log));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /// Returns a file with the authority's certificate.
    public Path authority() {
        return folder.resolve("ca.pem");
    }

    /// Returns what a server needs that shows the certificate `alias`.
    public SSLContext server(String alias) throws Exception {
        KeyStore all = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            all.load(in, PASSWORD);
        }
        KeyStore one = KeyStore.getInstance("PKCS12");
        one.load(null, null);
        one.setKeyEntry(
                alias, all.getKey(alias, PASSWORD), PASSWORD, all.getCertificateChain(alias));
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(one, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }
}
