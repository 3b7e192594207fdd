package io.vigie.stack;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * Who is who in a stack whose connections are encrypted: a key and a certificate for each
 * component, and the authority that vouches for them and for nothing else, as its key is thrown
 * away. The folder of these is for its owner alone. Where it is, every port asks for TLS; where it
 * is not, none does.
 */
record Tls(Site site) {
  static final String DIRECTORY = "tls";

  /** Of the store of authorities, which holds no secret; as that of every JDK. */
  private static final String TRUST_PASSWORD = "changeit";

  private static final String AUTHORITY = "ca";
  private static final int DAYS = 397;
  private static final Duration RENEWED_BEFORE = Duration.ofDays(30);

  /** What keytool is told the password of its store by: arguments can be seen by everyone. */
  private static final String PASSWORD_VARIABLE = "VIGIE_STORE_PASSWORD";

  /** Whether this stack speaks TLS. */
  boolean used() {
    return Files.isDirectory(directory());
  }

  Path directory() {
    return site.state().resolve(DIRECTORY).toAbsolutePath();
  }

  /** The certificate of the authority. It is written last: without it, nothing here counts. */
  Path authority() {
    return directory().resolve(AUTHORITY + ".crt");
  }

  /** What a component shows: its certificate, and that of the authority. */
  Path certificate(String component) {
    return directory().resolve(component + ".crt");
  }

  Path key(String component) {
    return directory().resolve(component + ".key");
  }

  /** What Java trusts by itself, and the authority. */
  Path trustStore() {
    return directory().resolve("trust.p12");
  }

  /**
   * What a Java program is started with so that it believes these certificates; nothing while there
   * are none, as it would believe nobody then.
   */
  List<String> javaOptions() {
    return Files.exists(trustStore())
        ? List.of(
            "-Djavax.net.ssl.trustStore=" + trustStore(),
            "-Djavax.net.ssl.trustStorePassword=" + TRUST_PASSWORD)
        : List.of();
  }

  /** Has this stack speak TLS; what it needs for that is made when it starts. */
  void use() throws IOException {
    if (!used()) {
      Files.createDirectory(directory(), OwnerOnly.FOLDER);
    }
  }

  /** Whether the authority or a component has no certificate, or none that can be read. */
  boolean lacksAny(Collection<String> components) {
    try {
      certificates(authority());
      for (String component : components) {
        certificates(certificate(component));
      }
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  /** Whether a component lacks its certificate, or all of them end within a month. */
  boolean due(Collection<String> components, Instant now) throws IOException {
    if (lacksAny(components)) {
      return true;
    }
    Instant end = certificates(authority()).get(0).getNotAfter().toInstant();
    return end.isBefore(now.plus(RENEWED_BEFORE));
  }

  /** Makes an authority and all certificates anew; interrupted, it leaves them due. */
  void make(Collection<String> components)
      throws IOException, InterruptedException, GeneralSecurityException {
    Files.deleteIfExists(authority());
    Path making = directory().resolve("making");
    Archives.delete(making);
    Files.createDirectory(making, OwnerOnly.FOLDER);
    byte[] random = new byte[24];
    new SecureRandom().nextBytes(random);
    String password = HexFormat.of().formatHex(random);
    try {
      Path vouching = making.resolve(AUTHORITY);
      keytool(
          vouching,
          password,
          AUTHORITY,
          "-dname",
          "CN=Vigie on this machine",
          "-validity",
          Integer.toString(DAYS),
          "-ext",
          "bc:c=ca:true,pathlen:0",
          "-ext",
          "ku:c=keyCertSign");
      sideBySide(
          components.stream()
              .<Callable<Void>>map(
                  component ->
                      () -> {
                        make(component, vouching, password);
                        return null;
                      })
              .toList());
      Certificate authority = open(vouching, password).getCertificate(AUTHORITY);
      put(authority(), pem("CERTIFICATE", authority.getEncoded()));
    } finally {
      Archives.delete(making);
    }
  }

  /** Of one component, in a store of its own: a copy of that of the authority, which vouches. */
  private void make(String component, Path vouching, String password)
      throws IOException, InterruptedException, GeneralSecurityException {
    Path store = Files.copy(vouching, vouching.resolveSibling(component + ".p12"));
    keytool(
        store,
        password,
        component,
        "-signer",
        AUTHORITY,
        "-dname",
        "CN=" + component,
        "-validity",
        Integer.toString(DAYS - 1),
        "-ext",
        "san=ip:" + Site.LOOPBACK + ",dns:localhost",
        "-ext",
        "ku:c=digitalSignature",
        "-ext",
        // The broker alone is also a client that shows one: of itself.
        component.equals(Kafka.NAME) ? "eku=serverAuth,clientAuth" : "eku=serverAuth");
    KeyStore made = open(store, password);
    put(
        key(component),
        pem("PRIVATE KEY", made.getKey(component, password.toCharArray()).getEncoded()));
    StringBuilder chain = new StringBuilder();
    for (Certificate each : made.getCertificateChain(component)) {
      chain.append(pem("CERTIFICATE", each.getEncoded()));
    }
    put(certificate(component), chain.toString());
  }

  /** Does all of it, as much at once as this machine can; throws what the first failure was. */
  private static void sideBySide(List<Callable<Void>> work) throws InterruptedException {
    ExecutorService threads =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
    try {
      for (Future<Void> done : threads.invokeAll(work)) {
        done.get();
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof StackException known
          ? known
          : new StackException("The certificates could not be made: " + e.getCause(), e);
    } finally {
      threads.shutdownNow();
    }
  }

  private static KeyStore open(Path store, String password)
      throws IOException, GeneralSecurityException {
    return KeyStore.getInstance(store.toFile(), password.toCharArray());
  }

  /** Writes anew whom Java programs believe: the authority, and whom this Java trusts by now. */
  void renewTrust() throws IOException, GeneralSecurityException {
    ByteArrayOutputStream trusted = new ByteArrayOutputStream();
    trusted(certificates(authority())).store(trusted, TRUST_PASSWORD.toCharArray());
    put(trustStore(), trusted.toByteArray());
  }

  /** Makes a pair of keys and its certificate, by the JDK's own program. */
  private void keytool(Path store, String password, String alias, String... more)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-J-XX:+UseSerialGC",
                "-J-XX:TieredStopAtLevel=1",
                "-genkeypair",
                "-alias",
                alias,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass:env",
                PASSWORD_VARIABLE));
    command.addAll(List.of(more));
    ProcessBuilder process = new ProcessBuilder(command);
    process.environment().put(PASSWORD_VARIABLE, password);
    Tool.run(site.log(DIRECTORY), process);
  }

  private static void put(Path file, String text) throws IOException {
    put(file, text.getBytes(StandardCharsets.US_ASCII));
  }

  /** Whole or not at all: nothing would start from half of it. */
  private static void put(Path file, byte[] content) throws IOException {
    Path fresh = Path.of(file + ".new");
    Files.deleteIfExists(fresh);
    OwnerOnly.write(fresh, content);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static String pem(String type, byte[] der) {
    return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
        .formatted(
            type,
            Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(der));
  }

  /** The certificates of a file in PEM; there is one at least. */
  static List<X509Certificate> certificates(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      List<X509Certificate> all =
          CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (all.isEmpty()) {
        throw new IOException(file + " holds no certificate.");
      }
      return all;
    } catch (GeneralSecurityException e) {
      throw new IOException(file + " holds no certificate: " + e.getMessage(), e);
    }
  }

  /** For a client that believes what this Java trusts by itself, and these authorities. */
  static SSLContext believing(Collection<X509Certificate> authorities) {
    try {
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted(authorities));
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new StackException("This Java cannot speak TLS: " + e, e);
    }
  }

  private static KeyStore trusted(Collection<X509Certificate> authorities)
      throws GeneralSecurityException, IOException {
    List<X509Certificate> all = new ArrayList<>(authorities);
    TrustManagerFactory own =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    own.init((KeyStore) null);
    for (TrustManager each : own.getTrustManagers()) {
      all.addAll(List.of(((X509TrustManager) each).getAcceptedIssuers()));
    }
    KeyStore trusted = empty();
    for (X509Certificate each : all) {
      trusted.setCertificateEntry(Integer.toString(trusted.size()), each);
    }
    return trusted;
  }

  /** For a server that shows the certificate of a component. */
  static SSLContext showing(Path certificate, Path key)
      throws IOException, GeneralSecurityException {
    String text = Files.readString(key).replaceAll("-----[A-Z ]+-----", "");
    PrivateKey own =
        KeyFactory.getInstance("EC")
            .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(text)));
    // A store has a password, though this one never leaves the memory.
    char[] password = TRUST_PASSWORD.toCharArray();
    KeyStore shown = empty();
    shown.setKeyEntry("own", own, password, certificates(certificate).toArray(Certificate[]::new));
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(shown, password);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }
}
