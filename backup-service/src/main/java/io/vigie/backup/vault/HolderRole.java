package io.vigie.backup.vault;

/** As what somebody may touch backups. */
public enum HolderRole {
  SYSADMIN,
  CISO
}
