package io.vigie.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class TlsTest {
  private static final List<String> COMPONENTS = List.of("kafka", "asset");

  /** What a certificate may be shown for. */
  private static final String SERVER = "1.3.6.1.5.5.7.3.1";

  private static final String CLIENT = "1.3.6.1.5.5.7.3.2";

  @TempDir Path root;
  private Tls tls;

  @BeforeEach
  void aStackThatIsToSpeakIt() throws IOException {
    Site site = new Site(root, root.resolve("state"), root.resolve("cache"), 0);
    site.create();
    tls = site.tls();
  }

  @Test
  void aStackSpeaksItOnceItIsToldToAndAddressesSaySo() throws IOException {
    assertFalse(tls.used());
    assertEquals("http://127.0.0.1:8081", tls.site().url(8081));
    assertEquals(List.of(), tls.javaOptions());

    tls.use();

    assertTrue(tls.used());
    assertEquals("https://127.0.0.1:8081", tls.site().url(8081));
    assertTrue(tls.due(COMPONENTS, Instant.now()));
    assertEquals(List.of(), tls.javaOptions(), "there is nobody to believe yet");
  }

  @Test
  void eachComponentHasAKeyOfItsOwnAndOneAuthorityVouchesForAllOfThemByNameAndAddress()
      throws Exception {
    tls.use();
    tls.make(COMPONENTS);

    X509Certificate authority = Tls.certificates(tls.authority()).get(0);
    for (String component : COMPONENTS) {
      List<X509Certificate> shown = Tls.certificates(tls.certificate(component));
      X509Certificate own = shown.get(0);
      own.verify(authority.getPublicKey());
      assertEquals(authority, shown.get(1));
      assertEquals("CN=" + component, own.getSubjectX500Principal().getName());
      assertTrue(
          own.getSubjectAlternativeNames().stream()
              .anyMatch(name -> name.get(1).equals("127.0.0.1")),
          own::toString);
      assertEquals(-1, own.getBasicConstraints(), "it is no authority");
      assertEquals(
          component.equals("kafka") ? List.of(SERVER, CLIENT) : List.of(SERVER),
          own.getExtendedKeyUsage());
      Tls.showing(tls.certificate(component), tls.key(component));
    }
    assertEquals(0, authority.getBasicConstraints());
    assertNotEquals(Files.readString(tls.key("kafka")), Files.readString(tls.key("asset")));
  }

  @Test
  void nobodyButTheOwnerReadsAnyOfItAndTheAuthoritysKeyIsGone() throws Exception {
    tls.use();
    tls.make(COMPONENTS);
    tls.renewTrust();

    assertEquals("rwx------", permissions(tls.directory()));
    try (Stream<Path> files = Files.list(tls.directory())) {
      List<Path> all = files.sorted().toList();
      assertEquals(
          List.of("asset.crt", "asset.key", "ca.crt", "kafka.crt", "kafka.key", "trust.p12"),
          all.stream().map(file -> file.getFileName().toString()).toList());
      for (Path file : all) {
        assertEquals("rw-------", permissions(file), file::toString);
      }
    }
  }

  @Test
  void theyAreMadeAnewWhenOneIsMissingOrAMonthBeforeTheyEnd() throws Exception {
    tls.use();
    tls.make(COMPONENTS);
    byte[] before = Files.readAllBytes(tls.authority());
    Instant end = Tls.certificates(tls.authority()).get(0).getNotAfter().toInstant();

    assertFalse(tls.due(COMPONENTS, Instant.now()));
    assertFalse(tls.due(COMPONENTS, end.minus(Duration.ofDays(31))));
    assertTrue(tls.due(COMPONENTS, end.minus(Duration.ofDays(29))));
    assertTrue(tls.due(List.of("kafka", "another"), Instant.now()));
    assertArrayEquals(before, Files.readAllBytes(tls.authority()));

    // When it was interrupted half way
    Files.delete(tls.authority());

    // Then the stack still speaks TLS, with what is made at the next start
    assertTrue(tls.used());
    assertTrue(tls.due(COMPONENTS, Instant.now()));
    tls.make(COMPONENTS);
    assertFalse(tls.due(COMPONENTS, Instant.now()));
  }

  @Test
  void whatCannotBeReadIsMadeAnewAndIsInNobodysWay() throws Exception {
    for (String torn : List.of("ca.crt", "asset.crt")) {
      // Given one of which nothing, or half, is left
      tls.use();
      tls.make(COMPONENTS);
      Path file = tls.directory().resolve(torn);
      String whole = Files.readString(file);
      for (String left : List.of("", whole.substring(0, whole.length() / 4))) {
        Files.writeString(file, left);

        assertThrows(IOException.class, () -> Tls.certificates(file), left);
        assertTrue(tls.lacksAny(COMPONENTS), left);
        assertTrue(tls.due(COMPONENTS, Instant.now()), left);
      }
    }

    // When it is made anew, over what an interruption left, too
    Files.createDirectory(tls.directory().resolve("making"));
    Files.writeString(tls.directory().resolve("ca.crt.new"), "");
    tls.make(COMPONENTS);

    // Then
    assertFalse(tls.due(COMPONENTS, Instant.now()));
    assertFalse(Files.exists(tls.directory().resolve("making")));
    assertFalse(Files.exists(tls.directory().resolve("ca.crt.new")));
  }

  @Test
  void javaProgramsBelieveTheAuthorityThatIsThereAndWhomThisJavaTrusts() throws Exception {
    tls.use();
    tls.make(COMPONENTS);
    Files.writeString(tls.trustStore(), "of another Java, or torn");

    tls.renewTrust();

    KeyStore trusted = KeyStore.getInstance(tls.trustStore().toFile(), "changeit".toCharArray());
    assertNotNull(trusted.getCertificateAlias(Tls.certificates(tls.authority()).get(0)));
    assertTrue(trusted.size() > 1, "the authorities of this Java");
    assertEquals(
        List.of(
            "-Djavax.net.ssl.trustStore=" + tls.trustStore(),
            "-Djavax.net.ssl.trustStorePassword=changeit"),
        tls.javaOptions());
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
