package io.vigie.incident;

/**
 * What an incident is, by the top level of the Reference Security Incident Taxonomy (RSIT version
 * 1, its predicates in upper case).
 */
public enum Category {
  ABUSIVE_CONTENT,
  MALICIOUS_CODE,
  INFORMATION_GATHERING,
  INTRUSION_ATTEMPTS,
  INTRUSIONS,
  AVAILABILITY,
  INFORMATION_CONTENT_SECURITY,
  FRAUD,
  VULNERABLE,
  OTHER,
  TEST
}
