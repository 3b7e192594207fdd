package io.vigie.asset.posture;

/** How whoever comes is let in, where there are several ways the weakest (R7.1, R7.3, R10.1). */
public enum SignIn {
  PASSWORD,
  /** The short code of a phone or tablet. */
  PASSCODE,
  BIOMETRICS,
  CERTIFICATE,
  KERBEROS,
  SSO,
  /** Anybody is let in. */
  NONE
}
