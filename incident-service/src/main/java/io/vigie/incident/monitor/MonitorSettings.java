package io.vigie.incident.monitor;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import io.smallrye.config.ConfigMapping;

/** How monitors try what they watch. */
@ConfigMapping(prefix = "vigie.monitors")
public interface MonitorSettings {

  /** How often the clock looks for monitors that are due. */
  Duration lookEvery();

  /** How often results that are too old are counted. */
  Duration condenseEvery();

  /** How long one probe of one address may take. */
  Duration timeLimit();

  /** How long one that grades TLS may take, which is many connections. */
  Duration tlsTimeLimit();

  /** A file of certificates in PEM that are trusted beside those of the JDK. */
  Optional<String> trustAnchors();

  /**
   * Networks that probes may reach: address ranges (RFC 4632, RFC 4291), and {@code public} for all
   * public unicast addresses. Link-local and multicast addresses are never reached.
   */
  List<String> allowedNetworks();
}
