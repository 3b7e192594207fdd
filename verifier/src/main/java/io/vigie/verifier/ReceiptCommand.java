package io.vigie.verifier;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
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
    Witnesses witnesses = Witnesses.of(arguments);
    Receipt receipt = Receipt.parse(Arguments.file(file));
    Checkpoint checkpoint = receipt.verify(keys);
    List<VerifierKey> cosigners = witnesses.of(checkpoint);
    report(receipt, checkpoint, cosigners, out);
    return Main.VERIFIED;
  }

  private static void report(
      Receipt receipt, Checkpoint checkpoint, List<VerifierKey> cosigners, PrintStream out) {
    out.println(
        "verified: the entry is number %d of the %d in the log %s"
            .formatted(receipt.index(), checkpoint.size(), Terminal.quoted(checkpoint.origin())));
    out.println("root: " + Canonical.base64(checkpoint.root()));
    Witnesses.report(cosigners, out);
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
    if (receipt.payload() != null) {
      out.println("the payload, which the entry commits to:");
      byte[] payload = Canonical.bytes(receipt.payload());
      out.println("  " + Terminal.printable(new String(payload, StandardCharsets.UTF_8)));
    }
  }
}
