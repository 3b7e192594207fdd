package io.vigie.incident.monitor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLContext;

import io.vigie.kernel.AllowedNetworks;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static io.vigie.incident.monitor.TlsFinding.BROKEN_CIPHER;
import static io.vigie.incident.monitor.TlsFinding.EXPIRED;
import static io.vigie.incident.monitor.TlsFinding.EXPIRES_SOON;
import static io.vigie.incident.monitor.TlsFinding.INCOMPLETE_CHAIN;
import static io.vigie.incident.monitor.TlsFinding.NO_FORWARD_SECRECY;
import static io.vigie.incident.monitor.TlsFinding.NO_HSTS;
import static io.vigie.incident.monitor.TlsFinding.NO_MODERN_PROTOCOL;
import static io.vigie.incident.monitor.TlsFinding.NO_REDIRECT;
import static io.vigie.incident.monitor.TlsFinding.SELF_SIGNED;
import static io.vigie.incident.monitor.TlsFinding.SHORT_HSTS;
import static io.vigie.incident.monitor.TlsFinding.SSL_3_0;
import static io.vigie.incident.monitor.TlsFinding.TLS_1_0;
import static io.vigie.incident.monitor.TlsFinding.TLS_1_1;
import static io.vigie.incident.monitor.TlsFinding.UNTRUSTED_ROOT;
import static io.vigie.incident.monitor.TlsFinding.WEAK_CIPHER;
import static io.vigie.incident.monitor.TlsFinding.WEAK_KEY;
import static io.vigie.incident.monitor.TlsFinding.WRONG_NAME;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Servers that are bad on purpose, each in one way, and that each way is found and named. */
class TlsProbeTest {

  private static final TlsServer.Taking NOTHING_BAD = (version, suites) -> null;
  private static final TlsGrades GRADES = new TlsGrades();

  @TempDir static Path directory;
  private static Certificates certificates;
  private static TrustAnchors ours;

  private WebServer plain;

  @BeforeAll
  static void sign() throws Exception {
    String name = "san=dns:localhost,ip:127.0.0.1";
    certificates = new Certificates(directory);
    certificates.make("good", "middle", "-validity", "90", "-ext", name);
    certificates.make("soon", "middle", "-validity", "10", "-ext", name);
    certificates.make("old", "middle", "-startdate", "-30d", "-validity", "20", "-ext", name);
    certificates.make(
        "other", "middle", "-validity", "90", "-ext", "san=dns:www.example.com,dns:*.localhost");
    certificates.make("alone", null, "-validity", "90", "-ext", name);
    certificates.makeShort("short", "middle", "-validity", "90", "-ext", name);
    ours = new TrustAnchors(List.of(certificates.root()));
  }

  @BeforeEach
  void start() throws Exception {
    plain = new WebServer();
    plain.redirects("/", "https://localhost/");
  }

  @AfterEach
  void stop() {
    plain.close();
  }

  private static SSLContext good() throws Exception {
    return certificates.context("good", 2);
  }

  private Outcome probe(TlsServer server, TrustAnchors anchors) throws Exception {
    AllowedNetworks networks =
        new AllowedNetworks(
            "vigie.monitors.allowed-networks",
            List.of("127.0.0.0/8", "::1/128"),
            InetAddress::getAllByName);
    try (server) {
      return new TlsProbe(networks, anchors, GRADES)
          .probe(
              Targets.tls("localhost", server.port(), null, plain.port()),
              new TimeLimit(Duration.ofSeconds(20)),
              Instant.now());
    }
  }

  private Map<TlsFinding, String> findings(TlsServer server) throws Exception {
    return probe(server, ours).tls().findings();
  }

  private Set<TlsFinding> shown(String alias, int certificatesShown) throws Exception {
    return findings(
            new TlsServer(
                certificates.context(alias, certificatesShown), TlsServer.A_YEAR, NOTHING_BAD))
        .keySet();
  }

  @Test
  void aGoodServerHasTheBestGrade() throws Exception {
    Outcome outcome = probe(new TlsServer(good(), TlsServer.A_YEAR, NOTHING_BAD), ours);

    assertEquals(Map.of(), outcome.tls().findings());
    assertEquals(List.of("TLS 1.2", "TLS 1.3"), outcome.tls().protocols());
    assertEquals(TlsGrade.A, outcome.grade());
    assertTrue(outcome.isGood());
    assertTrue(outcome.tls().certificateExpiresAt().isAfter(Instant.now()));
  }

  @Test
  void anExpiredCertificateIsFound() throws Exception {
    Outcome outcome =
        probe(new TlsServer(certificates.context("old", 2), TlsServer.A_YEAR, NOTHING_BAD), ours);

    assertEquals(Set.of(EXPIRED), outcome.tls().findings().keySet());
    assertEquals("The grade is F, and B is required: EXPIRED.", outcome.failure());
    assertEquals(Set.of(EXPIRES_SOON), shown("soon", 2));
  }

  @Test
  void aCertificateForAnotherNameIsFound() throws Exception {
    assertEquals(Set.of(WRONG_NAME), shown("other", 2));
  }

  @Test
  void aChainThatLeadsToNobodyTrustedIsFound() throws Exception {
    assertEquals(Set.of(SELF_SIGNED), shown("alone", 1));
    assertEquals(Set.of(INCOMPLETE_CHAIN), shown("good", 1));
    assertEquals(
        Set.of(UNTRUSTED_ROOT),
        probe(
                new TlsServer(certificates.context("good", 3), TlsServer.A_YEAR, NOTHING_BAD),
                new TrustAnchors(List.of()))
            .tls()
            .findings()
            .keySet());
  }

  @Test
  void aShortKeyIsFound() throws Exception {
    assertTrue(shown("short", 2).contains(WEAK_KEY));
  }

  @Test
  void oldProtocolsAreFoundThatTheJdkWouldNotOffer() throws Exception {
    Outcome outcome =
        probe(
            new TlsServer(
                good(),
                TlsServer.A_YEAR,
                (version, suites) -> version < 0x0303 ? new int[] {version, 0xC013} : null),
            ours);

    assertEquals(Set.of(SSL_3_0, TLS_1_0, TLS_1_1), outcome.tls().findings().keySet());
    assertEquals(
        List.of("SSL 3.0", "TLS 1.0", "TLS 1.1", "TLS 1.2", "TLS 1.3"), outcome.tls().protocols());
  }

  @Test
  void aServerThatAnswersWithAnOlderProtocolDoesNotTakeTheNewerOne() throws Exception {
    Outcome outcome =
        probe(
            new TlsServer(
                good(),
                TlsServer.A_YEAR,
                (version, suites) ->
                    version == 0x0300 ? new int[] {0x0200, 5} : new int[] {0x0301, 0xC013}),
            ours);

    assertEquals(Set.of(TLS_1_0, NO_MODERN_PROTOCOL), outcome.tls().findings().keySet());
    assertEquals(TlsGrade.F, outcome.grade());
    assertNull(outcome.tls().certificateExpiresAt());
  }

  @Test
  void weakCiphersAreFoundByName() throws Exception {
    List<Integer> bad = List.of(0x0005, 0x000A, 0x009C, 0xC012);
    Map<TlsFinding, String> findings =
        findings(
            new TlsServer(
                good(),
                TlsServer.A_YEAR,
                (version, suites) ->
                    version < 0x0303 || suites.contains(0xC02F)
                        ? null
                        : suites.stream()
                            .filter(bad::contains)
                            .map(suite -> new int[] {version, suite})
                            .findFirst()
                            .orElse(null)));

    assertEquals(
        Map.of(
            BROKEN_CIPHER,
            "TLS_RSA_WITH_RC4_128_SHA",
            WEAK_CIPHER,
            "TLS_RSA_WITH_3DES_EDE_CBC_SHA, TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA",
            NO_FORWARD_SECRECY,
            "TLS_RSA_WITH_AES_128_GCM_SHA256"),
        findings);
  }

  @Test
  void aServerThatTakesOldProtocolsAndWeakCiphersInEarnestIsFoundOut() throws Exception {
    try (OldServer server = new OldServer(certificates.store("good"), Certificates.PASSWORD)) {
      Outcome outcome =
          new TlsProbe(
                  new AllowedNetworks(
                      "vigie.monitors.allowed-networks",
                      List.of("127.0.0.0/8", "::1/128"),
                      InetAddress::getAllByName),
                  ours,
                  GRADES)
              .probe(
                  Targets.tls("localhost", server.port(), null, plain.port()),
                  new TimeLimit(Duration.ofSeconds(60)),
                  Instant.now());

      Map<TlsFinding, String> findings = outcome.tls().findings();
      assertEquals(Set.of(TLS_1_0, TLS_1_1, BROKEN_CIPHER, WEAK_CIPHER), findings.keySet());
      assertTrue(findings.get(BROKEN_CIPHER).contains("TLS_ECDHE_ECDSA_WITH_RC4_128_SHA"));
      assertTrue(findings.get(BROKEN_CIPHER).contains("TLS_ECDHE_ECDSA_WITH_NULL_SHA"));
      assertEquals("TLS_ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA", findings.get(WEAK_CIPHER));
      assertEquals(List.of("TLS 1.0", "TLS 1.1", "TLS 1.2", "TLS 1.3"), outcome.tls().protocols());
    }
  }

  @Test
  void whatBrowsersAreNotToldIsFound() throws Exception {
    assertEquals(Set.of(NO_HSTS), findings(new TlsServer(good(), null, NOTHING_BAD)).keySet());
    assertEquals(
        Set.of(SHORT_HSTS),
        findings(new TlsServer(good(), "includeSubDomains; max-age=\"300\"", NOTHING_BAD))
            .keySet());
  }

  @Test
  void plainHttpThatDoesNotRedirectIsFound() throws Exception {
    plain.says("/", 200, "still here");
    assertEquals(
        Map.of(NO_REDIRECT, "port " + plain.port() + " answers 200"),
        findings(new TlsServer(good(), TlsServer.A_YEAR, NOTHING_BAD)));

    plain.redirects("/", "http://localhost/elsewhere");
    assertEquals(
        Map.of(NO_REDIRECT, "port " + plain.port() + " leads to plain http"),
        findings(new TlsServer(good(), TlsServer.A_YEAR, NOTHING_BAD)));
  }

  @Test
  void whereNoPagesAreNothingNeedBeSaidToBrowsers() throws Exception {
    plain.says("/", 200, "of somebody else");
    try (TlsServer server = new TlsServer(good(), null, NOTHING_BAD)) {
      Outcome outcome =
          new TlsProbe(
                  new AllowedNetworks(
                      "vigie.monitors.allowed-networks",
                      List.of("127.0.0.0/8"),
                      InetAddress::getAllByName),
                  ours,
                  GRADES)
              .probe(
                  Targets.tls("127.0.0.1", server.port(), false, plain.port()),
                  new TimeLimit(Duration.ofSeconds(20)),
                  Instant.now());
      assertEquals(Map.of(), outcome.tls().findings());
    }
  }

  @Test
  void whatSpeaksNoTlsHasNoGrade() throws Exception {
    try (ServerSocket shell = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      new Thread(() -> greet(shell)).start();
      Outcome outcome =
          new TlsProbe(
                  new AllowedNetworks(
                      "vigie.monitors.allowed-networks",
                      List.of("127.0.0.0/8"),
                      InetAddress::getAllByName),
                  ours,
                  GRADES)
              .probe(
                  Targets.tls("127.0.0.1", shell.getLocalPort(), null, plain.port()),
                  new TimeLimit(Duration.ofSeconds(20)),
                  Instant.now());

      assertEquals("It speaks no TLS.", outcome.failure());
      assertNull(outcome.tls());
    }
  }

  @Test
  void theWorstOfTheServersThatANameLeadsToCounts() throws Exception {
    InetAddress first = InetAddress.getByName("127.0.0.1");
    InetAddress second = InetAddress.getByName("127.0.0.2");
    AllowedNetworks networks =
        new AllowedNetworks(
            "vigie.monitors.allowed-networks",
            List.of("127.0.0.0/8"),
            host -> new InetAddress[] {first, second});
    try (TlsServer good = new TlsServer(good(), TlsServer.A_YEAR, NOTHING_BAD);
        TlsServer old =
            new TlsServer(
                second,
                good.port(),
                certificates.context("old", 2),
                TlsServer.A_YEAR,
                (version, suites) -> version == 0x0301 ? new int[] {version, 0xC013} : null)) {
      Outcome outcome =
          new TlsProbe(networks, ours, GRADES)
              .probe(
                  Targets.tls("localhost", old.port(), null, plain.port()),
                  new TimeLimit(Duration.ofSeconds(20)),
                  Instant.now());

      Map<TlsFinding, String> findings = outcome.tls().findings();
      assertEquals(Set.of(TLS_1_0, EXPIRED), findings.keySet());
      assertEquals("at 127.0.0.2: TLS 1.0 is taken", findings.get(TLS_1_0));
      assertEquals(List.of("TLS 1.0", "TLS 1.2", "TLS 1.3"), outcome.tls().protocols());
      assertEquals(TlsGrade.F, outcome.grade());
      assertTrue(outcome.tls().certificateExpiresAt().isBefore(Instant.now()));
    }
  }

  private static void greet(ServerSocket shell) {
    while (!shell.isClosed()) {
      try (Socket socket = shell.accept()) {
        socket.getOutputStream().write("SSH-2.0-OpenSSH_9.2\r\n".getBytes(US_ASCII));
        socket.getInputStream().read(new byte[1_000]);
      } catch (IOException e) {
        // the probe hung up, or the test is over
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "www.example.com, www.example.com, true",
    "WWW.Example.com, www.example.COM., true",
    "*.example.com, www.example.com, true",
    "*.example.com, example.com, false",
    "*.example.com, a.b.example.com, false",
    "*.com, example.com, false",
    "w*.example.com, www.example.com, false",
    "*, localhost, false",
    "10.0.0.1, 10.0.0.1, true",
    "*.0.0.1, 10.0.0.1, false",
    "0:0:0:0:0:0:0:1, ::1, true",
    "::1, ::2, false"
  })
  void aNameIsTheHostsAsBrowsersSeeIt(String name, String host, boolean isName) {
    assertEquals(isName, ServedChain.isNameOf(name, host));
  }

  @Test
  void everyFindingHasAGrade() {
    for (TlsFinding finding : TlsFinding.values()) {
      assertTrue(GRADES.grade(List.of(finding)).compareTo(TlsGrade.A) > 0, finding.name());
    }
  }
}
