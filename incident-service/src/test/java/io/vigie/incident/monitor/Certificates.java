package io.vigie.incident.monitor;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** An authority of this test run, one below it, and what that one signed. */
final class Certificates {

  static final String PASSWORD = "changeit";

  private final Path directory;

  /** Makes the two authorities. */
  Certificates(Path directory) throws IOException, InterruptedException {
    this.directory = directory;
    make("root", null, "-startdate", "-100d", "-validity", "400", "-ext", "bc:c");
    make("middle", "root", "-startdate", "-100d", "-validity", "400", "-ext", "bc:c");
  }

  /** Makes a pair of keys of an elliptic curve with a certificate that {@code signer} signs. */
  void make(String alias, String signer, String... more) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("-keyalg", "EC", "-groupname", "secp256r1"));
    all.addAll(List.of(more));
    makeWith(alias, signer, all);
  }

  /** The same with an RSA key, which is too short. */
  void makeShort(String alias, String signer, String... more)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("-keyalg", "RSA", "-keysize", "1024"));
    all.addAll(List.of(more));
    makeWith(alias, signer, all);
  }

  private void makeWith(String alias, String signer, List<String> more)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                alias,
                "-dname",
                "CN=" + alias,
                "-keystore",
                store().toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD));
    if (signer != null) {
      command.addAll(List.of("-signer", signer));
    }
    command.addAll(more);
    Path log = directory.resolve("keytool.log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    int code = process.waitFor();
    assertEquals(0, code, Files.readString(log));
  }

  private Path store() {
    return directory.resolve("all.p12");
  }

  private KeyStore all() throws IOException, GeneralSecurityException {
    KeyStore all = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store())) {
      all.load(in, PASSWORD.toCharArray());
    }
    return all;
  }

  X509Certificate root() throws IOException, GeneralSecurityException {
    return (X509Certificate) all().getCertificate("root");
  }

  /** A store of what was made under this alias, and of the whole chain, alone. */
  Path store(String alias) throws IOException, GeneralSecurityException {
    KeyStore all = all();
    KeyStore one = KeyStore.getInstance("PKCS12");
    one.load(null, null);
    one.setKeyEntry(
        alias,
        all.getKey(alias, PASSWORD.toCharArray()),
        PASSWORD.toCharArray(),
        all.getCertificateChain(alias));
    Path file = directory.resolve(alias + ".p12");
    try (OutputStream out = Files.newOutputStream(file)) {
      one.store(out, PASSWORD.toCharArray());
    }
    return file;
  }

  /**
   * For a server that shows what was made under this alias.
   *
   * @param shown how many certificates it shows, its own first
   */
  SSLContext context(String alias, int shown) throws IOException, GeneralSecurityException {
    KeyStore all = all();
    Key key = all.getKey(alias, PASSWORD.toCharArray());
    Certificate[] chain = all.getCertificateChain(alias);
    KeyStore one = KeyStore.getInstance("PKCS12");
    one.load(null, null);
    one.setKeyEntry(
        alias, key, PASSWORD.toCharArray(), Arrays.copyOf(chain, Math.min(shown, chain.length)));
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(one, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }
}
