package io.vigie.verifier;

import java.util.List;

/**
 * What a log signed of itself at one size, C2SP tlog-checkpoint.
 *
 * @param origin the log's name
 * @param size how many entries it had
 * @param root the root hash over them, 32 bytes
 * @param note the whole note, whose extension lines are signed but say nothing here
 */
record Checkpoint(String origin, long size, byte[] root, SignedNote note) {

  /**
   * Reads a checkpoint without looking at its signatures.
   *
   * @throws SignedNote.Malformed when it is none
   */
  static Checkpoint parse(byte[] bytes) throws SignedNote.Malformed {
    SignedNote note = SignedNote.parse(bytes);
    String text = note.text();
    String[] lines = text.substring(0, text.length() - 1).split("\n", -1);
    if (lines.length < 3) {
      throw new SignedNote.Malformed("it lacks one of origin, size and root");
    }
    for (String line : lines) {
      if (line.isEmpty()) {
        throw new SignedNote.Malformed("its text has an empty line");
      }
    }
    long size = Canonical.number(lines[1]);
    if (size < 0) {
      throw new SignedNote.Malformed(
          "its size " + Terminal.quoted(lines[1]) + " is no such number");
    }
    if (!Canonical.isHash(lines[2])) {
      throw new SignedNote.Malformed("its root " + Terminal.quoted(lines[2]) + " is no hash");
    }
    return new Checkpoint(lines[0], size, Canonical.bytes(lines[2]), note);
  }

  /**
   * Reads a checkpoint that one of the keys signed. A log's key bears the log's origin as its name;
   * while keys are rotated any of them suffices.
   *
   * @throws Rejected when it is malformed, of a log that none of the keys is for, signed by none of
   *     them, or wrongly signed by one
   */
  static Checkpoint open(byte[] bytes, List<VerifierKey> keys) throws Rejected {
    Checkpoint checkpoint;
    try {
      checkpoint = parse(bytes);
    } catch (SignedNote.Malformed e) {
      throw new Rejected("the checkpoint is malformed: " + e.getMessage());
    }
    checkpoint.requireSignature(keys);
    return checkpoint;
  }

  /** The log's keys, by their names. */
  List<VerifierKey> ofThisLog(List<VerifierKey> keys) {
    return keys.stream().filter(key -> key.name().equals(origin)).toList();
  }

  private void requireSignature(List<VerifierKey> keys) throws Rejected {
    List<VerifierKey> own = ofThisLog(keys);
    if (own.isEmpty()) {
      throw new Rejected(
          "the checkpoint is of another log: "
              + Terminal.quoted(origin)
              + ", the keys given are for "
              + Terminal.quoted(
                  String.join(", ", keys.stream().map(VerifierKey::name).distinct().toList())));
    }
    if (note.signers(own).isEmpty()) {
      throw new Rejected(
          "the checkpoint is signed by no key that is known here, only by "
              + note.claimedSigners());
    }
  }
}
