package io.vigie.access.entitlement;

import java.io.IOException;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Embedded;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/**
 * On what terms people get an entitlement.
 *
 * @param owner the person who answers for it
 * @param longest for how long one request gives it at most, 1 minute to 3,653 days, as in ISO 8601
 *     in days and smaller units: {@code P180D}
 * @param directory what it is in the directory, or null where it is nothing there
 * @param courses the courses whose validity it asks for
 */
@Schema(name = "EntitlementTerms")
@Embeddable
public record Terms(
    @Size(min = 1, max = 2_000) String description,
    @NotNull @Column(name = "owner_id") UUID owner,
    @NotNull @Enumerated(EnumType.STRING) Sensitivity sensitivity,
    @NotNull
        @DurationMin(minutes = 1)
        @DurationMax(days = 3_653)
        @JdbcTypeCode(SqlTypes.VARCHAR)
        @JsonFormat(shape = JsonFormat.Shape.STRING)
        @JsonDeserialize(using = IsoDuration.class)
        Duration longest,
    @Valid @Embedded DirectoryObject directory,
    @Size(max = 20) UUID[] courses) {

  private static final Map<String, Function<Terms, Object>> FIELDS =
      Map.of(
          "description", Terms::description,
          "owner", Terms::owner,
          "sensitivity", Terms::sensitivity,
          "longest", Terms::longest,
          "directory", Terms::directory,
          "courses", terms -> Arrays.asList(terms.courses()));

  public Terms {
    courses =
        courses == null ? new UUID[0] : new TreeSet<>(Arrays.asList(courses)).toArray(UUID[]::new);
  }

  /** The names of the fields in which the two differ, in alphabetical order. */
  List<String> differences(Terms other) {
    return FIELDS.entrySet().stream()
        .filter(
            field -> !Objects.equals(field.getValue().apply(this), field.getValue().apply(other)))
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  /** Texts only: a bare number is a duration to Jackson, and its unit a guess to the caller. */
  public static class IsoDuration extends StdScalarDeserializer<Duration> {

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
