package io.vigie.audit.siem;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** A certificate for localhost that nobody vouches for but itself, in a directory. */
final class SelfSigned {

  private static final String ALIAS = "syslog";
  private static final String PASSWORD = "changeit";

  private final Path directory;

  private SelfSigned(Path directory) {
    this.directory = directory;
  }

  static SelfSigned in(Path directory) throws Exception {
    SelfSigned made = new SelfSigned(directory);
    made.keytool(
        "-genkeypair", "-keyalg", "RSA", "-dname", "CN=localhost", "-ext", "san=dns:localhost");
    made.keytool("-exportcert", "-rfc", "-file", made.certificate().toString());
    return made;
  }

  private void keytool(String... arguments) throws IOException, InterruptedException {
    List<String> command =
        Stream.of(
                Stream.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()),
                Stream.of(arguments),
                Stream.of("-alias", ALIAS, "-storetype", "PKCS12", "-storepass", PASSWORD),
                Stream.of("-keystore", directory.resolve("store.p12").toString()))
            .flatMap(part -> part)
            .toList();
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("keytool.log").toFile())
            .start();
    assertEquals(0, process.waitFor(), () -> "see keytool.log");
  }

  /** The certificate, as PEM. */
  Path certificate() {
    return directory.resolve("cert.pem");
  }

  /** Its private key, as PEM. */
  Path key() throws IOException, GeneralSecurityException {
    byte[] key = store().getKey(ALIAS, PASSWORD.toCharArray()).getEncoded();
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key);
    return Files.writeString(
        directory.resolve("key.pem"),
        "-----BEGIN PRIVATE KEY-----\n" + base64 + "\n-----END PRIVATE KEY-----\n");
  }

  /** Sockets that show it. */
  ServerSocketFactory sockets() throws IOException, GeneralSecurityException {
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(store(), PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context.getServerSocketFactory();
  }

  private KeyStore store() throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream file = Files.newInputStream(directory.resolve("store.p12"))) {
      keys.load(file, PASSWORD.toCharArray());
    }
    return keys;
  }
}
