package io.vigie.incident.monitor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

import io.vigie.kernel.AllowedNetworks;

/** Whether a page answers as expected. Over https its certificate must be valid for its name. */
final class HttpProbe {

  static final int MAX_REDIRECTS = 3;

  private final AllowedNetworks networks;
  private final SSLContext trust;

  HttpProbe(AllowedNetworks networks, SSLContext trust) {
    this.networks = networks;
    this.trust = trust;
  }

  /**
   * Good where it is at each address of the name that takes connections, since any visitor may come
   * to any of them; the slowest counts. Redirects are followed, each to an address that is looked
   * at like the first one.
   */
  Outcome probe(Target target, TimeLimit limit) throws IOException {
    URI page = ascii(URI.create(target.url()));
    List<InetAddress> servers =
        Line.taking(networks.addresses(bare(page.getHost())), port(page), limit);
    if (servers.size() == 1) {
      return probe(target, page, servers.get(0), limit);
    }
    Outcome slowest = Outcome.good(Duration.ZERO);
    for (InetAddress server : servers) {
      Outcome outcome = tried(target, page, server, limit.again());
      if (!outcome.isGood()) {
        return outcome.at(server);
      }
      slowest = outcome.took().compareTo(slowest.took()) > 0 ? outcome : slowest;
    }
    return slowest;
  }

  private Outcome tried(Target target, URI page, InetAddress server, TimeLimit limit) {
    try {
      return probe(target, page, server, limit);
    } catch (IOException e) {
      return Probes.failed(e, limit);
    }
  }

  private Outcome probe(Target target, URI first, InetAddress server, TimeLimit limit)
      throws IOException {
    URI address = first;
    Page page = get(address, List.of(server), limit);
    for (int n = 1; page.isRedirect() && page.status() != target.expectedStatus(); n++) {
      if (n > MAX_REDIRECTS) {
        return Outcome.bad("It redirects more than " + MAX_REDIRECTS + " times.", limit.taken());
      }
      URI next = next(address, page.header("location"));
      if (next == null) {
        return Outcome.bad(
            "It redirects to what is no address of a page: " + page.header("location"),
            limit.taken());
      }
      if (isSecure(address) && !isSecure(next)) {
        return Outcome.bad("It redirects from https to plain http: " + next, limit.taken());
      }
      address = next;
      List<InetAddress> found = networks.addresses(bare(address.getHost()));
      page = get(address, found.contains(server) ? List.of(server) : found, limit);
    }
    return judge(target, page, limit);
  }

  private static Outcome judge(Target target, Page page, TimeLimit limit) {
    if (page.status() != target.expectedStatus()) {
      return Outcome.bad(
          "The server answered %d instead of %d.".formatted(page.status(), target.expectedStatus()),
          limit.taken());
    }
    if (target.contains() != null && !page.text().contains(target.contains())) {
      return Outcome.bad("The answer does not contain the expected text.", limit.taken());
    }
    return inTime(target, limit);
  }

  /** That it was good, if it was in time. */
  static Outcome inTime(Target target, TimeLimit limit) {
    long millis = limit.taken().toMillis();
    return target.withinMillis() != null && millis > target.withinMillis()
        ? Outcome.bad(
            "It took %d ms; %d are allowed.".formatted(millis, target.withinMillis()),
            limit.taken())
        : Outcome.good(limit.taken());
  }

  private Page get(URI address, List<InetAddress> servers, TimeLimit limit) throws IOException {
    return over(address, servers, limit, socket -> Page.get(socket, address));
  }

  /** The answer to a body that is sent there; a redirect is an answer. */
  Page post(URI address, Map<String, String> headers, byte[] body, TimeLimit limit)
      throws IOException {
    return over(
        address,
        networks.addresses(bare(address.getHost())),
        limit,
        socket -> Page.post(socket, address, headers, body));
  }

  /** What is asked over a connection. */
  @FunctionalInterface
  private interface Exchange {
    Page over(Socket socket) throws IOException;
  }

  /** With the first of {@code servers} that takes a connection. */
  private Page over(URI address, List<InetAddress> servers, TimeLimit limit, Exchange exchange)
      throws IOException {
    int port = port(address);
    try (Line line = Line.open(servers, port, limit)) {
      return exchange.over(
          isSecure(address)
              ? secure(line.socket(), bare(address.getHost()), port, limit)
              : line.socket());
    }
  }

  private static int port(URI address) {
    return address.getPort() >= 0 ? address.getPort() : isSecure(address) ? 443 : 80;
  }

  private Socket secure(Socket socket, String host, int port, TimeLimit limit) throws IOException {
    SSLSocket secure = (SSLSocket) trust.getSocketFactory().createSocket(socket, host, port, true);
    SSLParameters parameters = secure.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    secure.setSSLParameters(parameters);
    secure.setSoTimeout(limit.millis());
    secure.startHandshake();
    return secure;
  }

  /** Null where it leads to no page. */
  static URI next(URI from, String location) {
    try {
      // An empty path is that of the root (RFC 3986, section 5.2.3), which URI does not know.
      URI base = from.getRawPath().isEmpty() ? from.resolve("/") : from;
      URI next = ascii(base.resolve(new URI(location)));
      return Target.isWeb(next) ? next : null;
    } catch (URISyntaxException e) {
      return null;
    }
  }

  /** Letters with accents have a code. */
  private static URI ascii(URI address) {
    return URI.create(address.toASCIIString());
  }

  static boolean isSecure(URI address) {
    return "https".equalsIgnoreCase(address.getScheme());
  }

  /** Without the brackets around an IPv6 address. */
  static String bare(String host) {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }
}
