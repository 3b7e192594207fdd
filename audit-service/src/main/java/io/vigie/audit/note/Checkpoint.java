package io.vigie.audit.note;

import java.util.Arrays;
import java.util.Base64;

/**
 * What a log says of its tree (C2SP tlog-checkpoint), without extension lines.
 *
 * @param origin the log's name
 * @param size leaves in the tree
 * @param root its root hash
 */
public record Checkpoint(String origin, long size, byte[] root) {

  private static final int ROOT_LENGTH = 32;

  /**
   * Reads the text of a note. Extension lines are refused: this log writes none.
   *
   * @throws IllegalArgumentException when it is no checkpoint
   */
  public static Checkpoint parse(String text) {
    String[] lines = text.split("\n", -1);
    if (lines.length != 4
        || lines[0].isEmpty()
        || !lines[1].matches("0|[1-9][0-9]{0,17}")
        || !lines[3].isEmpty()) {
      throw new IllegalArgumentException("a checkpoint is an origin, a size and a root");
    }
    byte[] root = CanonicalBase64.decode(lines[2]);
    if (root.length != ROOT_LENGTH) {
      throw new IllegalArgumentException("a root has 32 bytes, this one " + root.length);
    }
    return new Checkpoint(lines[0], Long.parseLong(lines[1]), root);
  }

  /** The text that is signed. */
  public String text() {
    return origin + "\n" + size + "\n" + rootText() + "\n";
  }

  /** The root in base64. */
  public String rootText() {
    return Base64.getEncoder().encodeToString(root);
  }

  /** Whether the other one says the same of the same tree. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Checkpoint that
        && size == that.size
        && origin.equals(that.origin)
        && Arrays.equals(root, that.root);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(root);
  }
}
