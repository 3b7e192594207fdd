package io.vigie.incident.monitor;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLException;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.AllowedNetworks;

/** Tries what monitors watch, each on a thread that may wait. */
@ApplicationScoped
class Probes {

  /** How many run at once, grades of TLS aside. */
  static final int AT_ONCE = 20;

  static final int GRADES_AT_ONCE = 5;

  private final MonitorSettings settings;
  private final AllowedNetworks networks;
  private final HttpProbe http;
  private final PortProbe ports;
  private final TlsProbe tls;
  private final Clock clock;

  /** As many as probes run; a name that does not resolve may keep one for longer. */
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "monitor-probe");
            thread.setDaemon(true);
            return thread;
          });

  Probes(MonitorSettings settings, Clock clock) {
    this.settings = settings;
    this.networks = networks(settings);
    TrustAnchors anchors = TrustAnchors.of(settings.trustAnchors());
    this.http = new HttpProbe(networks, anchors.context());
    this.ports = new PortProbe(networks);
    this.tls = new TlsProbe(networks, anchors, new TlsGrades());
    this.clock = clock;
  }

  static AllowedNetworks networks(MonitorSettings settings) {
    return new AllowedNetworks(
        "vigie.monitors.allowed-networks", settings.allowedNetworks(), InetAddress::getAllByName);
  }

  @PreDestroy
  void end() {
    threads.shutdownNow();
  }

  /**
   * Why {@code target} is never tried, where its address tells; null where it does not, or names a
   * host, which is resolved when it is tried.
   */
  String refusal(Target target) {
    String reached = target.reached();
    return reached == null ? null : networks.refusalOfLiteral(reached);
  }

  /** Never fails; what cannot be tried is an outcome. On a thread of its own. */
  Uni<Outcome> run(MonitorType type, Target target) {
    return Uni.createFrom()
        .item(() -> probe(type, target))
        .runSubscriptionOn(threads)
        .ifNoItem()
        .after(longest(type)) // a name that does not resolve takes its time
        .recoverWithItem(() -> Outcome.bad("It took too long.", null));
  }

  /** How long a probe may take, of all addresses that its host has. */
  Duration longest(MonitorType type) {
    return limit(type).multipliedBy(Line.MOST_ADDRESSES + 1);
  }

  /** How long a probe of one address may take. */
  private Duration limit(MonitorType type) {
    return type == MonitorType.TLS ? settings.tlsTimeLimit() : settings.timeLimit();
  }

  private Outcome probe(MonitorType type, Target target) {
    TimeLimit limit = new TimeLimit(limit(type));
    try {
      return switch (type) {
        case HTTP -> http.probe(target, limit);
        case TCP -> ports.open(target, limit);
        case EXPOSURE -> ports.closed(target, limit);
        case TLS -> tls.probe(target, limit, clock.instant());
        case HEARTBEAT -> Outcome.bad("The job did not call in time.", null); // or none were due
      };
    } catch (IOException e) {
      return failed(e, limit);
    } catch (RuntimeException e) {
      return Outcome.bad("It cannot be tried: " + e, limit.taken());
    }
  }

  /** That it failed so within {@code limit}. */
  static Outcome failed(IOException failure, TimeLimit limit) {
    return Outcome.bad(limit.isOver() ? limit.words() : words(failure), limit.taken());
  }

  /** Why it failed, for people. */
  static String words(IOException failure) {
    String message = failure.getMessage();
    if (failure instanceof AllowedNetworks.Refused || failure instanceof Page.Malformed) {
      return message;
    }
    if (failure instanceof UnknownHostException) {
      return "The name does not resolve: " + message;
    }
    if (failure instanceof ConnectException || failure instanceof SocketTimeoutException) {
      return "It cannot be connected to: " + message;
    }
    if (failure instanceof SSLException) {
      return "There is no secure connection: " + message;
    }
    return "The connection broke: " + message;
  }
}
