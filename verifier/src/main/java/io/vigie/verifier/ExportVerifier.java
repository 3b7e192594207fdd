package io.vigie.verifier;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;

import io.vigie.verifier.EntryCheck.Checked;

import static io.vigie.verifier.Canonical.base64;
import static io.vigie.verifier.Canonical.isHash;
import static io.vigie.verifier.Canonical.number;
import static io.vigie.verifier.Terminal.quoted;

/**
 * Verifies an export of the log in one pass: format {@code vigie-export/1}, or {@code
 * vigie-export/2}, which {@link RangeExport} describes.
 *
 * <p>In format 1 the first line is {@code
 * {"format":"vigie-export/1","origin":"…","size":"N","root":"…"}}; then one line for each entry in
 * the order of the log, {@code
 * {"index":"0","entry":"…","columns":"…","leaf":"…","salt":"…","payload":"…"}}. An entry is the
 * text whose bytes the log hashed; columns is the JSON text of what the log's search finds the
 * entry by: those of the entry's members {@code alert}, {@code id}, {@code source}, {@code type},
 * {@code subject}, {@code time}, {@code actor}, {@code eventNumber} and {@code sourceNumber} that
 * it has, the time in UTC to the microsecond, as {@link Instant#toString()} writes it; hashes,
 * salts and payloads are base64; a salt has 32 bytes; salt and payload are both null where the
 * payload was erased.
 *
 * <p>An entry may say that the log itself found something wrong with the event (member {@code
 * alert}); such entries are counted and may repeat the source number of another.
 */
public final class ExportVerifier {

  /** What the check found. */
  public sealed interface Verdict {}

  /**
   * Every leaf, every search column, every present payload, the count and the root are what they
   * should be.
   *
   * @param from the index of the first entry, 0 in an export of the whole log
   * @param size how many entries there are from there on
   * @param filter which of them are in full, a JSON object as text; of all of them an empty one
   * @param full how many these are
   * @param signed how many of the entries, from the first on, a checkpoint covers that a known key
   *     signed; null where no signature was checked
   */
  public record Verified(
      String origin,
      long from,
      long size,
      String filter,
      long full,
      String root,
      long erased,
      long alerted,
      List<SourceCoverage> sources,
      Long signed)
      implements Verdict {}

  /** The entry at {@code index} is the first that does not match. */
  public record Mismatch(long index, String reason) implements Verdict {}

  /**
   * Each entry matches what stands beside it, but together they are not the tree that the first
   * line names.
   */
  public record WrongRoot(String promised, String computed) implements Verdict {}

  /** A checkpoint is not one that a known key of this log signed. */
  public record BadCheckpoint(String reason) implements Verdict {}

  /** All of it agrees with itself, and no checkpoint that was signed says anything of it. */
  public record Unsigned(String reason) implements Verdict {}

  /** The input is no export at all: its first line cannot be read as one. */
  public static final class NoExport extends Exception {
    NoExport(String message) {
      super(message, null, false, false);
    }
  }

  private static final String FORMAT = "vigie-export/1";
  private static final Set<String> HEADER = Set.of("format", "origin", "size", "root");
  private static final int MOST_LINES = 256;
  private static final int MOST_BYTES = 1 << 20;

  /** How a line of some format is checked by itself. */
  interface LineCheck {
    Checked check(EntryCheck entry, byte[] line, long index) throws Json.Malformed;
  }

  final RootBuilder tree = new RootBuilder(new TreeHash());
  final SourceNumbers sources = new SourceNumbers();
  final ExportCheckpoints checkpoints;
  private final CsvTable table;
  private final Progress progress;
  long full;
  long erased;
  long alerted;

  private ExportVerifier(ExportCheckpoints checkpoints, CsvTable table, Progress progress) {
    this.checkpoints = checkpoints;
    this.table = table;
    this.progress = progress;
  }

  /**
   * Reads the export to its end, or to the first entry that does not match, with all processors.
   * Memory stays constant but for sources and the holes in their numbers. No signature is checked:
   * what is verified agrees with itself, and whose it is remains open.
   *
   * @throws IOException when the input cannot be read
   * @throws NoExport when the first line is not that of an export, or the export has more holes or
   *     sources than can be followed
   */
  public static Verdict verify(InputStream export) throws IOException, NoExport {
    return verify(
        export,
        new ExportCheckpoints(List.of(), List.of(), Witnesses.NONE),
        null,
        Progress.hidden());
  }

  /**
   * The same, held against checkpoints whose signatures are checked, and against a table.
   *
   * @param table what stands beside the export; null when there is none
   */
  static Verdict verify(
      InputStream export, ExportCheckpoints checkpoints, CsvTable table, Progress progress)
      throws IOException, NoExport {
    Lines lines = new Lines(export);
    Map<String, String> header = header(lines);
    ExportVerifier checks = new ExportVerifier(checkpoints, table, progress);
    boolean isRange = RangeExport.FORMAT.equals(header.get("format"));
    RangeExport range = isRange ? new RangeExport(header, checks) : null;
    Verdict bad = checkpoints.carried(header.get("origin"), header.get("checkpoint"));
    if (bad != null) {
      return bad;
    }
    return isRange ? range.check(lines) : checks.check(header, lines);
  }

  private Verdict check(Map<String, String> header, Lines lines) throws IOException, NoExport {
    long size = number(header.get("size"));
    Mismatch wrong =
        entries(lines, 0, size, (entry, line, index) -> entry.full(Json.object(line), null, index));
    if (wrong != null) {
      return wrong;
    }
    if (hasMore(lines)) {
      return new Mismatch(size, "is too much: the first line promises " + size + " entries");
    }
    return verdict(header, 0, size);
  }

  /** What there is to say when every entry was put into the tree, and what lies beside them. */
  Verdict verdict(Map<String, String> header, long from, long to) throws IOException {
    String rest = table == null ? null : table.rest();
    if (rest != null) {
      return new Mismatch(to, rest);
    }
    String root = base64(tree.root());
    if (!root.equals(header.get("root"))) {
      return new WrongRoot(header.get("root"), root);
    }
    Verdict problem = checkpoints.problem(from, to);
    return problem != null
        ? problem
        : new Verified(
            header.get("origin"),
            from,
            to - from,
            header.getOrDefault("filter", RangeExport.NO_FILTER),
            full,
            root,
            erased,
            alerted,
            from == 0 ? sources.coverage() : List.of(),
            checkpoints.covered(from, to));
  }

  private static Map<String, String> header(Lines lines) throws IOException, NoExport {
    try {
      byte[] line = lines.next();
      if (line == null) {
        throw new NoExport("the input is empty");
      }
      Map<String, String> header = Json.object(line);
      if (RangeExport.FORMAT.equals(header.get("format"))) {
        return header;
      }
      if (!header.keySet().equals(HEADER)
          || header.containsValue(null)
          || !FORMAT.equals(header.get("format"))) {
        throw new NoExport(
            "the first line is not that of an export in format "
                + FORMAT
                + " or "
                + RangeExport.FORMAT);
      }
      if (number(header.get("size")) < 0 || !isHash(header.get("root"))) {
        throw new NoExport("the first line names no valid size and root");
      }
      return header;
    } catch (Lines.TooLong | Json.Malformed e) {
      throw new NoExport("the first line cannot be read: " + e.getMessage());
    }
  }

  static boolean hasMore(Lines lines) throws IOException {
    try {
      return lines.next() != null;
    } catch (Lines.TooLong e) {
      return true;
    }
  }

  /**
   * Reads the lines of {@code from} to {@code to} and puts what they hold into the tree.
   *
   * @return the first that does not match, or null
   */
  Mismatch entries(Lines lines, long from, long to, LineCheck check) throws IOException, NoExport {
    progress.begin(to - from);
    long read = from;
    long taken = from;
    boolean isBroken = false;
    try (InOrder<List<Checked>> work = new InOrder<>(Runtime.getRuntime().availableProcessors())) {
      while (taken < to) {
        while (read < to && !isBroken && !work.isFull()) {
          Stretch stretch = read(lines, read, to);
          work.give(() -> stretch.check(check, table != null));
          read += stretch.lines.size();
          isBroken = stretch.broken != null;
        }
        for (Checked entry : work.take()) {
          checkpoints.reached(taken, tree);
          String problem = add(entry, taken);
          if (problem != null) {
            return new Mismatch(taken, problem);
          }
          taken++;
        }
        progress.reached(taken - from);
      }
      checkpoints.reached(to, tree);
      return null;
    } catch (SourceNumbers.TooManyRanges e) {
      throw new NoExport(e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } finally {
      progress.end();
    }
  }

  /** What is wrong with an entry that follows those before it, or null. */
  private String add(Checked entry, long index) throws IOException, SourceNumbers.TooManyRanges {
    if (entry.problem() != null) {
      return entry.problem();
    }
    String other = entry.row() == null ? null : table.problem(index, entry.row());
    if (other != null) {
      return other;
    }
    if (entry.number() > 0 && !sources.add(entry.source(), entry.number()) && !entry.alerted()) {
      return "repeats number " + entry.number() + " of source " + quoted(entry.source());
    }
    tree.add(entry.leaf());
    full += entry.full() ? 1 : 0;
    erased += entry.erased() ? 1 : 0;
    alerted += entry.alerted() ? 1 : 0;
    return null;
  }

  /** As many lines as are checked at once, fewer where they are long or one cannot be read. */
  private static Stretch read(Lines lines, long first, long to) throws IOException {
    List<byte[]> read = new ArrayList<>();
    int bytes = 0;
    while (first + read.size() < to && read.size() < MOST_LINES && bytes < MOST_BYTES) {
      byte[] line;
      try {
        line = lines.next();
      } catch (Lines.TooLong e) {
        return new Stretch(first, read, "cannot be read: " + e.getMessage());
      }
      if (line == null) {
        return new Stretch(
            first, read, "is missing: the export ends here, its first line promises " + to);
      }
      read.add(line);
      bytes += line.length;
    }
    return new Stretch(first, read, null);
  }

  /**
   * Lines that follow each other.
   *
   * @param broken what is wrong with the line after them, or null where nothing is known of it
   */
  private record Stretch(long first, List<byte[]> lines, String broken) {

    List<Checked> check(LineCheck check, boolean withRows) {
      EntryCheck entry = new EntryCheck(withRows);
      List<Checked> checked = new ArrayList<>();
      for (int i = 0; i < lines.size(); i++) {
        try {
          checked.add(check.check(entry, lines.get(i), first + i));
        } catch (Json.Malformed e) {
          checked.add(Checked.wrong("cannot be read: " + e.getMessage()));
        }
      }
      if (broken != null) {
        checked.add(Checked.wrong(broken));
      }
      return checked;
    }
  }
}
