package io.vigie.asset.document;

/** What a document is. */
public enum DocumentKind {
  POLICY,
  PROCEDURE,
  PLAYBOOK,
  CHARTER
}
