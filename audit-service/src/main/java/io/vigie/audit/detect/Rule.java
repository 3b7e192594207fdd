package io.vigie.audit.detect;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;

/**
 * A detection rule as its file says it. The schema, {@code
 * contracts/detections/detection.schema.json}, explains each property; what may be absent is null.
 */
record Rule(
    String id,
    Text title,
    Text explanation,
    String severity,
    String technique,
    List<Match> match,
    Threshold threshold,
    Given given,
    Duration quiet) {

  /** How far back a rule may look: what it counted is forgotten a day later. */
  static final Duration LONGEST = Duration.ofDays(7);

  record Text(String en, String fr) {}

  record Threshold(long count, Duration within) {}

  Rule {
    if (quiet.compareTo(LONGEST) > 0
        || threshold != null && threshold.within().compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(id + " looks back over more than " + LONGEST);
    }
  }

  /** The first alternative that this event fits, or null. */
  Match matching(Signal signal) {
    for (Match each : match) {
      if (each.fits(signal)) {
        return each;
      }
    }
    return null;
  }

  /** Types of events whose payload the rule reads. */
  Stream<String> typesRead() {
    Stream<String> matched =
        match.stream().filter(each -> each.types != null).flatMap(each -> each.types.stream());
    return given == null
        ? matched
        : Stream.of(matched, given.begins.types.stream(), given.ends.types.stream())
            .flatMap(types -> types);
  }

  /** Events that count, and how. */
  record Match(Set<String> types, List<Condition> where, JsonPointer group, Weight weight) {

    boolean fits(Signal signal) {
      return Rule.fits(types, where, signal)
          && (group == null || signal.text(group) != null)
          && weight(signal) > 0;
    }

    String group(Signal signal) {
      return group == null ? "" : signal.text(group);
    }

    long weight(Signal signal) {
      return weight == null ? 1 : weight.of(signal);
    }
  }

  /** A number that the event carries, or how many there are from one number to another. */
  record Weight(JsonPointer number, JsonPointer from, JsonPointer to) {

    /** At most a billion, so that no sum overflows; 0 where there is no such number. */
    long of(Signal signal) {
      double weight =
          number != null
              ? signal.at(number).asDouble(0)
              : signal.at(to).asDouble(-1) - signal.at(from).asDouble(0) + 1;
      return (long) Math.max(0, Math.min(weight, 1e9));
    }
  }

  /** A state that other events begin and end. */
  record Given(boolean holds, Change begins, Change ends, JsonPointer about) {}

  record Change(Set<String> types, List<Condition> where, JsonPointer key, JsonPointer about) {

    boolean fits(Signal signal) {
      return Rule.fits(types, where, signal)
          && signal.text(key) != null
          && (about == null || signal.text(about) != null);
    }
  }

  /** What must be true of one value, or of the event's time; each test that is there must pass. */
  record Condition(
      JsonPointer at, List<JsonNode> in, Boolean exists, Double atLeast, Hours outside) {

    boolean holds(Signal signal) {
      JsonNode value = at == null ? null : signal.at(at);
      return (in == null || in.stream().anyMatch(each -> isSame(each, value)))
          && (exists == null || exists == !value.isMissingNode())
          && (atLeast == null || value.isNumber() && value.doubleValue() >= atLeast)
          && (outside == null || !outside.contain(signal.time()));
    }

    private static boolean isSame(JsonNode one, JsonNode other) {
      return one.isTextual() && other.isTextual()
          ? one.textValue().equalsIgnoreCase(other.textValue())
          : one.equals(other);
    }
  }

  /** Working hours: {@code to} is the first minute after them. */
  record Hours(
      ZoneId zone, Set<DayOfWeek> days, LocalTime from, LocalTime to, Set<String> holidays) {

    boolean contain(Instant time) {
      ZonedDateTime there = time.atZone(zone);
      LocalDate date = there.toLocalDate();
      return days.contains(date.getDayOfWeek())
          && !holidays.contains(date.toString())
          && !holidays.contains(date.toString().substring(5))
          && !there.toLocalTime().isBefore(from)
          && there.toLocalTime().isBefore(to);
    }
  }

  private static boolean fits(Set<String> types, List<Condition> where, Signal signal) {
    return (types == null || types.contains(signal.type()))
        && (where == null || where.stream().allMatch(condition -> condition.holds(signal)));
  }
}
