package io.vigie.access.person;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;

import io.smallrye.mutiny.Uni;

/**
 * Whoever keeps something that depends on people. Told in the transaction that changes them, after
 * the change is stored and with their rows locked; what fails undoes the change.
 */
public interface PersonObserver {

  /**
   * Somebody who came, started, changed or left.
   *
   * @param formerProfile the business profile that their record named before; null for a newcomer
   */
  record Change(
      UUID person,
      PersonState state,
      String formerProfile,
      String profile,
      LocalDate joinedOn,
      Instant at) {

    /** {@code person} as they are now. */
    static Change of(Person person, String formerProfile, Instant at) {
      Details details = person.details();
      return new Change(
          person.id(),
          person.state().state(),
          formerProfile,
          details.businessProfile(),
          details.joinedOn(),
          at);
    }

    public boolean isDeparture() {
      return state == PersonState.LEFT;
    }

    /** Whether the record names another profile than before. */
    public boolean isMove() {
      return !profile.equalsIgnoreCase(formerProfile);
    }
  }

  /** {@code changes} are of different people, one of them or many. */
  Uni<Void> changed(List<Change> changes);
}
