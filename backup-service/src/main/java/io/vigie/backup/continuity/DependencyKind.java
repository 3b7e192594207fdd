package io.vigie.backup.continuity;

/** What a critical function depends on an asset for; the first five are those of R14.2. */
public enum DependencyKind {
  UPS,
  SERVER_POWER,
  FIREWALL,
  NETWORK,
  INTERNET_ACCESS,
  SERVER,
  STORAGE,
  APPLICATION,
  OTHER
}
