package io.vigie.access.person;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;

import io.vigie.kernel.Problem;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PersonTest {

  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final LocalDate TODAY = LocalDate.of(2026, 1, 2);
  private static final LocalDate FIRST_DAY = LocalDate.of(2025, 9, 1);

  private final String subject = UUID.randomUUID().toString();
  private final Details details = details("Lovelace", subject, FIRST_DAY);
  private final Person person = new Person(details, "manager", NOW);

  @Test
  void aNewPersonIsActiveAndTheEventHasNoName() {
    assertEquals(
        new Person.State(
            "developer",
            PersonState.ACTIVE,
            subject,
            PersonKind.EMPLOYEE,
            null,
            null,
            null,
            FIRST_DAY,
            null),
        person.state());
    assertEquals(
        new PersonEvent.Joined(person.id(), "developer", subject, FIRST_DAY, NOW),
        person.joined(NOW));
  }

  @Test
  void aChangeNamesTheFieldsAndNotTheirValues() {
    assertEquals(
        List.of(new PersonEvent.Changed(person.id(), List.of("familyName", "joinedOn"), NOW)),
        person.change(details("King", subject, FIRST_DAY.plusDays(1)), true, "manager", NOW));
  }

  @Test
  void aChangeThatChangesNothingIsNoEvent() {
    assertEquals(List.of(), person.change(details, true, "manager", NOW));
  }

  @Test
  void nobodySaysThatTheirOwnAccountIsOrIsNoMoreAPersons() {
    Details withoutAccount = details("Lovelace", null, FIRST_DAY);
    Person stranger = new Person(withoutAccount, "manager", NOW);

    assertRefused("own-account", () -> person.change(withoutAccount, false, subject, NOW));
    assertRefused("own-account", () -> stranger.change(details, false, subject, NOW));
    assertRefused("own-account", () -> new Person(details, subject, NOW));
    assertEquals(1, stranger.change(details, false, "manager", NOW).size());
    assertEquals(1, person.change(withoutAccount, false, "manager", NOW).size());
  }

  @Test
  void noAccountComesToAPersonWhoHasRights() {
    Person stranger = new Person(details("Lovelace", null, FIRST_DAY), "manager", NOW);
    Details another = details("Lovelace", UUID.randomUUID().toString(), FIRST_DAY);

    assertRefused("account-has-rights", () -> stranger.change(details, true, "manager", NOW));
    assertRefused("account-has-rights", () -> person.change(another, true, "manager", NOW));
  }

  @Test
  void peopleMayChangeTheRestOfTheirOwnRecord() {
    assertEquals(1, person.change(details("King", subject, FIRST_DAY), true, subject, NOW).size());
  }

  @Test
  void nobodySaysWhoLeadsOrHostsThemselves() {
    UUID friend = UUID.randomUUID();
    Details led = details.movedTo(move(TODAY, friend, null));

    assertRefused("own-manager", () -> person.change(led, false, subject, NOW));
    assertRefused("own-manager", () -> person.requireMayMove(move(TODAY, friend, null), subject));
    person.requireMayMove(null, subject);
    person.planMove(move(TODAY.plusDays(1), friend, null), NOW);
    assertRefused("own-manager", () -> person.requireMayMove(null, subject));
    person.requireMayMove(null, "manager");
    assertEquals(1, person.change(led, false, "manager", NOW).size());
  }

  @Test
  void nobodySaysWhatTheyWillDo() {
    PlannedMove leads = PlannedMove.on(TODAY.plusDays(1), null, null, "team lead");

    assertRefused("self-assignment", () -> person.requireMayMove(leads, subject));
    person.planMove(leads, NOW);
    assertRefused("self-assignment", () -> person.requireMayMove(null, subject));
    person.requireMayMove(leads, "manager");
  }

  @Test
  void aLeaverChangesNoMore() {
    assertEquals(
        new PersonEvent.Left(person.id(), subject, NOW), person.leave("end of contract", NOW));

    assertEquals(PersonState.LEFT, person.state().state());
    assertRefused("already-left", () -> person.leave("again", NOW));
    assertRefused("already-left", () -> person.change(details, true, "manager", NOW));
  }

  @Test
  void aFirstDayIsPlausible() {
    new Person(details("x", null, LocalDate.of(1950, 1, 1)), "manager", NOW);
    new Person(details("x", null, LocalDate.of(2027, 1, 2)), "manager", NOW);

    assertRefused(
        "validation",
        () -> new Person(details("x", null, LocalDate.of(1949, 12, 31)), "manager", NOW));
    assertRefused(
        "validation",
        () -> new Person(details("x", null, LocalDate.of(2027, 1, 3)), "manager", NOW));
  }

  @Test
  void aPersonWithoutAccountIsNobodyWhoActs() {
    assertTrue(person.isHolder(subject));
    assertFalse(new Person(details("x", null, FIRST_DAY), "manager", NOW).isHolder(subject));
  }

  @Test
  void whoStartsAnotherDayIsAnnouncedUntilThen() {
    Person newcomer = new Person(details("x", subject, TODAY.plusDays(1)), "manager", NOW);

    assertEquals(PersonState.ANNOUNCED, newcomer.state().state());
    assertEquals(List.of(), newcomer.start(NOW));
    Instant firstDay = Instant.parse("2026-01-03T00:00:00Z");
    assertEquals(
        List.of(new PersonEvent.Started(newcomer.id(), "developer", subject, firstDay)),
        newcomer.start(firstDay));
    assertEquals(PersonState.ACTIVE, newcomer.state().state());
    assertEquals(List.of(), newcomer.start(firstDay));
    assertEquals(List.of(), person.start(NOW));
  }

  @Test
  void whoHasBegunDoesNotBeginAgain() {
    assertRefused(
        "validation",
        () -> person.change(details("Lovelace", subject, TODAY.plusDays(1)), true, "manager", NOW));
  }

  @Test
  void aPlannedDepartureComesWhenTheLastDayIsOverUnlessItIsTakenBack() {
    assertRefused("no-departure-planned", () -> person.withdrawDeparture(NOW));
    assertRefused("validation", () -> person.planDeparture(TODAY.minusDays(1), null, NOW));
    assertRefused("validation", () -> person.planDeparture(TODAY.plusYears(11), null, NOW));

    assertEquals(
        new PersonEvent.DeparturePlanned(person.id(), TODAY.plusDays(9), NOW),
        person.planDeparture(TODAY.plusDays(9), "a new job", NOW));
    assertEquals(TODAY.plusDays(9), person.state().leavesOn());
    person.planDeparture(TODAY, "a new job", NOW);
    assertEquals(List.of(), person.leaveIfOver(Instant.parse("2026-01-02T23:59:59Z")));

    assertEquals(
        new PersonEvent.DepartureWithdrawn(person.id(), NOW), person.withdrawDeparture(NOW));
    Instant tomorrow = Instant.parse("2026-01-03T00:00:00Z");
    assertEquals(List.of(), person.leaveIfOver(tomorrow));

    person.planDeparture(TODAY, "a new job", NOW);
    assertEquals(
        List.of(new PersonEvent.Left(person.id(), subject, tomorrow)),
        person.leaveIfOver(tomorrow));
    assertEquals("a new job", person.departureReason());
    assertEquals(List.of(), person.leaveIfOver(tomorrow));
    assertRefused("already-left", () -> person.planDeparture(TODAY.plusDays(9), null, NOW));
    assertRefused("already-left", () -> person.withdrawDeparture(NOW));
  }

  @Test
  void aPlannedMoveComesOnItsDayAndNamesWhatDiffersThen() {
    UUID manager = UUID.randomUUID();
    UUID site = UUID.randomUUID();
    Instant tomorrow = Instant.parse("2026-01-03T00:00:00Z");

    assertEquals(
        changed(NOW, "plannedMove"), person.planMove(move(TODAY.plusDays(1), manager, site), NOW));
    assertFalse(person.isToMove(Instant.parse("2026-01-02T23:59:59Z")));
    assertNull(person.details().manager());
    assertTrue(person.isToMove(tomorrow));

    assertEquals(changed(tomorrow, "manager", "plannedMove", "site"), person.move(tomorrow));
    assertEquals(manager, person.state().manager());
    assertEquals(site, person.state().site());
    assertNull(person.plannedMove());
    assertFalse(person.isToMove(tomorrow));
  }

  @Test
  void aMoveLeavesWhatItDoesNotName() {
    UUID manager = UUID.randomUUID();
    UUID site = UUID.randomUUID();
    person.planMove(move(TODAY.plusDays(1), manager, null), NOW);
    person.move(NOW);
    person.planMove(move(TODAY.plusDays(1), null, site), NOW);

    assertEquals(changed(NOW, "plannedMove", "site"), person.move(NOW));
    assertEquals(manager, person.details().manager());
    assertEquals("developer", person.details().businessProfile());

    person.planMove(PlannedMove.on(TODAY.plusDays(1), null, null, "team lead"), NOW);
    assertEquals(changed(NOW, "businessProfile", "plannedMove"), person.move(NOW));
    assertEquals("team lead", person.state().businessProfile());
    assertEquals(site, person.details().site());
  }

  @Test
  void aMoveIsReplacedAndTakenBackAndPlausible() {
    UUID site = UUID.randomUUID();
    assertRefused("no-move-planned", () -> person.withdrawMove(NOW));
    assertRefused("validation", () -> person.planMove(move(TODAY, null, site), NOW));
    assertRefused("validation", () -> person.planMove(move(TODAY.plusYears(11), null, site), NOW));
    assertRefused("validation", () -> person.planMove(move(TODAY.plusDays(2), null, null), NOW));

    person.planMove(move(TODAY.plusDays(1), null, UUID.randomUUID()), NOW);
    person.planMove(move(TODAY.plusDays(2), null, site), NOW);
    assertEquals(move(TODAY.plusDays(2), null, site), person.plannedMove());
    assertEquals(changed(NOW, "plannedMove"), person.withdrawMove(NOW));
    assertNull(person.plannedMove());
  }

  @Test
  void aMoveThatCannotBeChangesNothingAndSaysSoUntilItIsPlannedAgain() {
    Instant tomorrow = Instant.parse("2026-01-03T00:00:00Z");
    person.planMove(move(TODAY.plusDays(1), UUID.randomUUID(), UUID.randomUUID()), NOW);

    assertEquals(changed(tomorrow, "plannedMove"), person.refuseMove("manager-circle", tomorrow));
    assertEquals(details, person.details());
    assertEquals(tomorrow, person.plannedMove().refusedAt());
    assertFalse(person.isToMove(tomorrow));

    person.planMove(move(TODAY.plusDays(2), null, UUID.randomUUID()), tomorrow);
    assertNull(person.plannedMove().problem());
    assertTrue(person.isToMove(Instant.parse("2026-01-04T00:00:00Z")));
  }

  @Test
  void nobodyMovesAfterTheyLeft() {
    UUID site = UUID.randomUUID();
    person.planDeparture(TODAY.plusDays(3), null, NOW);
    assertRefused("validation", () -> person.planMove(move(TODAY.plusDays(4), null, site), NOW));
    person.planMove(move(TODAY.plusDays(3), null, site), NOW);

    person.leave(null, NOW);
    assertNull(person.plannedMove());
    assertRefused("already-left", () -> person.planMove(move(TODAY.plusDays(3), null, site), NOW));
    assertRefused("already-left", () -> person.withdrawMove(NOW));
  }

  private static PlannedMove move(LocalDate day, UUID manager, UUID site) {
    return PlannedMove.on(day, manager, site, null);
  }

  private PersonEvent changed(Instant at, String... fields) {
    return new PersonEvent.Changed(person.id(), List.of(fields), at);
  }

  @Test
  void aContractorHasAHostAndLeavesWhenTheContractIsOver() {
    UUID host = UUID.randomUUID();
    assertEquals(List.of("host", "endsOn"), wrong(contractor(null, null)));
    assertEquals(List.of("endsOn"), wrong(contractor(host, TODAY.minusDays(1))));
    assertEquals(List.of("endsOn"), wrong(contractor(host, TODAY.plusYears(11))));
    assertEquals(List.of(), wrong(contractor(host, TODAY)));
    assertEquals(
        List.of("host"),
        wrong(
            new Details(
                "x",
                "y",
                "z@example.org",
                null,
                null,
                null,
                "d",
                null,
                host,
                null,
                FIRST_DAY,
                null)));

    Person contractor = new Person(contractor(host, TODAY.plusDays(2)), "manager", NOW);
    assertEquals(TODAY.plusDays(2), contractor.leavesOn());
    contractor.planDeparture(TODAY.plusDays(1), null, NOW);
    assertEquals(TODAY.plusDays(1), contractor.leavesOn());
    contractor.planDeparture(TODAY.plusDays(5), null, NOW);
    assertEquals(TODAY.plusDays(2), contractor.leavesOn());
    assertEquals(1, contractor.leaveIfOver(Instant.parse("2026-01-05T00:00:00Z")).size());
  }

  private static Details contractor(UUID host, LocalDate endsOn) {
    return new Details(
        "Ada",
        "Byron",
        "byron@example.org",
        null,
        null,
        PersonKind.CONTRACTOR,
        "developer",
        null,
        host,
        null,
        FIRST_DAY,
        endsOn);
  }

  @Test
  void whoLeftIsForgottenOnceAndTheEventHasNoName() {
    assertRefused("still-here", () -> person.erase("asked", "DPO-1", NOW));
    person.leave("a new job", NOW);
    Person.State before = person.state();

    assertEquals(
        List.of(new PersonEvent.Erased(person.id(), subject, "asked", "DPO-1", NOW)),
        person.erase("asked", "DPO-1", NOW));

    assertEquals(before, person.state());
    assertEquals("—", person.details().givenName());
    assertEquals("—", person.details().familyName());
    assertEquals(person.id() + "@erased.invalid", person.details().email());
    assertNull(person.details().employeeNumber());
    assertNull(person.departureReason());
    assertEquals(NOW, person.erasedAt());
    assertEquals(List.of(), person.erase("asked again", "DPO-2", NOW));
  }

  private static List<String> wrong(Details details) {
    return details.implausible(PersonState.ANNOUNCED, NOW).stream()
        .map(Problem.FieldError::field)
        .toList();
  }

  private static Details details(String familyName, String subject, LocalDate joinedOn) {
    return new Details(
        "Ada",
        familyName,
        "ada@example.org",
        null,
        subject,
        null,
        "developer",
        null,
        null,
        null,
        joinedOn,
        null);
  }

  private static void assertRefused(String code, Runnable decision) {
    assertEquals(code, assertThrows(Problem.class, decision::run).code());
  }
}
