package io.vigie.verifier;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.List;

/**
 * The command line: {@code java -jar vigie-verifier.jar COMMAND …}; {@code --help} lists the
 * commands.
 *
 * <p>Exit codes: {@value #VERIFIED} what was given is what it claims to be; {@value
 * #DOES_NOT_MATCH} something does not match, what and where is on standard output; {@value
 * #UNUSABLE} nothing was verified: wrong usage, input that cannot be read, or an export of which
 * nothing is signed though keys were given; the reason is on standard error; {@value
 * #NUMBERS_MISSING} everything in an export matches, but numbers that its sources gave are not in
 * it: those events were lost before the log, or were on their way when it was taken. Never a stack
 * trace.
 */
public final class Main {

  /** Everything matches. */
  public static final int VERIFIED = 0;

  /** Something does not match. */
  public static final int DOES_NOT_MATCH = 1;

  /** Nothing was verified. */
  public static final int UNUSABLE = 2;

  /** Everything matches, but a source's numbers have holes. */
  public static final int NUMBERS_MISSING = 3;

  private static final String USAGE =
      """
      Usage: java -jar vigie-verifier.jar COMMAND

      export FILE [--vkey KEY|FILE] [--checkpoint FILE]... [--witness KEY|FILE]... [--quorum N]
          Checks an export of the traceability log offline: every entry, every payload that is present, and the root;
          with --vkey that the log signed it, by the checkpoint it carries and by each one given, and how much of it;
          with --witness, too, as far as a checkpoint reaches that witnesses cosigned: the newest may still wait for them.
          Without --vkey an export that was forged as a whole is as good as any. FILE is one JSON object a line, or
          the ZIP archive of an export and the table for spreadsheets, whose rows are held against it; - reads standard
          input.

      pack FILE --vkey KEY|FILE [--witness KEY|FILE]... [--quorum N]
          Checks an evidence pack offline: that the log signed its checkpoint, and that every entry in it stands in the
          log as signed, with its payload. FILE is the ZIP archive.

      log URL|DIR --vkey KEY|FILE [--token TOKEN|FILE] [--checkpoint FILE]... [--witness KEY|FILE]... [--quorum N]
          Checks a whole log in the layout of C2SP tlog-tiles, at a URL or in a directory: the checkpoint's signature,
          every entry, every hash tile, the root, and that the log extends each older checkpoint given.
          --token opens the entries where the log shows them to auditors alone; without it its hashes are checked. A
          token in a file is read again when the log refuses it: keep a fresh one there while a large log is read.

      receipt FILE --vkey KEY|FILE [--witness KEY|FILE]... [--quorum N]
          Checks a receipt (C2SP tlog-proof) offline and shows the entry it proves.

      witness --init NAME --key FILE
          Makes a witness's private key, in a file that must not exist yet, and shows its verifier key.

      witness --key FILE --log KEY|FILE [--log KEY|FILE]... --state DIR [--listen HOST:PORT]
          Serves as a witness (C2SP tlog-witness) of the logs whose verifier keys are given: cosigns a checkpoint that
          extends the one cosigned before, and remembers it in DIR. It listens on 127.0.0.1:8099 unless told otherwise.
          Ed25519 cosignatures (cosignature/v1) alone; ML-DSA-44 is waived.

      --vkey is a verifier key (C2SP signed-note) or a file with one a line; more than one may be given: while a log's
      keys are rotated, the signature of any of them suffices. Of the witnesses given with --witness at least N must have
      cosigned the checkpoint; without --quorum, all of them.

      Exit code: 0 verified, as far as standard output says; 1 does not match, standard output says what and where;
      2 nothing was verified: wrong usage, unreadable input, or nothing of an export is signed though --vkey asks for it;
      3 an export matches, but numbers that its sources gave their events are missing from it.
      """;

  private Main() {}

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] args) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    int exit = UNUSABLE;
    try {
      exit = run(args, System.in, out, err);
    } finally {
      // Even where there is no memory left to say what happened.
      System.exit(exit);
    }
  }

  /** Runs the command in this process and returns its exit code. */
  public static int run(String[] args, InputStream in, PrintStream out, PrintStream err) {
    if (Arrays.asList(args).contains("--help")) {
      out.print(USAGE);
      return VERIFIED;
    }
    if (args.length == 0) {
      err.print(USAGE);
      return UNUSABLE;
    }
    List<String> words = List.of(args).subList(1, args.length);
    try {
      switch (args[0]) {
        case "export":
          return ExportCommand.run(words, in, out, err);
        case "pack":
          return EvidencePack.run(words, out);
        case "log":
          return LogCommand.run(words, out, err);
        case "receipt":
          return ReceiptCommand.run(words, out);
        case "witness":
          return WitnessCommand.run(words, out, err);
        default:
          err.print(USAGE);
      }
    } catch (Rejected e) {
      out.println("DOES NOT MATCH: " + e.getMessage());
      return DOES_NOT_MATCH;
    } catch (Unusable e) {
      err.println(e.getMessage());
    } catch (NoSuchFileException e) {
      err.println("there is no file " + e.getMessage());
    } catch (FileSystemException e) {
      err.println("cannot read " + e.getMessage());
    } catch (IOException e) {
      err.println(e.getMessage());
    } catch (RuntimeException | Error e) {
      // Its own exit code would be 1, which says that something does not match.
      err.println("the verifier failed: " + e);
    }
    return UNUSABLE;
  }
}
