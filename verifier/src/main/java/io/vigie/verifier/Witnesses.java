package io.vigie.verifier;

import java.io.IOException;
import java.io.PrintStream;
import java.util.HexFormat;
import java.util.List;

/** The witnesses that a reader trusts, and how many of them must have cosigned a checkpoint. */
record Witnesses(List<VerifierKey> keys, long quorum) {

  /** None is asked for. */
  static final Witnesses NONE = new Witnesses(List.of(), 0);

  /** What {@code --witness} and {@code --quorum} say; without a quorum all of them. */
  static Witnesses of(Arguments arguments) throws IOException, Unusable {
    boolean isAsked = !arguments.all("--witness").isEmpty();
    List<VerifierKey> witnesses = isAsked ? arguments.keys("--witness") : List.of();
    for (VerifierKey witness : witnesses) {
      if (witness.type() != VerifierKey.COSIGNATURE) {
        throw new Unusable(
            Terminal.quoted(witness.vkey()) + " is no witness's key: its type is not 0x04");
      }
    }
    String wanted = arguments.one("--quorum");
    long quorum = wanted == null ? distinct(witnesses) : Canonical.number(wanted);
    if (quorum < 0 || quorum > distinct(witnesses)) {
      throw new Unusable(
          "--quorum is a number from 0 to that of the witnesses given, which is "
              + distinct(witnesses));
    }
    return new Witnesses(witnesses, quorum);
  }

  /**
   * Those that cosigned a checkpoint.
   *
   * @throws Rejected when they are too few, or what claims to be a cosignature of one is none
   */
  List<VerifierKey> of(Checkpoint checkpoint) throws Rejected {
    List<VerifierKey> cosigners = checkpoint.note().signers(keys);
    if (!suffice(cosigners)) {
      throw new Rejected(
          "the log signed the checkpoint, but %d of the witnesses cosigned it, not %d"
              .formatted(distinct(cosigners), quorum));
    }
    return cosigners;
  }

  /**
   * Whether as many of them cosigned a checkpoint as must have.
   *
   * @throws Rejected when what claims to be a cosignature of one is none
   */
  boolean cosigned(Checkpoint checkpoint) throws Rejected {
    return suffice(checkpoint.note().signers(keys));
  }

  private boolean suffice(List<VerifierKey> cosigners) {
    return distinct(cosigners) >= quorum;
  }

  /** One key under two names is one witness. */
  private static long distinct(List<VerifierKey> keys) {
    return keys.stream().map(key -> HexFormat.of().formatHex(key.key())).distinct().count();
  }

  static void report(List<VerifierKey> cosigners, PrintStream out) {
    cosigners.forEach(key -> out.println("cosigned by witness: " + Terminal.quoted(key.name())));
  }
}
