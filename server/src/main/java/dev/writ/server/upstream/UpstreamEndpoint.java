package dev.writ.server.upstream;

import java.net.URI;
import java.util.Locale;

/// Where an upstream listens; connections are pooled by it.
///
/// @param tls whether TLS is spoken; the certificate must then be valid for `host`
/// @param host name or address, in lower case; an IPv6 address without brackets
/// @param port 1 to 65535
public record UpstreamEndpoint(boolean tls, String host, int port) {
    private static final int HOST_CHARS_MAX = 253;

    /// @throws IllegalArgumentException if `host` cannot be a host or `port` a port
    public UpstreamEndpoint {
        if (host.isEmpty() || host.length() > HOST_CHARS_MAX) {
            throw new IllegalArgumentException("a host has 1 to 253 characters");
        }
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            boolean known =
                    (c >= 'a' && c <= 'z')
                            || (c >= 'A' && c <= 'Z')
                            || (c >= '0' && c <= '9')
                            || c == '-'
                            || c == '.'
                            || c == '_'
                            || c == ':'
                            || c == '%';
            if (!known) {
                throw new IllegalArgumentException("a host has no character " + (int) c);
            }
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port %d is not in 1..65535".formatted(port));
        }
        host = host.toLowerCase(Locale.ROOT);
    }

    /// Returns the endpoint of an `http` or `https` address; path, query and user are ignored.
    ///
    /// @throws IllegalArgumentException for another scheme, or where there is no host
    public static UpstreamEndpoint of(URI url) {
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        boolean tls = scheme.equals("https");
        if (!tls && !scheme.equals("http")) {
            throw new IllegalArgumentException("an upstream's address begins with http or https");
        }
        String host = url.getHost();
        if (host == null) {
            throw new IllegalArgumentException("an upstream's address needs a host");
        }
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        int port = url.getPort();
        return new UpstreamEndpoint(tls, host, port >= 0 ? port : tls ? 443 : 80);
    }

    /// Returns the value of the `host` header: the port only where it is not the usual one.
    public String authority() {
        String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return port == (tls ? 443 : 80) ? name : name + ":" + port;
    }

    /// Returns it as an address, such as `https://api.openai.com`; holds no secret.
    @Override
    public String toString() {
        return (tls ? "https://" : "http://") + authority();
    }
}
