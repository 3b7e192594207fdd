package io.vigie.backup;

import java.io.IOException;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.validation.constraints.NotNull;

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
 * P1D} is 24 hours.
 *
 * @param interval from the start of one run to the start of the next, 5 minutes to 366 days
 * @param tolerance how late a run may be before it counts as missed, none to one interval
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
        Duration tolerance) {

  /**
   * What the fields' own limits cannot say.
   *
   * @throws Problem 400 when the tolerance is longer than the interval
   */
  void requireTolerable() {
    if (tolerance.compareTo(interval) > 0) {
      throw Problem.invalid(
          List.of(new FieldError("tolerance", "must be no longer than the interval")));
    }
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
