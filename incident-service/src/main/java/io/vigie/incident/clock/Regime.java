package io.vigie.incident.clock;

import java.time.Duration;
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
   * How {@code step} is counted now.
   *
   * @param clientHours for a step that has none of its own
   */
  Counting counting(Step step, Integer clientHours) {
    return new Counting(
        step.from(), step.within() == null ? "PT" + clientHours + "H" : step.within(), zone);
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
