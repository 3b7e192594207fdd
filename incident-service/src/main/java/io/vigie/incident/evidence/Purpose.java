package io.vigie.incident.evidence;

/** Why evidence goes from hand to hand (ISO/IEC 27037, 6.1: chain of custody). */
public enum Purpose {
  ANALYSIS,
  STORAGE,
  /** To an authority, or to a court. */
  DISCLOSURE,
  RETURN,
  OTHER
}
