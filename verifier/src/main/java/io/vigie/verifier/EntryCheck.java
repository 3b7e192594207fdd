package io.vigie.verifier;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import static io.vigie.verifier.Canonical.base64;
import static io.vigie.verifier.Canonical.bytes;
import static io.vigie.verifier.Canonical.isHash;
import static io.vigie.verifier.Canonical.number;
import static io.vigie.verifier.Terminal.quoted;

/**
 * What can be said of one entry without the others. Not safe for use by several threads at once.
 */
final class EntryCheck {

  /**
   * An entry by itself.
   *
   * @param problem what is wrong with it, or null; if anything is, the rest says nothing
   * @param number what its source gave it, 0 when it has none
   * @param full whether it is shown with all that stands beside it
   * @param alerted whether the log itself found something wrong with the event
   * @param row what stands of it in a table, null where it must not stand there
   */
  record Checked(
      String problem,
      byte[] leaf,
      String source,
      long number,
      boolean full,
      boolean erased,
      boolean alerted,
      byte[] row) {

    static Checked wrong(String problem) {
      return new Checked(problem, null, null, 0, false, false, false, null);
    }
  }

  private static final Set<String> LINE =
      Set.of("index", "entry", "columns", "leaf", "salt", "payload");

  /** The members of an entry that a column repeats, so that a search finds it. */
  private static final List<String> SEARCHED =
      List.of(
          "alert",
          "id",
          "source",
          "type",
          "subject",
          "time",
          "actor",
          "eventNumber",
          "sourceNumber");

  /**
   * Nothing parts a salt from its payload in what an entry commits to: were salts of any length
   * believed, bytes could be moved between the two.
   */
  private static final int SALT_BYTES = 32;

  /** The log takes names of 1,000 bytes, and so none of more characters. */
  static final int MAX_SOURCE = 1_000;

  final TreeHash hash = new TreeHash();
  private final UtcTime time = new UtcTime();
  private final boolean withRows;

  EntryCheck() {
    this(false);
  }

  /**
   * Checks.
   *
   * @param withRows whether to say what stands of entries in a table
   */
  EntryCheck(boolean withRows) {
    this.withRows = withRows;
  }

  /**
   * An entry that is shown in full, at the index where it has to stand.
   *
   * @param known its members, where they were read already; else null
   */
  Checked full(Map<String, String> line, Map<String, String> known, long index)
      throws Json.Malformed {
    if (!line.keySet().equals(LINE) || line.get("entry") == null || line.get("columns") == null) {
      return Checked.wrong("cannot be read: its line lacks a member or has one too many");
    }
    byte[] entry = line.get("entry").getBytes(StandardCharsets.UTF_8);
    byte[] leaf = hash.leaf(entry);
    String problem = place(line, index);
    if (problem == null && !base64(leaf).equals(line.get("leaf"))) {
      problem =
          "was changed: its leaf hash is "
              + base64(leaf)
              + ", the log stored "
              + quoted(line.get("leaf"));
    }
    if (problem != null) {
      return Checked.wrong(problem);
    }
    Map<String, String> fields = known == null ? Json.object(entry) : known;
    problem = payload(fields.get("commitment"), line.get("salt"), line.get("payload"));
    Map<String, String> columns = Json.object(line.get("columns"));
    if (problem == null) {
      problem = columns(fields, columns);
    }
    if (problem != null) {
      return Checked.wrong(problem);
    }
    byte[] row =
        withRows
            ? CsvTable.row(index, columns, line.get("leaf"), bytes(line.get("payload")))
            : null;
    return checked(fields, leaf, true, line.get("salt") == null, row);
  }

  /** An entry of which nothing is shown but itself. */
  Checked bare(Map<String, String> line, Map<String, String> fields, long index) {
    String problem = place(line, index);
    byte[] entry = line.get("entry").getBytes(StandardCharsets.UTF_8);
    return problem == null
        ? checked(fields, hash.leaf(entry), false, false, null)
        : Checked.wrong(problem);
  }

  private static String place(Map<String, String> line, long index) {
    return number(line.get("index")) == index
        ? null
        : "is missing or out of order: its line carries index " + quoted(line.get("index"));
  }

  private static Checked checked(
      Map<String, String> fields, byte[] leaf, boolean full, boolean erased, byte[] row) {
    String source = fields.get("source");
    if (source != null && source.length() > MAX_SOURCE) {
      return Checked.wrong(
          "carries a source whose name has %d characters, more than the %d that the log takes"
              .formatted(source.length(), MAX_SOURCE));
    }
    long number = 0;
    if (fields.get("sourceNumber") != null) {
      number = number(fields.get("sourceNumber"));
      if (number < 1 || source == null) {
        return Checked.wrong("carries a source number that is none");
      }
    }
    return new Checked(null, leaf, source, number, full, erased, fields.get("alert") != null, row);
  }

  /** What is wrong with what an entry commits to, or null; null too where both were erased. */
  String payload(String commitment, String salt64, String payload64) {
    if (!isHash(commitment)) {
      return "carries no commitment to its payload";
    }
    if (salt64 == null && payload64 == null) {
      return null;
    }
    byte[] salt = bytes(salt64);
    byte[] payload = bytes(payload64);
    if (salt == null || payload == null) {
      return "has a salt or a payload that is missing or no base64";
    }
    if (salt.length != SALT_BYTES) {
      return "has a payload (or salt) that was changed: its salt has %d bytes, not %d"
          .formatted(salt.length, SALT_BYTES);
    }
    return base64(hash.commitment(salt, payload)).equals(commitment)
        ? null
        : "has a payload (or salt) that was changed: the entry commits to another";
  }

  /** A column that says something else hides the entry from who searches for it. */
  private String columns(Map<String, String> fields, Map<String, String> columns)
      throws Json.Malformed {
    int searched = 0;
    int found = 0;
    for (String name : SEARCHED) {
      String said = fields.get(name);
      if (said != null && name.equals("time")) {
        said = time.of(said);
      }
      if (!Objects.equals(said, columns.get(name))) {
        return "cannot be found by its "
            + name
            + ": the column says "
            + quoted(columns.get(name))
            + ", the entry "
            + quoted(said);
      }
      searched += fields.containsKey(name) ? 1 : 0;
      found += columns.containsKey(name) ? 1 : 0;
    }
    return columns.size() == searched && columns.size() == found
        ? null
        : "has search columns that are none of the log's";
  }
}
