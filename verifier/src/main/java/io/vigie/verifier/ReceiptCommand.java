package io.vigie.verifier;

import java.io.IOException;
import java.io.PrintStream;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code receipt}: verifies a receipt offline and says what it proves. */
final class ReceiptCommand {

  private ReceiptCommand() {}

  static int run(List<String> words, PrintStream out) throws IOException, Unusable, Rejected {
    Arguments arguments = Arguments.of(words, Set.of("--vkey", "--witness", "--quorum"));
    String file = arguments.operands(1, "one file").get(0);
    List<VerifierKey> keys = arguments.keys("--vkey");
    List<VerifierKey> witnesses = witnesses(arguments);
    long quorum = quorum(arguments, distinct(witnesses));
    Receipt receipt = Receipt.parse(Arguments.file(file));
    Checkpoint checkpoint = receipt.verify(keys);
    List<VerifierKey> cosigners = checkpoint.note().signers(witnesses);
    if (distinct(cosigners) < quorum) {
      throw new Rejected(
          "the log signed the checkpoint, but %d of the witnesses cosigned it, not %d"
              .formatted(distinct(cosigners), quorum));
    }
    report(receipt, checkpoint, cosigners, out);
    return Main.VERIFIED;
  }

  private static List<VerifierKey> witnesses(Arguments arguments) throws IOException, Unusable {
    if (arguments.all("--witness").isEmpty()) {
      return List.of();
    }
    List<VerifierKey> witnesses = arguments.keys("--witness");
    for (VerifierKey witness : witnesses) {
      if (witness.type() != VerifierKey.COSIGNATURE) {
        throw new Unusable(
            Terminal.quoted(witness.vkey()) + " is no witness's key: its type is not 0x04");
      }
    }
    return witnesses;
  }

  /** One key under two names is one witness. */
  private static long distinct(List<VerifierKey> keys) {
    return keys.stream().map(key -> HexFormat.of().formatHex(key.key())).distinct().count();
  }

  private static long quorum(Arguments arguments, long witnesses) throws Unusable {
    String wanted = arguments.one("--quorum");
    long quorum = wanted == null ? witnesses : Canonical.number(wanted);
    if (quorum < 0 || quorum > witnesses) {
      throw new Unusable(
          "--quorum is a number from 0 to that of the witnesses given, which is " + witnesses);
    }
    return quorum;
  }

  private static void report(
      Receipt receipt, Checkpoint checkpoint, List<VerifierKey> cosigners, PrintStream out) {
    out.println(
        "verified: the entry is number %d of the %d in the log %s"
            .formatted(receipt.index(), checkpoint.size(), Terminal.quoted(checkpoint.origin())));
    out.println("root: " + Canonical.base64(checkpoint.root()));
    cosigners.forEach(key -> out.println("cosigned by witness: " + Terminal.quoted(key.name())));
    try {
      Map<String, String> members = Json.object(receipt.entry());
      out.println("the entry, which of the event's payload holds a commitment alone:");
      members.forEach(
          (name, value) ->
              out.println("  " + Terminal.printable(name) + ": " + Terminal.printable(value)));
    } catch (Json.Malformed e) {
      out.println("the entry is not of this platform's form; its bytes in base64:");
      out.println("  " + Canonical.base64(receipt.entry()));
    }
  }
}
