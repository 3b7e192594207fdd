package io.vigie.incident.clock;

import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneId;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

/**
 * How a due time is counted. Each clock keeps its own, so that a later policy changes none.
 *
 * @param countedFrom {@value Regime#AWARENESS}, or the id of the step from whose notification on
 * @param within a duration (PT72H) or a period (P1M) as in ISO 8601
 * @param zone in which days and months are counted
 */
@Embeddable
record Counting(
    @Column(name = "counted_from", updatable = false) String countedFrom,
    @Column(updatable = false) String within,
    @Column(updatable = false) ZoneId zone) {

  /**
   * When something is due. Hours are counted as they pass, whatever clocks on walls do. Days and
   * months are counted in {@code zone}, to the same time of the day; where the month has no such
   * day, to its last one; where the day has no such time, to the time that clocks then show
   * instead; where it has it twice, to the first.
   */
  Instant due(Instant from) {
    return within.contains("T")
        ? from.plus(Duration.parse(within))
        : from.atZone(zone).plus(Period.parse(within)).toInstant();
  }

  boolean isFromAwareness() {
    return countedFrom.equals(Regime.AWARENESS);
  }
}
