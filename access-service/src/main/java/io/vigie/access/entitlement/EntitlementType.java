package io.vigie.access.entitlement;

/** What sort of thing people get. */
public enum EntitlementType {
  APPLICATION_ROLE,
  SERVER_ACCOUNT,
  DATABASE_ROLE,
  VPN,
  BACKUP,
  PHYSICAL_ZONE,
  KEY,
  BADGE
}
