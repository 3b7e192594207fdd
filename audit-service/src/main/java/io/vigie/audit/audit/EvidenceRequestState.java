package io.vigie.audit.audit;

/** How far evidence is that an auditor asked for. */
public enum EvidenceRequestState {
  /** It is to be answered. */
  ASKED,
  /** The auditor is to say whether that is enough. */
  ANSWERED,
  /** It is enough. */
  ACCEPTED,
  /** The auditor needs it no more, for a reason. */
  WITHDRAWN
}
