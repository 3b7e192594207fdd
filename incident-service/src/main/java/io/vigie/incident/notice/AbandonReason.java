package io.vigie.incident.notice;

/** Why nobody tries to send a notice any more. */
public enum AbandonReason {
  /** The mail server did not take it, or the address could not be asked for, for too long. */
  UNDELIVERABLE,
  /** It would have no sense any more. */
  TIME_OVER,
  /** The person left, or never was, and nobody else was to be told. */
  RECIPIENT_GONE
}
