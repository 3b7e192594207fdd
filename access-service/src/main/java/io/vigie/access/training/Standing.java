package io.vigie.access.training;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonIgnore;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * How somebody who works here stands with a course that is asked of them.
 *
 * @param since from which day on it waits for them
 * @param dueOn the last day on which it is in time; null where once was enough
 * @param validUntil the last day of the certificate that counts longest; null also where it counts
 *     for ever
 * @param attendance what that certificate is of, or null
 */
@Schema(name = "TrainingStanding")
record Standing(
    UUID person,
    UUID course,
    String code,
    TrainingDue due,
    LocalDate since,
    LocalDate dueOn,
    LocalDate validUntil,
    UUID attendance) {

  /** Where a standing stands among all of them, by person and then by course. */
  record Place(UUID person, UUID course) {

    private static final String ID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
    static final String FORM = ID + "_" + ID;
    static final Place FIRST = new Place(new UUID(0, 0), new UUID(0, 0));

    static Place parse(String text) {
      return new Place(UUID.fromString(text.substring(0, 36)), UUID.fromString(text.substring(37)));
    }

    @Override
    public String toString() {
      return person + "_" + course;
    }
  }

  @JsonIgnore
  Place place() {
    return new Place(person, course);
  }

  /** Whether they hold a certificate that counts on that day. */
  boolean covers(LocalDate day) {
    return attendance != null && (validUntil == null || !validUntil.isBefore(day));
  }

  Instant waitsSince() {
    return since.atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  /** When the last day is over. */
  Instant dueAt() {
    return dueOn.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
  }
}
