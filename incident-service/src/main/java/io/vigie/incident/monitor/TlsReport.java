package io.vigie.incident.monitor;

import java.net.InetAddress;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What was found of a service over TLS.
 *
 * @param protocols those that it takes
 * @param findings each with what it is in this case
 * @param certificateExpiresAt null where it was not shown
 */
record TlsReport(
    List<String> protocols, Map<TlsFinding, String> findings, Instant certificateExpiresAt) {

  /** The same, found at one of several addresses, which each finding names. */
  TlsReport at(InetAddress address) {
    Map<TlsFinding, String> here = new EnumMap<>(TlsFinding.class);
    findings.forEach(
        (finding, what) -> here.put(finding, "at " + address.getHostAddress() + ": " + what));
    return new TlsReport(protocols, here, certificateExpiresAt);
  }

  /** What was found at either of two addresses. */
  TlsReport and(TlsReport other) {
    Map<TlsFinding, String> both = new EnumMap<>(TlsFinding.class);
    both.putAll(findings);
    other.findings.forEach(
        (finding, what) -> both.merge(finding, what, (one, more) -> one + "; " + more));
    return new TlsReport(
        Stream.concat(protocols.stream(), other.protocols.stream()).distinct().sorted().toList(),
        both,
        Stream.of(certificateExpiresAt, other.certificateExpiresAt)
            .filter(Objects::nonNull)
            .min(Comparator.naturalOrder())
            .orElse(null));
  }
}
