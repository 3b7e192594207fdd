package io.vigie.verifier;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

import io.vigie.verifier.ExportVerifier.BadCheckpoint;
import io.vigie.verifier.ExportVerifier.Mismatch;
import io.vigie.verifier.ExportVerifier.NoExport;
import io.vigie.verifier.ExportVerifier.Unsigned;
import io.vigie.verifier.ExportVerifier.Verdict;
import io.vigie.verifier.ExportVerifier.Verified;
import io.vigie.verifier.ExportVerifier.WrongRoot;

/** {@code export}: verifies an export and says how much of it the log signed. */
final class ExportCommand {

  private static final String TABLE = "entries.csv";
  private static final String EXPORT = "export.ndjson";

  private ExportCommand() {}

  static int run(List<String> words, InputStream in, PrintStream out, PrintStream err)
      throws IOException, Unusable, Rejected {
    Arguments arguments = Arguments.of(words, Set.of("--vkey", "--checkpoint"));
    String file = arguments.operands(1, "one file").get(0);
    boolean isSignatureAsked =
        !arguments.all("--vkey").isEmpty() || !arguments.all("--checkpoint").isEmpty();
    List<VerifierKey> keys = isSignatureAsked ? arguments.keys("--vkey") : List.of();
    ExportCheckpoints checkpoints = new ExportCheckpoints(keys, LogCommand.older(arguments, keys));
    Progress progress = Progress.shown(err);
    if (file.equals("-")) {
      return report(verdict(in, checkpoints, null, progress), out);
    }
    Path path = Path.of(file);
    // What a pipe has said once it does not say again.
    if (Files.isRegularFile(path) && ZipArchive.isOne(path)) {
      return archive(path, checkpoints, progress, out);
    }
    try (InputStream export = Files.newInputStream(path)) {
      return report(verdict(export, checkpoints, null, progress), out);
    }
  }

  /** An export with the table beside it, which must have its entries and no others. */
  private static int archive(
      Path file, ExportCheckpoints checkpoints, Progress progress, PrintStream out)
      throws IOException, Unusable, Rejected {
    try (ZipArchive zip = ZipArchive.open(file, List.of(TABLE, EXPORT));
        InputStream rows = zip.content(TABLE);
        InputStream export = zip.content(EXPORT)) {
      int exit = report(verdict(export, checkpoints, new CsvTable(rows), progress), out);
      out.println(TABLE + " has a row for each entry in full, as the export has it, and no other");
      return exit;
    }
  }

  private static Verdict verdict(
      InputStream export, ExportCheckpoints checkpoints, CsvTable table, Progress progress)
      throws IOException, Unusable {
    try {
      return ExportVerifier.verify(export, checkpoints, table, progress);
    } catch (NoExport e) {
      throw new Unusable("this is no export that can be checked: " + e.getMessage());
    }
  }

  private static int report(Verdict verdict, PrintStream out) throws Unusable, Rejected {
    if (verdict instanceof Mismatch mismatch) {
      throw new Rejected("entry " + mismatch.index() + " " + mismatch.reason());
    } else if (verdict instanceof WrongRoot root) {
      throw new Rejected(
          "every entry agrees with its own leaf hash, yet their root is "
              + root.computed()
              + ", not "
              + root.promised()
              + ": the root was replaced, or entries together with their hashes");
    } else if (verdict instanceof BadCheckpoint bad) {
      throw new Rejected(bad.reason());
    } else if (verdict instanceof Unsigned unsigned) {
      throw new Unusable(
          "nothing in this export is signed, it agrees with itself alone: " + unsigned.reason());
    }
    Verified verified = (Verified) verdict;
    out.println(
        (verified.signed() == null ? "agrees with itself: " : "verified: ")
            + verified.size()
            + " entries, root "
            + verified.root());
    out.println("origin: " + Terminal.quoted(verified.origin()));
    out.println(signed(verified));
    out.println(
        "payloads erased: "
            + verified.erased()
            + ", entries the log raised an alert on: "
            + verified.alerted());
    verified.sources().forEach(source -> out.println(describe(source)));
    boolean whole = verified.sources().stream().allMatch(source -> source.missing() == 0);
    return whole ? Main.VERIFIED : Main.NUMBERS_MISSING;
  }

  private static String signed(Verified verified) {
    if (verified.signed() == null) {
      return "no signature was checked: whether the log wrote this, only its key can tell (--vkey)";
    }
    return "signed by the log: the first "
        + verified.signed()
        + " of these entries; behind the checkpoint, not signed: "
        + (verified.size() - verified.signed());
  }

  private static String describe(SourceCoverage source) {
    String missing =
        source.missing() == 0
            ? "none missing"
            : source.missing() + " missing, the first is " + source.firstMissing();
    return "source "
        + Terminal.quoted(source.source())
        + ": numbers 1 to "
        + source.last()
        + ", "
        + missing;
  }
}
