package io.vigie.verifier;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

import static io.vigie.verifier.Canonical.base64;
import static io.vigie.verifier.Canonical.bytes;
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
 * salts and payloads are base64; salt and payload are both null where the payload was erased.
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
   */
  public record Verified(
      String origin,
      long size,
      String root,
      long erased,
      long alerted,
      List<SourceCoverage> sources)
      implements Verdict {}

  /** The entry at {@code index} is the first that does not match. */
  public record Mismatch(long index, String reason) implements Verdict {}

  /**
   * Each entry matches what stands beside it, but together they are not the tree that the first
   * line names.
   */
  public record WrongRoot(String promised, String computed) implements Verdict {}

  /** The input is no export at all: its first line cannot be read as one. */
  public static final class NoExport extends Exception {
    NoExport(String message) {
      super(message, null, false, false);
    }
  }

  private static final String FORMAT = "vigie-export/1";
  private static final Set<String> HEADER = Set.of("format", "origin", "size", "root");
  private static final Set<String> LINE =
      Set.of("index", "entry", "columns", "leaf", "salt", "payload");

  /** The members of an entry that a column repeats, so that a search finds it. */
  private static final Set<String> SEARCHED =
      Set.of(
          "alert",
          "id",
          "source",
          "type",
          "subject",
          "time",
          "actor",
          "eventNumber",
          "sourceNumber");

  final TreeHash hash = new TreeHash();
  final RootBuilder tree = new RootBuilder(hash);
  final SourceNumbers sources = new SourceNumbers();
  long erased;
  long alerted;

  ExportVerifier() {}

  /**
   * Reads the export to its end, or to the first entry that does not match. Memory stays constant
   * but for the holes in source numbers.
   *
   * @throws IOException when the input cannot be read
   * @throws NoExport when the first line is not that of an export, or the export has more holes
   *     than can be followed
   */
  public static Verdict verify(InputStream export) throws IOException, NoExport {
    Lines lines = new Lines(export);
    Map<String, String> header = header(lines);
    return RangeExport.FORMAT.equals(header.get("format"))
        ? new RangeExport(header, new ExportVerifier()).check(lines)
        : new ExportVerifier().check(header, lines);
  }

  private Verdict check(Map<String, String> header, Lines lines) throws IOException, NoExport {
    long size = number(header.get("size"));
    for (long index = 0; index < size; index++) {
      String problem;
      try {
        byte[] line = lines.next();
        problem =
            line == null
                ? "is missing: the export ends here, its first line promises " + size
                : entry(line, index);
      } catch (Lines.TooLong | Json.Malformed e) {
        problem = "cannot be read: " + e.getMessage();
      } catch (SourceNumbers.TooManyRanges e) {
        throw new NoExport(e.getMessage());
      }
      if (problem != null) {
        return new Mismatch(index, problem);
      }
    }
    if (hasMore(lines)) {
      return new Mismatch(size, "is too much: the first line promises " + size + " entries");
    }
    String root = base64(tree.root());
    return root.equals(header.get("root"))
        ? new Verified(header.get("origin"), size, root, erased, alerted, sources.coverage())
        : new WrongRoot(header.get("root"), root);
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

  /** What is wrong with a line, or null; a line that is right is added to the tree. */
  private String entry(byte[] bytes, long index)
      throws Json.Malformed, SourceNumbers.TooManyRanges {
    return entry(Json.object(bytes), index);
  }

  /** What is wrong with an entry that is shown in full, or null. */
  String entry(Map<String, String> line, long index)
      throws Json.Malformed, SourceNumbers.TooManyRanges {
    if (!line.keySet().equals(LINE) || line.get("entry") == null || line.get("columns") == null) {
      return "cannot be read: its line lacks a member or has one too many";
    }
    if (!Long.toString(index).equals(line.get("index"))) {
      return "is missing or out of order: its line carries index " + quoted(line.get("index"));
    }
    byte[] entry = line.get("entry").getBytes(StandardCharsets.UTF_8);
    byte[] leaf = hash.leaf(entry);
    if (!base64(leaf).equals(line.get("leaf"))) {
      return "was changed: its leaf hash is "
          + base64(leaf)
          + ", the log stored "
          + quoted(line.get("leaf"));
    }
    Map<String, String> fields = Json.object(entry);
    String problem = payload(fields.get("commitment"), line.get("salt"), line.get("payload"));
    if (problem == null) {
      problem = columns(fields, Json.object(line.get("columns")));
    }
    if (problem == null) {
      problem = source(fields);
    }
    if (problem == null) {
      tree.add(leaf);
    }
    return problem;
  }

  /** What is wrong with what an entry commits to, or null. */
  String payload(String commitment, String salt64, String payload64) {
    if (!isHash(commitment)) {
      return "carries no commitment to its payload";
    }
    if (salt64 == null && payload64 == null) {
      erased++;
      return null;
    }
    byte[] salt = bytes(salt64);
    byte[] payload = bytes(payload64);
    if (salt == null || payload == null) {
      return "has a salt or a payload that is missing or no base64";
    }
    return base64(hash.commitment(salt, payload)).equals(commitment)
        ? null
        : "has a payload (or salt) that was changed: the entry commits to another";
  }

  /** A column that says something else hides the entry from who searches for it. */
  static String columns(Map<String, String> fields, Map<String, String> columns)
      throws Json.Malformed {
    Map<String, String> expected = new TreeMap<>(fields);
    expected.keySet().retainAll(SEARCHED);
    if (expected.containsKey("time")) {
      expected.put("time", utc(expected.get("time")));
    }
    for (String name : SEARCHED) {
      if (!Objects.equals(expected.get(name), columns.get(name))) {
        return "cannot be found by its "
            + name
            + ": the column says "
            + quoted(columns.get(name))
            + ", the entry "
            + quoted(expected.get(name));
      }
    }
    return expected.equals(columns) ? null : "has search columns that are none of the log's";
  }

  static String utc(String time) throws Json.Malformed {
    try {
      return OffsetDateTime.parse(time).toInstant().truncatedTo(ChronoUnit.MICROS).toString();
    } catch (DateTimeException | NullPointerException e) {
      throw new Json.Malformed("a time that is none");
    }
  }

  String source(Map<String, String> fields) throws SourceNumbers.TooManyRanges {
    boolean isAlerted = fields.get("alert") != null;
    alerted += isAlerted ? 1 : 0;
    if (fields.get("sourceNumber") == null) {
      return null;
    }
    long number = number(fields.get("sourceNumber"));
    if (number < 1 || fields.get("source") == null) {
      return "carries a source number that is none";
    }
    return sources.add(fields.get("source"), number) || isAlerted
        ? null
        : "repeats number " + number + " of source " + quoted(fields.get("source"));
  }
}
