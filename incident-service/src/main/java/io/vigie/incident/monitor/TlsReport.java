package io.vigie.incident.monitor;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What was found of a service over TLS.
 *
 * @param protocols those that it takes
 * @param findings each with what it is in this case
 * @param certificateExpiresAt null where it was not shown
 */
record TlsReport(
    List<String> protocols, Map<TlsFinding, String> findings, Instant certificateExpiresAt) {}
