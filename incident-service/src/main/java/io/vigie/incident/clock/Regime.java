package io.vigie.incident.clock;

import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A duty to tell somebody of incidents.
 *
 * @param title in English and French, by language tag
 * @param source the act and the article
 * @param zone in which days and months are counted
 * @param forEachClient each client concerned is told, within the hours of its own contract
 */
record Regime(
    String id,
    Map<String, String> title,
    String source,
    ZoneId zone,
    boolean forEachClient,
    List<Step> steps) {

  /** What {@link Step#from} says where the agency's awareness counts. */
  static final String AWARENESS = "AWARENESS";

  /**
   * One notification.
   *
   * @param from {@value #AWARENESS}, or the id of the step from whose notification on it counts
   * @param within a duration (PT72H) or a period (P1M) as in ISO 8601; null where each client has
   *     hours of its own
   * @param remindBefore how long before it is due responders are reminded
   */
  record Step(
      String id,
      Map<String, String> title,
      String from,
      String within,
      List<Duration> remindBefore) {}

  /**
   * When something is due. Hours are counted as they pass, whatever clocks on walls do. Days and
   * months are counted in {@code zone}, to the same time of the day; where the month has no such
   * day, to its last one; where the day has no such time, to the time that clocks then show
   * instead; where it has it twice, to the first.
   */
  static Instant due(Instant from, String within, ZoneId zone) {
    return within.contains("T")
        ? from.plus(Duration.parse(within))
        : from.atZone(zone).plus(Period.parse(within)).toInstant();
  }

  Instant due(Instant from, Step step, Integer clientHours) {
    return due(from, step.within() == null ? "PT" + clientHours + "H" : step.within(), zone);
  }

  /** Empty where a later version of the table has it no more. */
  Optional<Step> find(String step) {
    return steps.stream().filter(one -> one.id().equals(step)).findFirst();
  }

  /** The steps that are counted from {@code event}. */
  List<Step> from(String event) {
    return steps.stream().filter(step -> step.from().equals(event)).toList();
  }
}
