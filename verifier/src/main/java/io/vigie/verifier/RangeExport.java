package io.vigie.verifier;

import java.io.IOException;
import java.util.Map;
import java.util.Set;

import io.vigie.verifier.EntryCheck.Checked;
import io.vigie.verifier.ExportVerifier.Mismatch;
import io.vigie.verifier.ExportVerifier.NoExport;
import io.vigie.verifier.ExportVerifier.Verdict;

import static io.vigie.verifier.Canonical.bytes;
import static io.vigie.verifier.Canonical.isHash;
import static io.vigie.verifier.Canonical.number;

/**
 * Verifies an export in format {@code vigie-export/2}: the entries of a range of indexes that a
 * filter lets through, and that these are all of them.
 *
 * <p>The first line names {@code format}, {@code origin}, the range {@code from} (with) and {@code
 * to} (without), the {@code size} and {@code root} of the tree, {@code left} and {@code right}: the
 * roots of the complete subtrees before and behind the range, in order, base64, a space between;
 * the newest {@code checkpoint} that the log signed, a C2SP signed note, or null; and the {@code
 * filter}, a JSON object as text. Then one line for <em>every</em> index of the range: in full, as
 * in format 1, where the filter lets the entry through, else {@code {"index":"…","entry":"…"}}. As
 * an entry holds the event's metadata but not its payload, the filter is applied to all of them
 * here once more. The last line is {@code {"count":"…"}}, the number of those in full.
 *
 * <p>A filter is any of {@code actor}, {@code subject}, {@code type}, {@code source}; {@code from}
 * and {@code to}, RFC 3339 times in UTC; {@code outcome}, with {@code refused} and {@code alert}:
 * the event types that came out so.
 */
final class RangeExport {

  static final String FORMAT = "vigie-export/2";

  /** The one spelling of the filter that lets every entry through. */
  static final String NO_FILTER = "{}";

  private static final Set<String> HEADER =
      Set.of(
          "format",
          "origin",
          "from",
          "to",
          "size",
          "root",
          "left",
          "right",
          "checkpoint",
          "filter");
  private static final Set<String> BARE = Set.of("index", "entry");

  private final Map<String, String> header;
  private final ExportVerifier checks;
  private final EntryFilter filter;
  private final long from;
  private final long to;
  private final long size;

  RangeExport(Map<String, String> header, ExportVerifier checks) throws NoExport {
    this.header = header;
    this.checks = checks;
    boolean isComplete =
        header.keySet().equals(HEADER)
            && header.entrySet().stream()
                .allMatch(e -> e.getValue() != null || e.getKey().equals("checkpoint"));
    from = number(header.get("from"));
    to = number(header.get("to"));
    size = number(header.get("size"));
    if (!isComplete || from < 0 || to < from || size < to || !isHash(header.get("root"))) {
      throw new NoExport("the first line is not that of an export in format " + FORMAT);
    }
    try {
      filter = EntryFilter.parse(header.get("filter"));
    } catch (Json.Malformed e) {
      throw new NoExport("its filter cannot be read: " + e.getMessage());
    }
  }

  Verdict check(Lines lines) throws IOException, NoExport {
    addSubtrees("left", 0, from);
    Mismatch wrong = checks.entries(lines, from, to, this::line);
    if (wrong != null) {
      return wrong;
    }
    if (!isLast(lines) || ExportVerifier.hasMore(lines)) {
      return new Mismatch(
          to,
          "is not the end: the last line must say that " + checks.full + " entries are in full");
    }
    addSubtrees("right", to, size);
    checks.checkpoints.reached(size, checks.tree);
    return checks.verdict(header, from, to);
  }

  private Checked line(EntryCheck entry, byte[] bytes, long index) throws Json.Malformed {
    Map<String, String> line = Json.object(bytes);
    if (line.get("entry") == null) {
      return Checked.wrong("cannot be read: its line lacks a member");
    }
    boolean isBare = line.keySet().equals(BARE);
    Map<String, String> fields = Json.object(line.get("entry"));
    if (filter.lets(fields)) {
      return isBare
          ? Checked.wrong("is left out, though the filter lets it through")
          : entry.full(line, fields, index);
    }
    return isBare
        ? entry.bare(line, fields, index)
        : Checked.wrong("is shown in full, though the filter does not let it through");
  }

  private boolean isLast(Lines lines) throws IOException {
    try {
      byte[] line = lines.next();
      return line != null && Json.object(line).equals(Map.of("count", Long.toString(checks.full)));
    } catch (Lines.TooLong | Json.Malformed e) {
      return false;
    }
  }

  /** The complete subtrees of {@code start} to {@code end}, as large as each can be. */
  private void addSubtrees(String side, long start, long end) throws NoExport {
    String[] hashes = header.get(side).isEmpty() ? new String[0] : header.get(side).split(" ", -1);
    int next = 0;
    for (long at = start; at < end; next++) {
      long leaves = Long.highestOneBit(end - at);
      if (at > 0) {
        leaves = Math.min(leaves, Long.lowestOneBit(at));
      }
      if (next == hashes.length || !isHash(hashes[next])) {
        throw new NoExport("the first line lacks a hash of what lies " + side + " of the range");
      }
      checks.tree.add(bytes(hashes[next]), Long.numberOfTrailingZeros(leaves));
      at += leaves;
    }
    if (next != hashes.length) {
      throw new NoExport("the first line has hashes too many of what lies " + side);
    }
  }
}
