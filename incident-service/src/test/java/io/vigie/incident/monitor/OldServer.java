package io.vigie.incident.monitor;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

import static java.nio.charset.StandardCharsets.US_ASCII;

/**
 * A web server whose TLS takes old protocols and weak ciphers in earnest: the JDK's own, in a
 * process of its own in which they are not switched off. This process stays as it is.
 */
final class OldServer implements AutoCloseable {

  private static final String[] PROTOCOLS = {"TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"};

  private static final String[] SUITES = {
    "TLS_AES_128_GCM_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
    "TLS_ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA",
    "TLS_ECDHE_ECDSA_WITH_RC4_128_SHA",
    "TLS_ECDHE_ECDSA_WITH_NULL_SHA"
  };

  private final Process process;
  private final int port;

  /**
   * @param store in PKCS#12, whose first key is the server's
   */
  OldServer(Path store, String password) throws Exception {
    Path security = Files.createTempFile(store.getParent(), "java", ".security");
    Files.writeString(
        security,
        "jdk.tls.disabledAlgorithms=\njdk.tls.legacyAlgorithms=\njdk.certpath.disabledAlgorithms=\n");
    Path classes =
        Path.of(OldServer.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-Djava.security.properties=" + security,
                "-cp",
                classes.toString(),
                OldServer.class.getName(),
                store.toString(),
                password)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader says =
        new BufferedReader(new InputStreamReader(process.getInputStream(), US_ASCII));
    port = Integer.parseInt(says.readLine());
  }

  int port() {
    return port;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  public static void main(String[] arguments) throws Exception {
    char[] password = arguments[1].toCharArray();
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(Path.of(arguments[0]))) {
      store.load(in, password);
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, password);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    SSLServerSocket server =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    server.setEnabledProtocols(PROTOCOLS);
    server.setEnabledCipherSuites(SUITES);
    System.out.println(server.getLocalPort());
    ExecutorService threads = Executors.newCachedThreadPool();
    while (true) {
      SSLSocket socket = (SSLSocket) server.accept();
      threads.submit(() -> answer(socket));
    }
  }

  private static void answer(SSLSocket socket) {
    try (socket) {
      StringBuilder request = new StringBuilder();
      InputStream in = socket.getInputStream();
      while (request.indexOf("\r\n\r\n") < 0) {
        int c = in.read();
        if (c < 0) {
          return;
        }
        request.append((char) c);
      }
      List<String> lines =
          List.of(
              "HTTP/1.1 200 OK",
              "Strict-Transport-Security: " + TlsServer.A_YEAR,
              "Content-Length: 0",
              "",
              "");
      socket.getOutputStream().write(String.join("\r\n", lines).getBytes(US_ASCII));
    } catch (IOException e) {
      // the probe hung up, as it does behind the first answer
    }
  }
}
