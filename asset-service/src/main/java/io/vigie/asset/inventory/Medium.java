package io.vigie.asset.inventory;

/** What holds data, as far as it matters for getting rid of it (NIST SP 800-88). */
public enum Medium {
  MAGNETIC,
  FLASH,
  OPTICAL,
  TAPE,
  PAPER,
  /** Storage that belongs to another asset. */
  VIRTUAL
}
