package io.vigie.incident.monitor;

/** How good a service over TLS is, the best first. */
public enum TlsGrade {
  A,
  B,
  C,
  F
}
