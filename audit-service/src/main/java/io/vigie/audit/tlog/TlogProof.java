package io.vigie.audit.tlog;

import java.util.Base64;
import java.util.List;

/** The format c2sp.org/tlog-proof: a proof of inclusion that a person can keep and check later. */
public final class TlogProof {

  /** Plain text in UTF-8, to be stored as {@code .tlog-proof}. */
  public static final String MEDIA_TYPE = "text/plain;charset=UTF-8";

  private TlogProof() {}

  /**
   * The file.
   *
   * @param entry what the leaf hash covers; for this log the proof's extra data
   * @param hashes from the leaf up, without the leaf and the root
   * @param note the checkpoint of the tree, as signed
   */
  static String of(byte[] entry, long index, List<byte[]> hashes, String note) {
    StringBuilder file = new StringBuilder("c2sp.org/tlog-proof@v1\n");
    file.append("extra ").append(base64(entry)).append('\n');
    file.append("index ").append(index).append('\n');
    hashes.forEach(hash -> file.append(base64(hash)).append('\n'));
    return file.append('\n').append(note).toString();
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
