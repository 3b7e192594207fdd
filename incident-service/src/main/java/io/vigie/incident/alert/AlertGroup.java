package io.vigie.incident.alert;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.smallrye.mutiny.Uni;

/**
 * The alerts of one group that are not over, counted.
 *
 * @param firing how many nobody looks after
 * @param since since when the first of them fires
 * @param lastSeenAt when a source last said so of one
 */
public record AlertGroup(
    String key,
    Long firing,
    Long acknowledged,
    Long critical,
    Long warning,
    Instant since,
    Instant lastSeenAt) {

  private static final String COUNT =
      """
      select groupKey,
        sum(case when state = FIRING then 1 else 0 end),
        sum(case when state = ACKNOWLEDGED then 1 else 0 end),
        sum(case when severity = CRITICAL then 1 else 0 end),
        sum(case when severity = WARNING then 1 else 0 end),
        min(firedAt), max(lastSeenAt) from Alert
      where state <> RESOLVED and %s
      group by groupKey order by groupKey""";

  /** These, as far as anything in them is not over. */
  static Uni<List<AlertGroup>> of(Collection<String> keys) {
    return Alert.find(COUNT.formatted("groupKey in :keys"), Map.of("keys", keys))
        .project(AlertGroup.class)
        .list();
  }

  /**
   * In the order of their keys.
   *
   * @param source null for all
   * @param severity that one of its alerts has; null for all
   * @param after the key of the last one already seen, or null
   */
  static Uni<List<AlertGroup>> page(String source, Severity severity, String after, int limit) {
    Map<String, Object> parameters = new HashMap<>();
    StringBuilder where = new StringBuilder("groupKey > :after");
    parameters.put("after", after == null ? "" : after);
    if (source != null) {
      where.append(" and source = :source");
      parameters.put("source", source);
    }
    if (severity != null) {
      where.append(" and severity = :severity");
      parameters.put("severity", severity);
    }
    return Alert.find(COUNT.formatted(where), parameters)
        .project(AlertGroup.class)
        .range(0, limit - 1)
        .list();
  }

  long count() {
    return firing + acknowledged;
  }

  Severity severity() {
    return critical > 0 ? Severity.CRITICAL : warning > 0 ? Severity.WARNING : Severity.INFO;
  }
}
