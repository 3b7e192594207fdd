package io.vigie.backup.copy;

/** What a copy is written on. */
public enum Medium {
  DISK,
  OBJECT_STORE,
  TAPE,
  OPTICAL
}
