package io.vigie.verifier;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The body of an {@code add-checkpoint} request, C2SP tlog-witness.
 *
 * @param oldSize the size that the log believes the witness cosigned last
 * @param proof the consistency proof from there
 * @param checkpoint read, its signatures not verified yet
 */
record Submission(long oldSize, List<byte[]> proof, Checkpoint checkpoint) {

  private static final int MAX_PROOF = 63;
  private static final int MAX_HEADER = 1 << 12;

  /** No body is longer. */
  static final int MAX_LENGTH = MAX_HEADER + SignedNote.MAX_LENGTH;

  /**
   * Reads a body.
   *
   * @throws SignedNote.Malformed when it is not of the form that the protocol asks for
   */
  static Submission parse(byte[] body) throws SignedNote.Malformed {
    // One char a byte: what follows the blank line is not touched.
    String text = new String(body, StandardCharsets.ISO_8859_1);
    int end = text.indexOf("\n\n");
    if (end < 0 || end > MAX_HEADER) {
      throw new SignedNote.Malformed("there is no blank line before the checkpoint");
    }
    String[] lines = text.substring(0, end).split("\n", -1);
    long oldSize = lines[0].startsWith("old ") ? Canonical.number(lines[0].substring(4)) : -1;
    if (oldSize < 0) {
      throw new SignedNote.Malformed("the first line is not \"old\" and a size");
    }
    if (lines.length - 1 > MAX_PROOF) {
      throw new SignedNote.Malformed("the proof has more than " + MAX_PROOF + " lines");
    }
    List<byte[]> proof = new ArrayList<>();
    for (String line : Arrays.asList(lines).subList(1, lines.length)) {
      if (!Canonical.isHash(line)) {
        throw new SignedNote.Malformed("a line of the proof is no hash");
      }
      proof.add(Canonical.bytes(line));
    }
    return new Submission(
        oldSize, proof, Checkpoint.parse(Arrays.copyOfRange(body, end + 2, body.length)));
  }
}
