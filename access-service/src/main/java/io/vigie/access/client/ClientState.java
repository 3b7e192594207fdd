package io.vigie.access.client;

/** Whether a client's contract is in force. */
public enum ClientState {
  ACTIVE,
  ENDED
}
