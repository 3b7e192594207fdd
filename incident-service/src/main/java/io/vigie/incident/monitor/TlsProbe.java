package io.vigie.incident.monitor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

import io.vigie.kernel.AllowedNetworks;

/**
 * How good what a port offers over TLS is (R11.2). What is good is tried with the JDK's own TLS,
 * which here takes any certificate and sends nothing that matters: the certificate is judged
 * afterwards. What is bad is asked for by hand, {@link ClientHello}.
 */
final class TlsProbe {

  /** For one of the many connections that a probe takes. */
  private static final Duration ONE = Duration.ofSeconds(5);

  private static final int MOST_SUITES = 4;

  private static final Pattern MAX_AGE =
      Pattern.compile("(?i)(?:^|;)\\s*max-age\\s*=\\s*\"?([0-9]{1,15})\"?\\s*(?:;|$)");

  private static final Map<Integer, TlsFinding> OLD = old();

  private final AllowedNetworks networks;
  private final TrustAnchors anchors;
  private final TlsGrades grades;

  TlsProbe(AllowedNetworks networks, TrustAnchors anchors, TlsGrades grades) {
    this.networks = networks;
    this.anchors = anchors;
    this.grades = grades;
  }

  private static Map<Integer, TlsFinding> old() {
    Map<Integer, TlsFinding> old = new LinkedHashMap<>();
    old.put(ClientHello.SSL_3_0, TlsFinding.SSL_3_0);
    old.put(ClientHello.TLS_1_0, TlsFinding.TLS_1_0);
    old.put(ClientHello.TLS_1_1, TlsFinding.TLS_1_1);
    return old;
  }

  /** What a handshake showed; the page's headers where one was asked for, or why there are none. */
  private record Served(ServedChain chain, Page page, String noPage) {}

  /**
   * Bad where the grade is not what is required; with what was found in either case. Each address
   * of the name that takes connections is looked at, and the worst of them counts: whoever looks
   * for a weak one finds it.
   */
  Outcome probe(Target target, TimeLimit limit, Instant now) throws IOException {
    List<InetAddress> servers =
        Line.taking(networks.addresses(target.host()), target.port(), limit);
    if (servers.size() == 1) {
      TlsReport report = report(new One(target, servers.get(0), limit), now);
      return report == null ? noTls(limit) : judge(report, limit);
    }
    TlsReport all = null;
    for (InetAddress server : servers) {
      TimeLimit own = limit.again();
      try {
        TlsReport report = report(new One(target, server, own), now);
        if (report == null) {
          return noTls(own).at(server);
        }
        all = all == null ? report.at(server) : all.and(report.at(server));
      } catch (IOException e) {
        return Probes.failed(e, own).at(server);
      }
    }
    return judge(all, limit);
  }

  private static Outcome noTls(TimeLimit limit) {
    return Outcome.bad("It speaks no TLS.", limit.taken());
  }

  /** What one server has; null where it speaks no TLS. */
  private TlsReport report(One one, Instant now) throws IOException {
    Target target = one.target;
    List<String> protocols = new ArrayList<>();
    Map<TlsFinding, String> findings = new EnumMap<>(TlsFinding.class);
    for (Map.Entry<Integer, TlsFinding> version : OLD.entrySet()) {
      Optional<ClientHello.Chosen> chosen = one.offer(ClientHello.of(version.getKey(), one.name()));
      if (chosen.isPresent() && chosen.get().version() == version.getKey()) {
        protocols.add(words(version.getValue()));
        findings.put(version.getValue(), words(version.getValue()) + " is taken");
      }
    }
    Served tls12 = one.shakeHands("TLSv1.2");
    Served tls13 = one.shakeHands("TLSv1.3");
    if (tls12 != null) {
      protocols.add("TLS 1.2");
    }
    if (tls13 != null) {
      protocols.add("TLS 1.3");
    }
    if (protocols.isEmpty()) {
      return null;
    }
    for (TlsFinding weakness :
        List.of(TlsFinding.BROKEN_CIPHER, TlsFinding.WEAK_CIPHER, TlsFinding.NO_FORWARD_SECRECY)) {
      List<WeakSuite> taken = one.taken(WeakSuite.of(weakness));
      if (!taken.isEmpty()) {
        findings.put(
            weakness, taken.stream().map(WeakSuite::name).collect(Collectors.joining(", ")));
      }
    }
    Served served = tls13 == null ? tls12 : tls13;
    if (served == null) {
      findings.put(TlsFinding.NO_MODERN_PROTOCOL, String.join(", ", protocols) + " only");
    } else {
      served.chain().judge(target.host(), anchors, grades, now, findings);
      if (target.hasPages() && one.name() != null) { // of an address it means nothing
        judgeHsts(served, findings);
      }
    }
    if (target.hasPages()) {
      one.judgePlainHttp(findings);
    }
    return new TlsReport(protocols, findings, served == null ? null : served.chain().expiresAt());
  }

  private Outcome judge(TlsReport report, TimeLimit limit) {
    TlsGrade grade = grades.grade(report.findings().keySet());
    return Outcome.graded(
        grades.isEnough(grade)
            ? null
            : "The grade is %s, and %s is required: %s."
                .formatted(
                    grade,
                    grades.required(),
                    report.findings().keySet().stream()
                        .map(TlsFinding::name)
                        .collect(Collectors.joining(", "))),
        limit.taken(),
        report,
        grade);
  }

  /** RFC 6797, section 6.1. */
  private void judgeHsts(Served served, Map<TlsFinding, String> findings) {
    String header =
        served.page() == null ? null : served.page().header("strict-transport-security");
    if (header == null) {
      findings.put(
          TlsFinding.NO_HSTS,
          served.page() == null ? served.noPage() : "there is no Strict-Transport-Security");
      return;
    }
    Matcher age = MAX_AGE.matcher(header);
    long seconds = age.find() ? Long.parseLong(age.group(1)) : 0;
    if (seconds < grades.hstsSeconds()) {
      findings.put(
          TlsFinding.SHORT_HSTS, "%d s; %d are asked for".formatted(seconds, grades.hstsSeconds()));
    }
  }

  private static String words(TlsFinding protocol) {
    return protocol.name().replaceFirst("_", " ").replace('_', '.');
  }

  /** One probe: a server at one address, and the time that is left. */
  private static final class One {

    private final Target target;
    private final List<InetAddress> server;
    private final TimeLimit limit;

    One(Target target, InetAddress server, TimeLimit limit) {
      this.target = target;
      this.server = List.of(server);
      this.limit = limit;
    }

    /** What is asked for by name; null of an address (RFC 6066, section 3). */
    String name() {
      return target.host().contains(":") || target.host().matches("[0-9.]+") ? null : target.host();
    }

    /** What the server takes; nothing where it says nothing in the time that one connection has. */
    Optional<ClientHello.Chosen> offer(ClientHello hello) throws IOException {
      TimeLimit own = limit.atMost(ONE);
      try (Line line = Line.open(server, target.port(), own)) {
        return hello.send(line.socket());
      } catch (SocketTimeoutException e) {
        limit.millis(); // which throws where it is the whole time that is over
        return Optional.empty();
      }
    }

    /** Those that it takes, asked for again without the one that it took, a few times. */
    List<WeakSuite> taken(List<WeakSuite> all) throws IOException {
      List<WeakSuite> left = new ArrayList<>(all);
      List<WeakSuite> taken = new ArrayList<>();
      while (!left.isEmpty() && taken.size() < MOST_SUITES) {
        Optional<ClientHello.Chosen> chosen = offer(ClientHello.of(left, name()));
        Optional<WeakSuite> suite =
            chosen.flatMap(
                some -> left.stream().filter(one -> one.number() == some.suite()).findFirst());
        if (suite.isEmpty()) {
          break;
        }
        taken.add(suite.get());
        left.remove(suite.get());
      }
      return taken;
    }

    /** What the server shows in this protocol; null where it does not take it. */
    Served shakeHands(String protocol) throws IOException {
      Recorder recorder = new Recorder();
      TimeLimit own = limit.atMost(ONE);
      try (Line line = Line.open(server, target.port(), own)) {
        SSLSocket socket = recorder.over(line.socket(), target);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setProtocols(new String[] {protocol});
        if (name() != null) {
          parameters.setServerNames(List.of(new SNIHostName(name())));
        }
        socket.setSSLParameters(parameters);
        socket.setSoTimeout(own.millis());
        try {
          socket.startHandshake();
        } catch (SSLException | SocketException | SocketTimeoutException e) {
          limit.millis();
          return null;
        }
        return served(recorder.chain(), socket);
      }
    }

    private Served served(ServedChain chain, SSLSocket socket) throws IOException {
      if (!target.hasPages()) {
        return new Served(chain, null, null);
      }
      try {
        return new Served(chain, Page.get(socket, address("https", target.port())), null);
      } catch (IOException e) {
        limit.millis();
        return new Served(chain, null, Probes.words(e));
      }
    }

    private URI address(String scheme, int port) {
      try {
        return new URI(scheme, null, target.host(), port, "/", null, null);
      } catch (URISyntaxException e) {
        throw new IllegalStateException(e);
      }
    }

    /** Nothing to find where nobody answers, or not in HTTP. */
    void judgePlainHttp(Map<TlsFinding, String> findings) throws IOException {
      Page page;
      URI plain = address("http", target.plainHttpPort());
      try (Line line = Line.open(server, target.plainHttpPort(), limit.atMost(ONE))) {
        page = Page.get(line.socket(), plain);
      } catch (IOException e) {
        limit.millis();
        return;
      }
      URI next = page.isRedirect() ? HttpProbe.next(plain, page.header("location")) : null;
      if (next == null || !HttpProbe.isSecure(next)) {
        findings.put(
            TlsFinding.NO_REDIRECT,
            next == null
                ? "port %d answers %d".formatted(target.plainHttpPort(), page.status())
                : "port %d leads to plain http".formatted(target.plainHttpPort()));
      }
    }
  }

  /** Takes any certificate, and keeps what was shown to be judged. Nothing is sent by its leave. */
  private static final class Recorder extends X509ExtendedTrustManager {

    private List<X509Certificate> shown = List.of();

    SSLSocket over(Socket socket, Target target) throws IOException {
      try {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {this}, null);
        return (SSLSocket)
            context.getSocketFactory().createSocket(socket, target.host(), target.port(), true);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }

    ServedChain chain() {
      return new ServedChain(shown);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
      shown = List.of(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
      shown = List.of(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {
      shown = List.of(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {
      throw new UnsupportedOperationException("no server is here");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
      throw new UnsupportedOperationException("no server is here");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {
      throw new UnsupportedOperationException("no server is here");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
