package io.vigie.incident.monitor;

/** What may be wrong with a service over TLS; how bad it is, {@code tls-grades.json} says. */
public enum TlsFinding {
  /** Neither TLS 1.2 nor 1.3 (RFC 9325, section 3.1.1). */
  NO_MODERN_PROTOCOL,
  /** RFC 7568. */
  SSL_3_0,
  /** RFC 8996. */
  TLS_1_0,
  /** RFC 8996. */
  TLS_1_1,
  /**
   * No encryption, no authentication, export keys, DES or RC4 (RFC 9325, section 4.1, RFC 7465).
   */
  BROKEN_CIPHER,
  /** Blocks of 64 bits (CVE-2016-2183). */
  WEAK_CIPHER,
  /** By RSA or static Diffie-Hellman: who gets the key reads what was recorded (RFC 9325, 4.1). */
  NO_FORWARD_SECRECY,
  EXPIRED,
  NOT_YET_VALID,
  EXPIRES_SOON,
  /** No name of the certificate is the host's (RFC 9525). */
  WRONG_NAME,
  SELF_SIGNED,
  /** The issuer is neither trusted nor sent (RFC 8446, section 4.4.2). */
  INCOMPLETE_CHAIN,
  UNTRUSTED_ROOT,
  /** Path validation fails otherwise (RFC 5280, section 6). */
  CHAIN_INVALID,
  WEAK_KEY,
  /** MD5 or SHA-1 (RFC 9155). */
  WEAK_SIGNATURE,
  /** RFC 6797. */
  NO_HSTS,
  SHORT_HSTS,
  /** Plain HTTP answers with something else than a redirect to https (RFC 6797, section 7.2). */
  NO_REDIRECT
}
