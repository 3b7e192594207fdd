package io.vigie.audit.checkpoint;

import java.util.Arrays;
import java.util.Base64;

import io.vigie.audit.note.Checkpoint;
import io.vigie.audit.note.Note;

/**
 * A checkpoint that was published.
 *
 * @param size entries that it covers
 * @param root of the tree of those
 * @param note the signed note
 */
public record Published(long size, byte[] root, String note) {

  static Published of(Checkpoint checkpoint, Note note) {
    return new Published(checkpoint.size(), checkpoint.root(), note.toString());
  }

  /** Whether it is about this tree. */
  boolean isOf(long size, byte[] root) {
    return this.size == size && Arrays.equals(this.root, root);
  }

  String rootText() {
    return Base64.getEncoder().encodeToString(root);
  }
}
