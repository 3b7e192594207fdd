package io.vigie.kernel.security;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How often something happened to each actor in each minute, in memory, until it is forgotten. */
final class Minutes {

  record Minute(String actor, Instant begin) {}

  record Count(int times, Instant first, Instant last) {
    private Count next(Instant at) {
      return new Count(times + 1, first, at);
    }
  }

  private final Map<Minute, Count> counts = new ConcurrentHashMap<>();

  /** How often it has happened in this minute, now included. */
  int count(String actor, Instant now) {
    return counts
        .compute(
            new Minute(actor, begin(now)),
            (minute, count) -> count == null ? new Count(1, now, now) : count.next(now))
        .times();
  }

  /** Those that are over. */
  List<Map.Entry<Minute, Count>> finished(Instant now) {
    Instant open = begin(now);
    return counts.entrySet().stream()
        .filter(entry -> entry.getKey().begin().isBefore(open))
        .map(entry -> Map.entry(entry.getKey(), entry.getValue()))
        .toList();
  }

  /** What was added to one of them meanwhile stays. */
  void forget(List<Map.Entry<Minute, Count>> finished) {
    finished.forEach(entry -> counts.remove(entry.getKey(), entry.getValue()));
  }

  private static Instant begin(Instant at) {
    return at.truncatedTo(ChronoUnit.MINUTES);
  }
}
