package io.vigie.access.people;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;

import io.vigie.kernel.Problem;
import org.hibernate.validator.constraints.UUID;

/**
 * What is known of a person while they work here.
 *
 * @param email unique whatever its case
 * @param subject the {@code sub} of the person's account, or null while there is none; unique
 * @param businessProfile what the person does here, which rights follow from (R4.5)
 * @param joinedOn the first day, from 1950 to a year ahead
 */
@Embeddable
public record Profile(
    @NotBlank @Size(max = 100) @Column(name = "given_name") String givenName,
    @NotBlank @Size(max = 100) @Column(name = "family_name") String familyName,
    @NotNull @Email @Size(max = 254) String email,
    @UUID String subject,
    @NotBlank @Size(max = 100) @Column(name = "business_profile") String businessProfile,
    @NotNull @Column(name = "joined_on") LocalDate joinedOn) {

  private static final LocalDate FIRST_DAY = LocalDate.of(1950, 1, 1);

  private static final Map<String, Function<Profile, Object>> FIELDS =
      Map.of(
          "givenName", Profile::givenName,
          "familyName", Profile::familyName,
          "email", Profile::email,
          "subject", Profile::subject,
          "businessProfile", Profile::businessProfile,
          "joinedOn", Profile::joinedOn);

  /** The names of the fields in which the two differ, in alphabetical order. */
  List<String> differences(Profile other) {
    return FIELDS.entrySet().stream()
        .filter(
            field -> !Objects.equals(field.getValue().apply(this), field.getValue().apply(other)))
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  /** This profile, or 400 when the first day is out of range as of {@code now}. */
  Profile requirePlausible(Instant now) {
    LocalDate lastDay = now.atZone(ZoneOffset.UTC).toLocalDate().plusYears(1);
    if (joinedOn.isBefore(FIRST_DAY) || joinedOn.isAfter(lastDay)) {
      throw Problem.invalid(
          List.of(
              new Problem.FieldError(
                  "joinedOn", "must be between " + FIRST_DAY + " and " + lastDay)));
    }
    return this;
  }
}
