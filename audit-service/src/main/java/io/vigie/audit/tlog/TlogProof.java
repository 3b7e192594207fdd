package io.vigie.audit.tlog;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
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
   * @param extra what the leaf hash covers, and perhaps what that commits to
   * @param hashes from the leaf up, without the leaf and the root
   * @param note the checkpoint of the tree, as signed
   */
  static String of(byte[] extra, long index, List<byte[]> hashes, String note) {
    StringBuilder file = new StringBuilder("c2sp.org/tlog-proof@v1\n");
    file.append("extra ").append(base64(extra)).append('\n');
    file.append("index ").append(index).append('\n');
    hashes.forEach(hash -> file.append(base64(hash)).append('\n'));
    return file.append('\n').append(note).toString();
  }

  /**
   * The extra data of whoever may read the payload: an entry, which has no line feed, goes first.
   */
  static byte[] extra(byte[] entry, byte[] salt, byte[] payload) {
    ByteArrayOutputStream extra = new ByteArrayOutputStream();
    extra.writeBytes(entry);
    String revealed = "\n" + base64(salt) + "\n" + base64(payload);
    extra.writeBytes(revealed.getBytes(StandardCharsets.US_ASCII));
    return extra.toByteArray();
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
