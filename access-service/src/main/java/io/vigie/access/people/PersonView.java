package io.vigie.access.people;

import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A person as callers see them.
 *
 * @param departureReason only for those who deal with departures; null for everybody else
 */
@Schema(name = "Person")
public record PersonView(
    UUID id,
    String givenName,
    String familyName,
    String email,
    String subject,
    String businessProfile,
    PersonState state,
    LocalDate joinedOn,
    Instant leftAt,
    String departureReason,
    long version) {

  /** The whole of it. */
  public static PersonView of(Person person) {
    Profile profile = person.profile();
    return new PersonView(
        person.id(),
        profile.givenName(),
        profile.familyName(),
        profile.email(),
        profile.subject(),
        profile.businessProfile(),
        person.state().state(),
        profile.joinedOn(),
        person.leftAt(),
        person.departureReason(),
        person.version());
  }

  PersonView withoutDepartureReason() {
    return new PersonView(
        id,
        givenName,
        familyName,
        email,
        subject,
        businessProfile,
        state,
        joinedOn,
        leftAt,
        null,
        version);
  }
}
