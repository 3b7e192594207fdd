package io.vigie.verifier;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** {@code log}: verifies a whole log, over HTTP or in a directory. */
final class LogCommand {

  private LogCommand() {}

  static int run(List<String> words, PrintStream out, PrintStream err)
      throws IOException, Unusable, Rejected {
    Arguments arguments =
        Arguments.of(words, Set.of("--vkey", "--token", "--checkpoint", "--witness", "--quorum"));
    String where = arguments.operands(1, "one URL or directory").get(0);
    List<VerifierKey> keys = arguments.keys("--vkey");
    Witnesses witnesses = Witnesses.of(arguments);
    List<LogVerifier.Older> older = older(arguments, keys);
    LogVerifier.Verified verified =
        LogVerifier.verify(
            source(where, arguments.one("--token")), keys, older, Progress.shown(err));
    List<VerifierKey> cosigners = witnesses.of(verified.checkpoint());
    report(verified, older, out);
    Witnesses.report(cosigners, out);
    return Main.VERIFIED;
  }

  /** The checkpoints that someone kept, each signed by one of the keys. */
  static List<LogVerifier.Older> older(Arguments arguments, List<VerifierKey> keys)
      throws IOException, Unusable, Rejected {
    List<LogVerifier.Older> older = new ArrayList<>();
    for (String file : arguments.all("--checkpoint")) {
      older.add(new LogVerifier.Older(file, checkpoint(file, keys)));
    }
    return older;
  }

  private static Checkpoint checkpoint(String file, List<VerifierKey> keys)
      throws IOException, Unusable, Rejected {
    byte[] note = Arguments.file(file);
    try {
      return Checkpoint.open(note, keys);
    } catch (Rejected e) {
      throw new Rejected(file + ": " + e.getMessage());
    }
  }

  private static LogSource source(String where, String token) throws IOException, Unusable {
    if (where.matches("https?://.*")) {
      return new LogOverHttp(where, token == null ? null : token(token));
    }
    if (token != null) {
      throw new Unusable("a token opens a log at a URL, and " + where + " is none");
    }
    if (!Files.isDirectory(Path.of(where))) {
      throw new Unusable(where + " is neither a directory nor a URL");
    }
    return new LogDirectory(Path.of(where));
  }

  /** What is a file now stays one: its name is never sent as a token. */
  private static LogOverHttp.Token token(String value) {
    return Arguments.isFile(value)
        ? () -> new String(Arguments.file(value), StandardCharsets.UTF_8).strip()
        : value::strip;
  }

  private static void report(
      LogVerifier.Verified verified, List<LogVerifier.Older> older, PrintStream out) {
    Checkpoint checkpoint = verified.checkpoint();
    out.println(
        "verified: "
            + checkpoint.size()
            + (verified.entriesRead() ? " entries" : " leaf hashes")
            + ", root "
            + Canonical.base64(checkpoint.root()));
    out.println("origin: " + Terminal.quoted(checkpoint.origin()));
    out.println(
        verified.entriesRead()
            ? "every entry is the one its leaf hash was made of"
            : "the entries themselves were not read: the log shows them to auditors alone (--token)");
    older.forEach(
        kept ->
            out.println(
                "extends "
                    + Terminal.quoted(kept.name())
                    + ": its "
                    + kept.checkpoint().size()
                    + " entries are the log's first"));
  }
}
