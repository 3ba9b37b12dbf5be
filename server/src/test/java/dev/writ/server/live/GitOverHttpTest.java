package dev.writ.server.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.transport.PacketLineOut;
import org.eclipse.jgit.transport.RefAdvertiser;
import org.eclipse.jgit.transport.UploadPack;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Policies from a git server over HTTP; a real one, on loopback.
final class GitOverHttpTest {
    @TempDir Path temp;
    private Git git;
    private HttpServer server;

    @BeforeEach
    void startServer() throws Exception {
        git =
                Git.init()
                        .setDirectory(temp.resolve("work").toFile())
                        .setInitialBranch("main")
                        .call();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/p.git/info/refs", this::advertise);
        server.createContext("/p.git/git-upload-pack", this::upload);
        server.start();
    }

    @AfterEach
    void stopServer() {
        server.stop(0);
        git.close();
    }

    @Test
    void followsTheBranchAndOutlivesAnOutage() throws Exception {
        PolicyOrigin.OfGit origin =
                new PolicyOrigin.OfGit(
                        "http://127.0.0.1:" + server.getAddress().getPort() + "/p.git",
                        "main",
                        "",
                        PolicyOrigin.POLL_DEFAULT);
        Path fetched = Files.createDirectory(temp.resolve("fetched"));
        try (GitReader reader = new GitReader(origin, fetched)) {
            for (String text : new String[] {"one", "two", "three"}) {
                RevCommit head = commit(text);
                PolicySources sources = reader.read();
                assertEquals(head.name(), sources.commit());
                assertEquals(text, sources.tree().files().getFirst().text());
            }
            server.stop(0);
            assertThrows(OriginUnreadable.class, reader::read);
        }
    }

    private RevCommit commit(String text) throws Exception {
        Files.writeString(temp.resolve("work/p.writ"), text);
        git.add().addFilepattern("p.writ").call();
        return git.commit()
                .setSign(false)
                .setAuthor("writ", "writ@example.org")
                .setCommitter("writ", "writ@example.org")
                .setMessage(text)
                .call();
    }

    private void advertise(HttpExchange exchange) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PacketLineOut lines = new PacketLineOut(out);
        lines.writeString("# service=git-upload-pack\n");
        lines.end();
        uploadPack().sendAdvertisedRefs(new RefAdvertiser.PacketLineOutRefAdvertiser(lines));
        answer(exchange, "application/x-git-upload-pack-advertisement", out.toByteArray());
    }

    private void upload(HttpExchange exchange) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("content-encoding"));
        try (InputStream body = exchange.getRequestBody();
                InputStream in = zipped ? new GZIPInputStream(body) : body) {
            uploadPack().upload(in, out, null);
        }
        answer(exchange, "application/x-git-upload-pack-result", out.toByteArray());
    }

    private UploadPack uploadPack() {
        UploadPack pack = new UploadPack(git.getRepository());
        pack.setBiDirectionalPipe(false);
        return pack;
    }

    private static void answer(HttpExchange exchange, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("content-type", type);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
