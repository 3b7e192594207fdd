package io.vigie.verifier;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * A receipt for one entry, C2SP tlog-proof: its index, its inclusion proof, and a checkpoint of the
 * log. The extra data are the entry's bytes; nothing vouches for them but the leaf hash that is
 * recomputed from them. Who may read the event's payload has a receipt whose extra data go on: a
 * line feed, which no entry holds, the salt of 32 bytes, a line feed, and the payload, both in
 * base64. For them the entry vouches, which commits to them.
 *
 * @param entry the entry's bytes, null when the receipt carries none
 * @param salt in base64; null, as the payload, when the receipt does not carry them
 * @param index the entry's place in the log
 * @param path the inclusion proof
 * @param note the checkpoint, neither read nor verified yet
 */
record Receipt(
    byte[] entry, String salt, String payload, long index, List<byte[]> path, byte[] note) {

  private static final String FORMAT = "c2sp.org/tlog-proof@v1";

  /**
   * Reads a receipt down to its checkpoint.
   *
   * @throws Unusable when it does not say that it is one
   * @throws Rejected when it is malformed
   */
  static Receipt parse(byte[] bytes) throws Unusable, Rejected {
    // One char a byte: what follows the blank line is not touched.
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    if (!text.startsWith(FORMAT + "\n")) {
      throw new Unusable("this is no receipt: its first line is not " + FORMAT);
    }
    int end = text.indexOf("\n\n");
    if (end < 0) {
      throw new Rejected("the receipt is malformed: no blank line, and so no checkpoint");
    }
    Deque<String> lines = new ArrayDeque<>(List.of(text.substring(0, end).split("\n")));
    lines.remove();
    byte[] entry = null;
    String[] secret = {null, null};
    if (!lines.isEmpty() && lines.peek().startsWith("extra ")) {
      entry = Canonical.bytes(lines.remove().substring("extra ".length()));
      if (entry == null) {
        throw new Rejected("the receipt is malformed: its extra data are not base64");
      }
      String extra = new String(entry, StandardCharsets.ISO_8859_1);
      int entryEnd = extra.indexOf('\n');
      if (entryEnd >= 0) {
        entry = Arrays.copyOf(entry, entryEnd);
        secret = extra.substring(entryEnd + 1).split("\n", -1);
        if (secret.length != 2) {
          throw new Rejected("the receipt is malformed: what follows its entry is no payload");
        }
      }
    }
    if (lines.isEmpty() || !lines.peek().startsWith("index ")) {
      throw new Rejected("the receipt is malformed: its index is not where it must be");
    }
    long index = Canonical.number(lines.remove().substring("index ".length()));
    if (index < 0) {
      throw new Rejected("the receipt is malformed: its index is no such number");
    }
    List<byte[]> path = new ArrayList<>();
    for (String line : lines) {
      if (!Canonical.isHash(line)) {
        throw new Rejected(
            "the receipt is malformed: line "
                + (path.size() + 1)
                + " of its inclusion proof is no hash");
      }
      path.add(Canonical.bytes(line));
    }
    return new Receipt(
        entry, secret[0], secret[1], index, path, Arrays.copyOfRange(bytes, end + 2, bytes.length));
  }

  /**
   * The checkpoint, when one of the keys signed it, the entry stands in its tree and commits to the
   * payload that is shown with it.
   *
   * @throws Rejected when not; the message says which of them, and why
   */
  Checkpoint verify(List<VerifierKey> keys) throws Rejected {
    Checkpoint checkpoint = Checkpoint.open(note, keys);
    if (entry == null) {
      throw new Rejected(
          "the receipt does not carry the entry it is for, without which it proves nothing");
    }
    if (index >= checkpoint.size()) {
      throw new Rejected(
          "index %d is beyond the checkpoint's %d entries".formatted(index, checkpoint.size()));
    }
    byte[] leaf = new TreeHash().leaf(entry);
    if (!InclusionProof.verify(index, checkpoint.size(), leaf, path, checkpoint.root())) {
      throw new Rejected(
          "the entry is not at index %d of the tree that the checkpoint signs: entry, index or proof was changed"
              .formatted(index));
    }
    if (salt != null) {
      requireCommitment();
    }
    return checkpoint;
  }

  private void requireCommitment() throws Rejected {
    String problem;
    try {
      problem = new EntryCheck().payload(Json.object(entry).get("commitment"), salt, payload);
    } catch (Json.Malformed e) {
      problem = "is not of this platform's form, and commits to no payload";
    }
    if (problem != null) {
      throw new Rejected("entry " + index + " stands in the log, but " + problem);
    }
  }
}
