package io.vigie.incident.monitor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import javax.net.ssl.SSLContext;

import io.vigie.kernel.AllowedNetworks;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.vigie.incident.monitor.Targets.page;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ProbesTest {

  private static final AllowedNetworks LOCAL =
      new AllowedNetworks(
          "vigie.monitors.allowed-networks", List.of("127.0.0.0/8"), InetAddress::getAllByName);

  private final PortProbe ports = new PortProbe(LOCAL);
  private HttpProbe http;
  private WebServer server;

  @BeforeEach
  void start() throws Exception {
    server = new WebServer();
    http = new HttpProbe(LOCAL, SSLContext.getDefault());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static TimeLimit limit() {
    return new TimeLimit(Duration.ofSeconds(20));
  }

  private String failure(Target target) throws IOException {
    return http.probe(target, limit()).failure();
  }

  @Test
  void aPageIsHeldAgainstStatusContentAndTime() throws IOException {
    server.says("/?a=b", 200, "Bienvenue à l'agence");
    server.says("/down", 503, "");

    String url = server.url("/?a=b");
    assertNull(failure(page(url, null, "à l'agence", 10_000)));
    assertEquals(
        "The answer does not contain the expected text.", failure(page(url, 200, "Welcome", null)));
    assertEquals(
        "The server answered 503 instead of 200.",
        failure(page(server.url("/down"), null, null, null)));
    assertNull(failure(page(server.url("/down"), 503, null, null)));
  }

  @Test
  void redirectsAreFollowedThreeTimes() throws IOException {
    server.redirects("/a", "/b");
    server.redirects("/b", server.url("/c"));
    server.redirects("/c", "d");
    server.says("/d", 200, "here");
    server.redirects("/0", "/a");

    assertNull(failure(page(server.url("/a"), null, "here", null)));
    assertNull(failure(page(server.url("/a"), 302, null, null)));
    assertEquals(
        "It redirects more than 3 times.", failure(page(server.url("/0"), null, null, null)));
  }

  @Test
  void aRelativeRedirectFromAnAddressWithoutAPathIsOneFromItsRoot() throws IOException {
    server.redirects("/", "d?x=1");
    server.says("/d?x=1", 200, "here");

    assertNull(failure(page(server.url(""), null, "here", null)));
  }

  @Test
  void lettersWithAccentsAreAskedForByTheirCode() throws IOException {
    server.says("/r%C3%A9alisations?q=%C3%A0", 200, "here");

    assertNull(failure(page(server.url("/réalisations?q=à"), null, "here", null)));
  }

  @ParameterizedTest
  @CsvSource({
    "169.254.169.254, 169.254.169.254 is link-local.",
    "::1, '0:0:0:0:0:0:0:1 is loopback."
        + " Where that is meant, name its network in vigie.monitors.allowed-networks.'"
  })
  void aNameIsResolvedOnceForEachConnectionWhichGoesToTheAddressThatWasLookedAt(
      String next, String why) throws Exception {
    Deque<String> answers = new ArrayDeque<>(List.of("127.0.0.1", next));
    HttpProbe probe =
        new HttpProbe(
            new AllowedNetworks(
                "vigie.monitors.allowed-networks",
                List.of("127.0.0.0/8"),
                host -> new InetAddress[] {InetAddress.getByName(answers.remove())}),
            SSLContext.getDefault());
    server.says("/", 200, "here");
    server.redirects("/again", "/");
    String rebinding = "http://rebinding.example:" + server.port();

    assertNull(probe.probe(page(rebinding + "/", null, "here", null), limit()).failure());
    assertEquals(1, answers.size());

    answers.addFirst("127.0.0.1");
    AllowedNetworks.Refused refusal =
        assertThrows(
            AllowedNetworks.Refused.class,
            () -> probe.probe(page(rebinding + "/again", null, "here", null), limit()));
    assertEquals("rebinding.example is not connected to: " + why, refusal.getMessage());
  }

  @Test
  void aPageIsTriedAtEachAddressOfItsNameThatTakesConnections() throws Exception {
    InetAddress first = InetAddress.getByName("127.0.0.1");
    InetAddress second = InetAddress.getByName("127.0.0.2");
    InetAddress nobody = InetAddress.getByName("127.0.0.3");
    HttpProbe probe =
        new HttpProbe(
            new AllowedNetworks(
                "vigie.monitors.allowed-networks",
                List.of("127.0.0.0/8"),
                host ->
                    host.equals("two.example")
                        ? new InetAddress[] {first, nobody, second}
                        : InetAddress.getAllByName(host)),
            SSLContext.getDefault());
    try (WebServer other = new WebServer(second, server.port())) {
      Target page = page("http://two.example:" + server.port() + "/moved", null, "here", null);
      for (WebServer one : List.of(server, other)) {
        one.redirects("/moved", "/here");
        one.says("/here", 200, "here");
      }
      assertNull(probe.probe(page, limit()).failure());

      other.says("/here", 500, "");
      assertEquals(
          "At 127.0.0.2: The server answered 500 instead of 200.",
          probe.probe(page, limit()).failure());

      other.redirects("/moved", "http://10.0.0.1/");
      assertEquals(
          "At 127.0.0.2: 10.0.0.1 is not connected to: 10.0.0.1 is private."
              + " Where that is meant, name its network in vigie.monitors.allowed-networks.",
          probe.probe(page, limit()).failure());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://169.254.169.254/latest/meta-data", "http://10.0.0.1/", "http://[::1]/"})
  void aRedirectIsLookedAtLikeTheFirstAddress(String location) {
    server.redirects("/", location);

    assertThrows(
        AllowedNetworks.Refused.class, () -> failure(page(server.url("/"), null, null, null)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"file:///etc/passwd", "http://u:p@127.0.0.1/", "gopher://127.0.0.1/"})
  void aRedirectToWhatIsNoPageIsAFailure(String location) throws IOException {
    server.redirects("/", location);

    assertTrue(
        failure(page(server.url("/"), null, null, null)).startsWith("It redirects to what is no"));
  }

  @Test
  void aServerThatDoesNotAnswerIsGivenUp() {
    TimeLimit limit = new TimeLimit(Duration.ofMillis(1_500));
    assertThrows(
        IOException.class, () -> http.probe(page(server.url("/silent"), null, null, null), limit));
    assertTrue(limit.taken().toMillis() < 20_000);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SSH-2.0-OpenSSH_9.2\r\n",
        "HTTP/1.1 200 OK\r\nno header\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        ""
      })
  void whatIsNoAnswerIsNotTakenForOne(String answer) throws Exception {
    try (ServerSocket raw = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread answering = answering(raw, answer);
      assertThrows(
          IOException.class,
          () -> failure(page("http://127.0.0.1:" + raw.getLocalPort() + "/", null, null, null)));
      answering.join(5_000);
    }
  }

  @Test
  void chunksAreReadAsOneBody() throws Exception {
    try (ServerSocket raw = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      answering(
          raw,
          "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
              + "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n");
      assertNull(
          failure(page("http://127.0.0.1:" + raw.getLocalPort() + "/", null, "abcde", null)));
    }
  }

  @Test
  void aBodyMayComeInManySmallChunks() throws Exception {
    try (ServerSocket raw = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      answering(
          raw,
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
              + "1\r\na\r\n".repeat(20_000)
              + "5\r\nabcde\r\n0\r\n\r\n");
      assertNull(
          failure(page("http://127.0.0.1:" + raw.getLocalPort() + "/", null, "abcde", null)));
    }
  }

  private static Thread answering(ServerSocket raw, String answer) {
    Thread thread =
        new Thread(
            () -> {
              try (Socket socket = raw.accept()) {
                socket.getInputStream().read(new byte[1_000]);
                socket.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
              } catch (IOException e) {
                // the probe gave up
              }
            });
    thread.start();
    return thread;
  }

  @Test
  void aPortIsOpenOrClosed() throws IOException {
    Target open = Targets.port("127.0.0.1", server.port());
    Target closed = Targets.port("127.0.0.1", freePort());

    assertNull(ports.open(open, limit()).failure());
    assertThrows(IOException.class, () -> ports.open(closed, limit()));
    assertNull(ports.closed(closed, limit()).failure());
    assertEquals(
        "Port " + server.port() + " is open at 127.0.0.1, and must not be.",
        ports.closed(open, limit()).failure());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
