package io.vigie.verifier;

import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * The command line: {@code java -jar vigie-verifier.jar export FILE}, where {@code -} is standard
 * input.
 *
 * <p>Exit codes: {@value #VERIFIED} the export is the log it claims to be; {@value #DOES_NOT_MATCH}
 * something does not match, the first index and the reason are on standard output; {@value
 * #UNUSABLE} wrong usage or input that cannot be read, the reason is on standard error. Never a
 * stack trace.
 */
public final class Main {

  /** Everything matches. */
  public static final int VERIFIED = 0;

  /** Something does not match. */
  public static final int DOES_NOT_MATCH = 1;

  /** Wrong usage, or input that cannot be read. */
  public static final int UNUSABLE = 2;

  private static final String USAGE =
      """
      Usage: java -jar vigie-verifier.jar export FILE

      Checks an export of the traceability log offline: every entry, every payload that is present, and the root.
      FILE   the export, one JSON object a line; - reads standard input

      Exit code: 0 verified, 1 does not match, 2 wrong usage or unreadable input.
      """;

  private Main() {}

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] args) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    System.exit(run(args, System.in, out, err));
  }

  /** Runs the command in this process and returns its exit code. */
  static int run(String[] args, InputStream in, PrintStream out, PrintStream err) {
    if (args.length == 1 && args[0].equals("--help")) {
      out.print(USAGE);
      return VERIFIED;
    }
    if (args.length != 2 || !args[0].equals("export")) {
      err.print(USAGE);
      return UNUSABLE;
    }
    try (InputStream export = args[1].equals("-") ? in : new FileInputStream(args[1])) {
      return report(ExportVerifier.verify(export), out);
    } catch (FileNotFoundException e) {
      err.println("cannot open the export: " + e.getMessage());
    } catch (IOException e) {
      err.println("cannot read the export: " + e.getMessage());
    } catch (ExportVerifier.NoExport e) {
      err.println("this is no export that can be checked: " + e.getMessage());
    }
    return UNUSABLE;
  }

  private static int report(ExportVerifier.Verdict verdict, PrintStream out) {
    if (verdict instanceof ExportVerifier.Verified verified) {
      out.println("verified: " + verified.size() + " entries, root " + verified.root());
      out.println("origin: " + ExportVerifier.quoted(verified.origin()));
      out.println(
          "payloads erased: "
              + verified.erased()
              + ", entries the log raised an alert on: "
              + verified.alerted());
      verified.sources().forEach(source -> out.println(describe(source)));
      return VERIFIED;
    }
    if (verdict instanceof ExportVerifier.Mismatch mismatch) {
      out.println("DOES NOT MATCH: entry " + mismatch.index() + " " + mismatch.reason());
    } else if (verdict instanceof ExportVerifier.WrongRoot root) {
      out.println(
          "DOES NOT MATCH: every entry agrees with its own leaf hash, yet their root is "
              + root.computed()
              + ", not "
              + root.promised()
              + ": the root was replaced, or entries together with their hashes");
    }
    return DOES_NOT_MATCH;
  }

  private static String describe(SourceCoverage source) {
    String missing =
        source.missing() == 0
            ? "none missing"
            : source.missing() + " missing, the first is " + source.firstMissing();
    return "source "
        + ExportVerifier.quoted(source.source())
        + ": numbers 1 to "
        + source.last()
        + ", "
        + missing;
  }
}
