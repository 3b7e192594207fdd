package io.vigie.access.entitlement;

/** How much harm somebody could do who should not have it. */
public enum Sensitivity {
  NORMAL,
  SENSITIVE,
  PRIVILEGED
}
