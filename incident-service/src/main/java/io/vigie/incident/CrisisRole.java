package io.vigie.incident;

/** What somebody is for in the crisis that a major incident is. */
public enum CrisisRole {
  /** Decides. */
  LEAD,
  /** Speaks to clients, staff and the press. */
  COMMUNICATION,
  /** Leads the technical work. */
  TECHNICAL,
  /** Advises on duties to notify, and speaks to authorities. */
  LEGAL,
  /** Keeps the log of decisions. */
  SCRIBE
}
