package io.vigie.access.person;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

import io.vigie.kernel.Problem.FieldError;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

import static java.util.Map.entry;

/**
 * What is known of a person while they work here. Days are days in UTC.
 *
 * @param email unique whatever its case
 * @param employeeNumber what the staff register calls them, or null; unique
 * @param subject the {@code sub} of the person's account, or null while there is none; unique
 * @param kind an employee where none is named
 * @param businessProfile what the person does here. Where the catalogue has an active profile of
 *     this name, naming it here assigns it (R4.5)
 * @param manager the person who leads them, or null
 * @param host the person here who answers for a contractor; employees have none
 * @param site the premises they work at, an asset, or null
 * @param joinedOn the first day, from 1950 to a year ahead
 * @param endsOn the last day of the contract, ten years ahead at most; contractors have one
 */
@Schema(name = "PersonDetails")
@Embeddable
public record Details(
    @NotBlank @Size(max = 100) @Column(name = "given_name") String givenName,
    @NotBlank @Size(max = 100) @Column(name = "family_name") String familyName,
    @NotNull @Email @Size(max = 254) String email,
    @Pattern(regexp = "\\S(.{0,38}\\S)?", message = "must be 1 to 40 characters, no space around")
        @Column(name = "employee_number")
        String employeeNumber,
    @Schema(format = "uuid") @org.hibernate.validator.constraints.UUID String subject,
    @Enumerated(EnumType.STRING) PersonKind kind,
    @NotBlank @Size(max = 100) @Column(name = "business_profile") String businessProfile,
    @Column(name = "manager_id") UUID manager,
    @Column(name = "host_id") UUID host,
    @Column(name = "site_id") UUID site,
    @NotNull @Column(name = "joined_on") LocalDate joinedOn,
    @Column(name = "ends_on") LocalDate endsOn) {

  private static final int LONGEST_CONTRACT = 10;

  /** In the place of a name. */
  private static final String ERASED = "—";

  private static final LocalDate FIRST_DAY = LocalDate.of(1950, 1, 1);

  private static final Map<String, Function<Details, Object>> FIELDS =
      Map.ofEntries(
          entry("givenName", Details::givenName),
          entry("familyName", Details::familyName),
          entry("email", Details::email),
          entry("employeeNumber", Details::employeeNumber),
          entry("subject", Details::subject),
          entry("kind", Details::kind),
          entry("businessProfile", Details::businessProfile),
          entry("manager", Details::manager),
          entry("host", Details::host),
          entry("site", Details::site),
          entry("joinedOn", Details::joinedOn),
          entry("endsOn", Details::endsOn));

  public Details {
    kind = kind == null ? PersonKind.EMPLOYEE : kind;
  }

  /** Whether somebody else leads or hosts them in {@code other}. */
  boolean isLedOtherwise(Details other) {
    return !Objects.equals(manager, other.manager) || !Objects.equals(host, other.host);
  }

  /** The names of the fields in which the two differ, in alphabetical order. */
  List<String> differences(Details other) {
    return FIELDS.entrySet().stream()
        .filter(
            field -> !Objects.equals(field.getValue().apply(this), field.getValue().apply(other)))
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  /**
   * What cannot be, as of {@code now}: days out of range; a host or an end against the kind; a
   * first day ahead of somebody who has begun, as {@code state} tells.
   */
  List<FieldError> implausible(PersonState state, Instant now) {
    LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    List<FieldError> errors = new ArrayList<>();
    LocalDate latest = state == PersonState.ANNOUNCED ? today.plusYears(1) : today;
    requireWithin("joinedOn", joinedOn, FIRST_DAY, latest, errors);
    if (endsOn != null) {
      LocalDate earliest = joinedOn != null && joinedOn.isAfter(today) ? joinedOn : today;
      requireWithin("endsOn", endsOn, earliest, today.plusYears(LONGEST_CONTRACT), errors);
    }
    if (kind == PersonKind.CONTRACTOR) {
      if (host == null) {
        errors.add(new FieldError("host", "a contractor has a host"));
      }
      if (endsOn == null) {
        errors.add(new FieldError("endsOn", "a contractor's contract has an end"));
      }
    } else if (host != null) {
      errors.add(new FieldError("host", "only contractors have a host"));
    }
    return errors;
  }

  /** What cannot be of a last day that is planned, as of {@code now}. */
  List<FieldError> implausibleLastDay(LocalDate day, Instant now) {
    LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    LocalDate earliest = joinedOn != null && joinedOn.isAfter(today) ? joinedOn : today;
    List<FieldError> errors = new ArrayList<>();
    requireWithin("lastDay", day, earliest, today.plusYears(LONGEST_CONTRACT), errors);
    return errors;
  }

  /** What cannot be of a move that is planned, as of {@code now}; {@code leavesOn} may be null. */
  List<FieldError> implausibleMove(LocalDate day, LocalDate leavesOn, Instant now) {
    LocalDate tomorrow = LocalDate.ofInstant(now, ZoneOffset.UTC).plusDays(1);
    LocalDate earliest = joinedOn != null && joinedOn.isAfter(tomorrow) ? joinedOn : tomorrow;
    LocalDate latest = tomorrow.plusYears(LONGEST_CONTRACT);
    List<FieldError> errors = new ArrayList<>();
    requireWithin(
        "movesOn",
        day,
        earliest,
        leavesOn != null && leavesOn.isBefore(latest) ? leavesOn : latest,
        errors);
    return errors;
  }

  private static void requireWithin(
      String field, LocalDate day, LocalDate first, LocalDate last, List<FieldError> errors) {
    if (day != null && (day.isBefore(first) || day.isAfter(last))) {
      errors.add(new FieldError(field, "must be between " + first + " and " + last));
    }
  }

  /** The day after which they are gone: the planned {@code lastDay} or the contract's; or null. */
  LocalDate leavesOn(LocalDate lastDay) {
    return endsOn == null || lastDay != null && lastDay.isBefore(endsOn) ? lastDay : endsOn;
  }

  /** With the manager, the site and the profile of {@code move} where it names them. */
  Details movedTo(PlannedMove move) {
    return new Details(
        givenName,
        familyName,
        email,
        employeeNumber,
        subject,
        kind,
        move.businessProfile() == null ? businessProfile : move.businessProfile(),
        move.manager() == null ? manager : move.manager(),
        host,
        move.site() == null ? site : move.site(),
        joinedOn,
        endsOn);
  }

  Details withSubject(String account) {
    return new Details(
        givenName,
        familyName,
        email,
        employeeNumber,
        account,
        kind,
        businessProfile,
        manager,
        host,
        site,
        joinedOn,
        endsOn);
  }

  /**
   * Without all that names the person whose id this is. An address under {@code .invalid} (RFC
   * 2606) is nobody's, and each has another.
   */
  Details erased(UUID person) {
    return new Details(
        ERASED,
        ERASED,
        person + "@erased.invalid",
        null,
        subject,
        kind,
        businessProfile,
        manager,
        host,
        site,
        joinedOn,
        endsOn);
  }
}
