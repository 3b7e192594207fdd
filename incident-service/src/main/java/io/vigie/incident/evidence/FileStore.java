package io.vigie.incident.evidence;

import java.util.Optional;

import io.vigie.kernel.Problem;

/**
 * Contents by their SHA-256, in lower-case hexadecimal: the same bytes are kept once. What is kept
 * stays, also where the transaction that asked for it fails later: nobody refers to it then. The
 * methods block, so they are called on worker threads.
 */
interface FileStore {

  /**
   * When this returns, the content survives a loss of power.
   *
   * @throws Problem 503 when it cannot be kept
   */
  void keep(String sha256, byte[] content);

  /**
   * What is kept under this digest, as it is now; empty where nothing is.
   *
   * @throws Problem 503 when it cannot be read
   */
  Optional<byte[]> of(String sha256);
}
