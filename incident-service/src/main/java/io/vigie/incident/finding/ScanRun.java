package io.vigie.incident.finding;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** What one tool says of one asset. */
final class ScanRun {

  /** Longest name of a tool or rule that is taken, in characters. */
  static final int LONGEST_NAME = 200;

  /** So many results are taken in one document. */
  static final int MAX_RESULTS = 50_000;

  /** What a scan looked at: of anything else, it does not say that it is gone. */
  interface Coverage {

    Coverage ALL = (rule, place) -> true;

    boolean has(String rule, String place);
  }

  private final String tool;
  private final Coverage coverage;
  private final Map<String, Sighting> sightings = new LinkedHashMap<>();
  private Instant performedAt;
  private boolean complete = true;

  ScanRun(String tool, Coverage coverage) {
    this.tool = tool;
    this.coverage = coverage;
  }

  void add(Sighting sighting) {
    sightings.merge(sighting.fingerprint(tool), sighting, Sighting::or);
  }

  /** It ended at this time; the last one counts. */
  void performed(Instant at) {
    if (performedAt == null || at.isAfter(performedAt)) {
      performedAt = at;
    }
  }

  /** It did not look at all that it should have. */
  void incomplete() {
    complete = false;
  }

  String tool() {
    return tool;
  }

  /** By fingerprint. */
  Map<String, Sighting> sightings() {
    return sightings;
  }

  /** When it ended; {@code now} where the document does not say, or its clock is ahead of ours. */
  Instant performedAt(Instant now) {
    return performedAt == null || performedAt.isAfter(now) ? now : performedAt;
  }

  boolean isComplete() {
    return complete;
  }

  /** Whether what it did not see is gone. */
  boolean covers(String rule, String place) {
    return complete && coverage.has(rule, place);
  }
}
