package io.vigie.access.person;

import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A person as callers see them.
 *
 * @param lastDay the last day of a departure that is planned; it, {@code departureReason} and
 *     {@code plannedMove} are for those who deal with departures and moves, and null for everybody
 *     else
 * @param plannedMove what will be of their manager, site and profile, or could not be on its day;
 *     or null
 * @param erasedAt when it was forgotten who this is; name and address are placeholders then
 */
@Schema(name = "Person")
public record PersonView(
    UUID id,
    String givenName,
    String familyName,
    String email,
    String employeeNumber,
    String subject,
    PersonKind kind,
    String businessProfile,
    UUID manager,
    UUID host,
    UUID site,
    PersonState state,
    LocalDate joinedOn,
    LocalDate endsOn,
    LocalDate lastDay,
    PlannedMove plannedMove,
    Instant leftAt,
    String departureReason,
    Instant erasedAt,
    long version) {

  /**
   * The whole of it, or what colleagues may know: not why somebody leaves, nor that they will, or
   * move.
   */
  public static PersonView of(Person person, boolean whole) {
    Details details = person.details();
    return new PersonView(
        person.id(),
        details.givenName(),
        details.familyName(),
        details.email(),
        details.employeeNumber(),
        details.subject(),
        details.kind(),
        details.businessProfile(),
        details.manager(),
        details.host(),
        details.site(),
        person.state().state(),
        details.joinedOn(),
        details.endsOn(),
        whole ? person.lastDay() : null,
        whole ? person.plannedMove() : null,
        person.leftAt(),
        whole ? person.departureReason() : null,
        person.erasedAt(),
        person.version());
  }
}
