package io.vigie.access.people;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;

import io.vigie.kernel.Problem;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PersonTest {

  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final LocalDate FIRST_DAY = LocalDate.of(2025, 9, 1);

  private final String subject = UUID.randomUUID().toString();
  private final Profile profile = profile("Lovelace", subject, FIRST_DAY);
  private final Person person = new Person(profile, "manager", NOW);

  @Test
  void aNewPersonIsActiveAndTheEventHasNoName() {
    assertEquals(new Person.State("developer", PersonState.ACTIVE, subject), person.state());
    assertEquals(
        new PersonEvent.Joined(person.id(), "developer", subject, NOW), person.joined(NOW));
  }

  @Test
  void aChangeNamesTheFieldsAndNotTheirValues() {
    assertEquals(
        List.of(new PersonEvent.Changed(person.id(), List.of("familyName", "joinedOn"), NOW)),
        person.change(profile("King", subject, FIRST_DAY.plusDays(1)), true, "manager", NOW));
  }

  @Test
  void aChangeThatChangesNothingIsNoEvent() {
    assertEquals(List.of(), person.change(profile, true, "manager", NOW));
  }

  @Test
  void nobodySaysThatTheirOwnAccountIsOrIsNoMoreAPersons() {
    Profile withoutAccount = profile("Lovelace", null, FIRST_DAY);
    Person stranger = new Person(withoutAccount, "manager", NOW);

    assertRefused("own-account", () -> person.change(withoutAccount, false, subject, NOW));
    assertRefused("own-account", () -> stranger.change(profile, false, subject, NOW));
    assertRefused("own-account", () -> new Person(profile, subject, NOW));
    assertEquals(1, stranger.change(profile, false, "manager", NOW).size());
    assertEquals(1, person.change(withoutAccount, false, "manager", NOW).size());
  }

  @Test
  void noAccountComesToAPersonWhoHasRights() {
    Person stranger = new Person(profile("Lovelace", null, FIRST_DAY), "manager", NOW);
    Profile another = profile("Lovelace", UUID.randomUUID().toString(), FIRST_DAY);

    assertRefused("account-has-rights", () -> stranger.change(profile, true, "manager", NOW));
    assertRefused("account-has-rights", () -> person.change(another, true, "manager", NOW));
  }

  @Test
  void peopleMayChangeTheRestOfTheirOwnRecord() {
    assertEquals(1, person.change(profile("King", subject, FIRST_DAY), true, subject, NOW).size());
  }

  @Test
  void aLeaverChangesNoMore() {
    assertEquals(
        new PersonEvent.Left(person.id(), subject, NOW), person.leave("end of contract", NOW));

    assertEquals(PersonState.LEFT, person.state().state());
    assertRefused("already-left", () -> person.leave("again", NOW));
    assertRefused("already-left", () -> person.change(profile, true, "manager", NOW));
  }

  @Test
  void aFirstDayIsPlausible() {
    new Person(profile("x", null, LocalDate.of(1950, 1, 1)), "manager", NOW);
    new Person(profile("x", null, LocalDate.of(2027, 1, 2)), "manager", NOW);

    assertRefused(
        "validation",
        () -> new Person(profile("x", null, LocalDate.of(1949, 12, 31)), "manager", NOW));
    assertRefused(
        "validation",
        () -> new Person(profile("x", null, LocalDate.of(2027, 1, 3)), "manager", NOW));
  }

  @Test
  void aPersonWithoutAccountIsNobodyWhoActs() {
    assertTrue(person.isHolder(subject));
    assertFalse(new Person(profile("x", null, FIRST_DAY), "manager", NOW).isHolder(subject));
  }

  private static Profile profile(String familyName, String subject, LocalDate joinedOn) {
    return new Profile("Ada", familyName, "ada@example.org", subject, "developer", joinedOn);
  }

  private static void assertRefused(String code, Runnable decision) {
    assertEquals(code, assertThrows(Problem.class, decision::run).code());
  }
}
