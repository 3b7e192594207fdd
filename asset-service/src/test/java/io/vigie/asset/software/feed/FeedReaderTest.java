package io.vigie.asset.software.feed;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

import io.quarkus.runtime.configuration.MemorySize;
import io.vertx.core.Vertx;
import io.vigie.kernel.AllowedNetworks;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** From which addresses feeds are read: whoever registers one reaches nothing else with it. */
class FeedReaderTest {

  private static final String EMPTY =
      "<rss version=\"2.0\"><channel><title>a</title></channel></rss>";

  private static final String PASSWORD = "changeit";

  private final Vertx vertx = Vertx.vertx();
  private Publisher publisher;

  private record Settings(List<String> allowedNetworks) implements FeedSettings {
    @Override
    public Duration readEvery() {
      return Duration.ofHours(1);
    }

    @Override
    public Duration retryAfter() {
      return Duration.ofHours(1);
    }

    @Override
    public Duration lateAfter() {
      return Duration.ofHours(25);
    }

    @Override
    public Duration timeLimit() {
      return Duration.ofSeconds(5);
    }

    @Override
    public MemorySize sizeLimit() {
      return new MemorySize(BigInteger.valueOf(100_000));
    }

    @Override
    public boolean loopbackHttp() {
      return true;
    }
  }

  @BeforeEach
  void start() throws IOException {
    publisher = new Publisher();
    publisher.says(EMPTY);
  }

  @AfterEach
  void stop() {
    publisher.close();
    vertx.close();
  }

  private FeedReader reader(AllowedNetworks.Resolver names, String... networks) {
    return new FeedReader(new Settings(List.of(networks)), vertx, names);
  }

  private FeedReader reader(String... networks) {
    return reader(InetAddress::getAllByName, networks);
  }

  /** Every name leads there; an address is itself. */
  private static AllowedNetworks.Resolver all(String address) {
    return host -> InetAddress.getAllByName(host.matches("[0-9.]+|.*:.*") ? host : address);
  }

  private static boolean isRead(FeedReader reader, String url) {
    return reader.read(FeedFormat.NEWS, url, null, null).join().isNew();
  }

  private static String failure(CompletableFuture<?> reading) {
    Throwable cause = assertThrows(CompletionException.class, reading::join).getCause();
    assertEquals(FeedReader.Unreadable.class, cause.getClass(), cause.toString());
    return cause.getMessage();
  }

  private static String failure(FeedReader reader, String url) {
    return failure(reader.read(FeedFormat.NEWS, url, null, null));
  }

  @Test
  void thisMachineIsReadFromWhereItIsAllowedAlone() {
    assertTrue(isRead(reader("127.0.0.1/32"), publisher.url()));
    assertEquals(1, publisher.conditions().size());

    assertEquals(
        "It is not read: 127.0.0.1 is not connected to: 127.0.0.1 is loopback."
            + " Where that is meant, name its network in vigie.feed.allowed-networks.",
        failure(reader("public"), publisher.url()));
    assertEquals(1, publisher.conditions().size(), "requests");
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, loopback",
    "10.1.2.3, private",
    "169.254.169.254, link-local",
    "::1, loopback",
    "fd00::1, private"
  })
  void aNameThatLeadsToWhatIsNotAllowedIsNotRead(String address, String why) {
    FeedReader reader = reader(all(address), "public");

    String news = failure(reader, "https://feeds.example/feed");
    String document = failure(reader.document("https://feeds.example/a.json"));

    assertTrue(news.startsWith("It is not read: feeds.example is not connected to: "), news);
    assertTrue(news.contains(" is " + why), news);
    assertEquals(news, document);
  }

  @ParameterizedTest
  @CsvSource({
    "https://10.1.2.3/feed, private",
    "https://169.254.169.254/latest/meta-data/, link-local",
    "https://[::1]/feed, loopback",
    "https://intranet.example/feed, private",
    "http://example.com/feed, Only https",
    "file:///etc/passwd, Only https",
    "https://user:secret@example.com/, Only https",
    "http://[, no address"
  })
  void whereARedirectLeadsIsLookedAtLikeTheFirstAddress(String location, String why) {
    FeedReader reader = reader(all("10.1.2.3"), "public", "127.0.0.1/32");
    publisher.leadsTo(location);

    String news = failure(reader, publisher.url());
    String document = failure(reader.document(publisher.url()));

    assertTrue(news.contains(why), news);
    assertEquals(news, document);
  }

  @Test
  void redirectsToWhatIsAllowedAreFollowedAFewTimes() throws IOException {
    FeedReader reader = reader("127.0.0.1/32");
    try (Publisher first = new Publisher()) {
      first.leadsTo(publisher.url());
      assertTrue(isRead(reader, first.url()));

      publisher.leadsTo("/feed");
      assertEquals("It redirects more than 5 times.", failure(reader, first.url()));
    }
  }

  /** Of a name that leads elsewhere a moment later. */
  @Test
  void theAddressThatWasLookedAtIsConnectedTo() throws IOException {
    try (Publisher other = new Publisher("127.0.0.3")) {
      other.says(EMPTY);

      assertTrue(isRead(reader(all("127.0.0.3"), "127.0.0.3/32"), other.url("localhost")));

      assertEquals(1, other.conditions().size());
    }
  }

  @Test
  void theCertificateIsOfTheNameAndNotOfTheAddress(@TempDir Path directory) throws Exception {
    String before = System.setProperty("javax.net.ssl.trustStore", trust(directory));
    try (Publisher secure = Publisher.over(identity(directory))) {
      secure.says(EMPTY);
      FeedReader reader = reader(all("127.0.0.1"), "127.0.0.1/32");

      assertTrue(isRead(reader, secure.url("feeds.example")));

      String otherName = failure(reader, secure.url("others.example"));
      assertTrue(otherName.contains("others.example"), otherName);
      assertEquals(1, secure.conditions().size(), "requests");
    } finally {
      if (before == null) {
        System.clearProperty("javax.net.ssl.trustStore");
      } else {
        System.setProperty("javax.net.ssl.trustStore", before);
      }
    }
  }

  /** A key with a certificate of feeds.example, made once. */
  private static KeyStore keys(Path directory) throws Exception {
    Path file = directory.resolve("keys.p12");
    if (Files.notExists(file)) {
      Process keytool =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                  "-genkeypair",
                  "-keyalg",
                  "EC",
                  "-alias",
                  "feeds",
                  "-dname",
                  "CN=feeds",
                  "-ext",
                  "san=dns:feeds.example",
                  "-storepass",
                  PASSWORD,
                  "-keystore",
                  file.toString())
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("keytool.log").toFile())
              .start();
      assertEquals(0, keytool.waitFor(), Files.readString(directory.resolve("keytool.log")));
    }
    return KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
  }

  private static SSLContext identity(Path directory) throws Exception {
    KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
    managers.init(keys(directory), PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }

  /** The file of a store that trusts that certificate alone. */
  private static String trust(Path directory) throws Exception {
    KeyStore trust = KeyStore.getInstance("JKS"); // which is read without a password
    trust.load(null, null);
    trust.setCertificateEntry("feeds", keys(directory).getCertificate("feeds"));
    Path file = directory.resolve("trust.jks");
    try (OutputStream out = Files.newOutputStream(file)) {
      trust.store(out, PASSWORD.toCharArray());
    }
    return file.toString();
  }
}
