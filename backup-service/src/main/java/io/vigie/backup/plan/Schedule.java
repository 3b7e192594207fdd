package io.vigie.backup.plan;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/**
 * How often a backup runs. Durations are texts as in ISO 8601, in days and smaller units: {@code
 * P1D} is 24 hours. With a time of day it runs at that time by the clocks of its zone, every so
 * many days, also where clocks are changed: a time that a change leaves out is that much later, and
 * of one that comes twice the first counts.
 *
 * @param interval from the start of one run to the start of the next, 5 minutes to 366 days; whole
 *     days where {@code timeOfDay} is there
 * @param tolerance how late a run may be before it counts as missed, none to one interval
 * @param timeOfDay when it starts, such as 02:30; null where only the interval counts
 * @param zone whose clocks, such as Europe/Paris; there with {@code timeOfDay} alone
 */
@Embeddable
public record Schedule(
    @NotNull
        @DurationMin(minutes = 5)
        @DurationMax(days = 366)
        @Column(name = "run_every")
        @JdbcTypeCode(SqlTypes.VARCHAR)
        @JsonFormat(shape = JsonFormat.Shape.STRING)
        @JsonDeserialize(using = IsoDuration.class)
        Duration interval,
    @NotNull
        @DurationMin
        @DurationMax(days = 366)
        @JdbcTypeCode(SqlTypes.VARCHAR)
        @JsonFormat(shape = JsonFormat.Shape.STRING)
        @JsonDeserialize(using = IsoDuration.class)
        Duration tolerance,
    @Pattern(regexp = "([01][0-9]|2[0-3]):[0-5][0-9]", message = "must be a time such as 02:30")
        @Column(name = "time_of_day")
        String timeOfDay,
    @Size(max = 60) String zone) {

  /** A tool's clock, or its timer, may be a little ahead: such a run is that of its time. */
  private static final Duration EARLY = Duration.ofMinutes(5);

  private static final Duration DAY = Duration.ofDays(1);

  /**
   * What the fields' own limits cannot say.
   *
   * @throws Problem 400 when the tolerance is longer than the interval, or the time of day has no
   *     zone or no whole days
   */
  void requireSound() {
    List<FieldError> errors = new ArrayList<>();
    if (tolerance.compareTo(interval) > 0) {
      errors.add(new FieldError("tolerance", "must be no longer than the interval"));
    }
    if (timeOfDay != null && interval.toSeconds() % DAY.toSeconds() != 0) {
      errors.add(new FieldError("interval", "must be whole days where there is a time of day"));
    }
    if ((timeOfDay == null) != (zone == null)) {
      errors.add(new FieldError("zone", "must be there with a time of day, and only then"));
    } else if (zone != null && !ZoneId.getAvailableZoneIds().contains(zone)) {
      errors.add(new FieldError("zone", "must be a time zone such as Europe/Paris"));
    }
    if (!errors.isEmpty()) {
      throw Problem.invalid(errors);
    }
  }

  /** When a run is due after one that started at {@code start}. */
  Instant next(Instant start) {
    if (timeOfDay == null) {
      return start.plus(interval);
    }
    Instant after = start.plus(EARLY);
    LocalDate today = after.atZone(ZoneId.of(zone)).toLocalDate();
    LocalDate day = on(today).isAfter(after) ? today : today.plusDays(1);
    return on(day.plusDays(interval.toDays() - 1));
  }

  private Instant on(LocalDate day) {
    return ZonedDateTime.of(day, LocalTime.parse(timeOfDay), ZoneId.of(zone)).toInstant();
  }

  /** Texts only: a bare number is a duration to Jackson, and its unit a guess to the caller. */
  static class IsoDuration extends StdScalarDeserializer<Duration> {

    IsoDuration() {
      super(Duration.class);
    }

    @Override
    public Duration deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      if (!parser.hasToken(JsonToken.VALUE_STRING)) {
        return (Duration) context.handleUnexpectedToken(Duration.class, parser);
      }
      try {
        return Duration.parse(parser.getText());
      } catch (DateTimeParseException e) {
        throw context.weirdStringException(
            parser.getText(), Duration.class, "not an ISO 8601 duration");
      }
    }
  }
}
