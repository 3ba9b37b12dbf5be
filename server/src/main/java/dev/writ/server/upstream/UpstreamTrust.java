package dev.writ.server.upstream;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// Whose certificates others may show: those that the JDK trusts, and further ones.
///
/// @param furtherAuthorities a PEM file with certificates of further authorities, or null
public record UpstreamTrust(@Nullable Path furtherAuthorities) {
    /// What the JDK trusts, and nothing else.
    public static final UpstreamTrust JDK = new UpstreamTrust(null);

    /// Returns what makes connections with this trust.
    ///
    /// @throws UncheckedIOException if the file of further authorities cannot be read
    /// @throws IllegalArgumentException if that file holds no certificate
    public SSLContext context() {
        return context(manager());
    }

    static SSLContext context(X509ExtendedTrustManager manager) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {manager}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no TLS", e);
        }
    }

    /// Returns what decides about certificates.
    ///
    /// @throws UncheckedIOException if the file of further authorities cannot be read
    /// @throws IllegalArgumentException if that file holds no certificate
    X509ExtendedTrustManager manager() {
        try {
            X509ExtendedTrustManager jdk = manager(null);
            return furtherAuthorities == null
                    ? jdk
                    : manager(together(jdk.getAcceptedIssuers(), furtherAuthorities));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the file of further authorities", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no TLS", e);
        }
    }

    private static KeyStore together(X509Certificate[] known, Path further)
            throws GeneralSecurityException, IOException {
        KeyStore all = KeyStore.getInstance("PKCS12");
        all.load(null, null);
        int count = 0;
        for (X509Certificate authority : known) {
            all.setCertificateEntry("jdk-" + count++, authority);
        }
        Collection<? extends Certificate> added;
        try (InputStream in = Files.newInputStream(further)) {
            added = CertificateFactory.getInstance("X.509").generateCertificates(in);
        } catch (CertificateException e) {
            throw new IllegalArgumentException(
                    "the file of further authorities is not a list of PEM certificates", e);
        }
        if (added.isEmpty()) {
            throw new IllegalArgumentException(
                    "the file of further authorities holds no certificate");
        }
        for (Certificate authority : added) {
            all.setCertificateEntry("further-" + count++, authority);
        }
        return all;
    }

    private static X509ExtendedTrustManager manager(@Nullable KeyStore authorities)
            throws GeneralSecurityException {
        TrustManagerFactory factory =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(authorities);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager x509) {
                return x509;
            }
        }
        throw new GeneralSecurityException("no trust manager for X.509");
    }
}
