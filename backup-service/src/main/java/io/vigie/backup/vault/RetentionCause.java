package io.vigie.backup.vault;

/** Why somebody decides until when copies of an asset are kept. */
enum RetentionCause {
  /** The asset was retired. */
  DISPOSAL,
  /** The contract of the client whose it is ended. */
  CONTRACT_ENDED
}
