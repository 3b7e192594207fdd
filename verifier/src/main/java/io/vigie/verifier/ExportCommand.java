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

  /** Each of them asks for a signature, and so for a key. */
  private static final Set<String> SIGNATURE =
      Set.of("--vkey", "--checkpoint", "--witness", "--quorum");

  private static final String TABLE = "entries.csv";
  private static final String EXPORT = "export.ndjson";

  private ExportCommand() {}

  static int run(List<String> words, InputStream in, PrintStream out, PrintStream err)
      throws IOException, Unusable, Rejected {
    Arguments arguments = Arguments.of(words, SIGNATURE);
    String file = arguments.operands(1, "one file").get(0);
    boolean isSignatureAsked = SIGNATURE.stream().anyMatch(each -> !arguments.all(each).isEmpty());
    List<VerifierKey> keys = isSignatureAsked ? arguments.keys("--vkey") : List.of();
    Witnesses witnesses = Witnesses.of(arguments);
    ExportCheckpoints checkpoints =
        new ExportCheckpoints(keys, LogCommand.older(arguments, keys), witnesses);
    Progress progress = Progress.shown(err);
    if (file.equals("-")) {
      return report(verdict(in, checkpoints, null, progress), checkpoints, out);
    }
    Path path = Path.of(file);
    // What a pipe has said once it does not say again.
    if (Files.isRegularFile(path) && ZipArchive.isOne(path)) {
      return archive(path, checkpoints, progress, out);
    }
    try (InputStream export = Files.newInputStream(path)) {
      return report(verdict(export, checkpoints, null, progress), checkpoints, out);
    }
  }

  /** An export with the table beside it, which must have its entries and no others. */
  private static int archive(
      Path file, ExportCheckpoints checkpoints, Progress progress, PrintStream out)
      throws IOException, Unusable, Rejected {
    try (ZipArchive zip = ZipArchive.open(file, List.of(TABLE, EXPORT));
        InputStream rows = zip.content(TABLE);
        InputStream export = zip.content(EXPORT)) {
      Verdict verdict = verdict(export, checkpoints, new CsvTable(rows), progress);
      int exit = report(verdict, checkpoints, out);
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

  private static int report(Verdict verdict, ExportCheckpoints checkpoints, PrintStream out)
      throws Unusable, Rejected {
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
    out.println(headline(verified) + ", root " + verified.root());
    out.println("origin: " + Terminal.quoted(verified.origin()));
    out.println(
        "range: from index %d on and below %d"
            .formatted(verified.from(), verified.from() + verified.size()));
    boolean isFiltered = !verified.filter().equals(RangeExport.NO_FILTER);
    out.println("filter: " + (isFiltered ? Terminal.printable(verified.filter()) : "none"));
    out.println("entries in full: %d of %d".formatted(verified.full(), verified.size()));
    out.println(signed(verified));
    Witnesses.report(checkpoints.cosigners(), out);
    out.println(
        "payloads erased: "
            + verified.erased()
            + ", entries the log raised an alert on: "
            + verified.alerted());
    verified.sources().forEach(source -> out.println(describe(source)));
    boolean whole = verified.sources().stream().allMatch(source -> source.missing() == 0);
    return whole ? Main.VERIFIED : Main.NUMBERS_MISSING;
  }

  /** What whoever reads no further must not take for more than it is. */
  private static String headline(Verified verified) {
    long size = verified.size();
    if (verified.signed() == null) {
      return "agrees with itself: " + size + " entries";
    }
    return verified.signed() == size
        ? "verified: " + size + " entries"
        : "verified: the first %d of %d entries, the others are not signed"
            .formatted(verified.signed(), size);
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
