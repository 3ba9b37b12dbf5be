package dev.writ.server.upstream;

import io.undertow.protocols.ssl.UndertowXnioSsl;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertPathBuilderException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.xnio.ChannelListener;
import org.xnio.IoFuture;
import org.xnio.OptionMap;
import org.xnio.Xnio;
import org.xnio.XnioIoThread;
import org.xnio.channels.BoundChannel;
import org.xnio.ssl.SslConnection;
import org.xnio.ssl.XnioSsl;

/// TLS to upstreams: whom it trusts, and why it did not.
///
/// Undertow tells of a certificate that was not accepted only that the channel is closed; so the
/// reason is noted where certificates are checked. Checks run outside the I/O thread.
final class UpstreamTls {
    private final Opening ssl;

    /// Why the certificate of a handshake under way was not accepted.
    private final Map<SSLEngine, AtomicReference<String>> refusals = new ConcurrentHashMap<>();

    /// @param checks where certificates are checked
    /// @throws UncheckedIOException if the file of further authorities cannot be read
    /// @throws IllegalArgumentException if that file holds no certificate
    UpstreamTls(UpstreamTrust trust, Executor checks) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            TrustManager[] managers = {new Noting(trustManager(trust))};
            context.init(null, managers, null);
            ssl = new Opening(context, checks);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the file of further authorities", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no TLS", e);
        }
    }

    /// Returns what opens connections for an [Opener].
    XnioSsl ssl() {
        return ssl;
    }

    /// The handshake of `connection` is about to begin.
    void handshakeBegins(SslConnection connection) {
        refusals.put(UndertowXnioSsl.getSslEngine(connection), new AtomicReference<>());
    }

    /// Returns why the certificate of `connection` was not accepted, or null; to be called once
    /// its handshake is over.
    @Nullable String handshakeOver(SslConnection connection) {
        AtomicReference<String> refusal = refusals.remove(UndertowXnioSsl.getSslEngine(connection));
        return refusal == null ? null : refusal.get();
    }

    /// Opens what an [Opener] is asked for, and shows it to its attempt before Undertow's client
    /// has it.
    private static final class Opening extends UndertowXnioSsl {
        Opening(SSLContext context, Executor checks) {
            super(Xnio.getInstance(), OptionMap.EMPTY, context, checks);
        }

        @Override
        public IoFuture<SslConnection> openSslConnection(
                XnioIoThread ioThread,
                InetSocketAddress bindAddress,
                InetSocketAddress destination,
                ChannelListener<? super SslConnection> openListener,
                ChannelListener<? super BoundChannel> bindListener,
                OptionMap options) {
            Opener.Attempt owner = ((Opener) ioThread).attempt();
            return super.openSslConnection(
                    ioThread,
                    bindAddress,
                    owner.address(),
                    (ChannelListener<SslConnection>)
                            opened -> {
                                if (owner.opened(opened)) {
                                    openListener.handleEvent(opened);
                                }
                            },
                    bindListener,
                    options);
        }
    }

    private static X509ExtendedTrustManager trustManager(UpstreamTrust trust)
            throws GeneralSecurityException, IOException {
        X509ExtendedTrustManager jdk = trustManager((KeyStore) null);
        Path further = trust.furtherAuthorities();
        if (further == null) {
            return jdk;
        }
        KeyStore all = KeyStore.getInstance("PKCS12");
        all.load(null, null);
        int count = 0;
        for (X509Certificate authority : jdk.getAcceptedIssuers()) {
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
        return trustManager(all);
    }

    private static X509ExtendedTrustManager trustManager(@Nullable KeyStore authorities)
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

    /// Decides as another does, and notes what for.
    private final class Noting extends X509ExtendedTrustManager {
        private final X509ExtendedTrustManager decides;

        Noting(X509ExtendedTrustManager decides) {
            this.decides = decides;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            try {
                decides.checkServerTrusted(chain, authType, engine);
            } catch (CertificateException e) {
                AtomicReference<String> refusal = refusals.get(engine);
                if (refusal != null) {
                    refusal.set(reason(e, chain, authType, engine.getPeerHost()));
                }
                throw e;
            }
        }

        private String reason(
                CertificateException e, X509Certificate[] chain, String authType, String host) {
            int depth = 0;
            for (Throwable cause = e; cause != null && depth < 8; cause = cause.getCause()) {
                switch (cause) {
                    case CertificateExpiredException _ -> {
                        return "the certificate has expired";
                    }
                    case CertificateNotYetValidException _ -> {
                        return "the certificate is not valid yet";
                    }
                    case CertPathBuilderException _ -> {
                        return "the certificate is not from a known authority";
                    }
                    default -> depth++;
                }
            }
            try {
                decides.checkServerTrusted(chain, authType);
            } catch (CertificateException same) {
                return "the certificate is not accepted";
            }
            // All is well without the name.
            return "the certificate is not for " + host;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            decides.checkServerTrusted(chain, authType, socket);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType)
                throws CertificateException {
            decides.checkServerTrusted(chain, authType);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            decides.checkClientTrusted(chain, authType, engine);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            decides.checkClientTrusted(chain, authType, socket);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType)
                throws CertificateException {
            decides.checkClientTrusted(chain, authType);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return decides.getAcceptedIssuers();
        }
    }
}
