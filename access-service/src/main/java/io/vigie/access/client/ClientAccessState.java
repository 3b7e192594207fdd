package io.vigie.access.client;

import java.util.List;

/** Where an access is in its life. */
public enum ClientAccessState {
  REQUESTED,
  APPROVED,
  REFUSED,
  WITHDRAWN,
  REVOKED,
  EXPIRED;

  /** The states in which an access is, or can become, effective. */
  static final List<ClientAccessState> LIVE = List.of(REQUESTED, APPROVED);
}
