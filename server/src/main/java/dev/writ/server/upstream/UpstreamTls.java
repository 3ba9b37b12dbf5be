package dev.writ.server.upstream;

import io.undertow.protocols.ssl.UndertowXnioSsl;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
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
        ssl = new Opening(UpstreamTrust.context(new Noting(trust.manager())), checks);
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
