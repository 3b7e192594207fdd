package io.vigie.asset.disposal;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

import io.vigie.asset.disposal.Disposal.Stage;
import io.vigie.asset.disposal.Item.Sanitisation;
import io.vigie.asset.inventory.Medium;
import io.vigie.kernel.Problem;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DisposalTest {

  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final LocalDate TODAY = LocalDate.of(2026, 1, 2);

  private final Disposal disposal = disposal(2);

  private static Disposal disposal(int media) {
    List<Item> items =
        IntStream.rangeClosed(1, media)
            .mapToObj(
                number -> new Item(number, Medium.FLASH, "S" + number, Method.PURGE, null, null))
            .toList();
    return new Disposal(UUID.randomUUID(), NOW, "old", items, "anna", NOW);
  }

  private static Sanitisation work(Method method, String operator) {
    return new Sanitisation(method, "X", "tool", "1", operator, NOW, null);
  }

  @Test
  void nobodyApprovesTheirOwnRequest() {
    assertRefused("own-request", () -> disposal.approve("anna", NOW));
    disposal.approve("ben", NOW);
    assertEquals(Stage.APPROVED, disposal.state().stage());
  }

  @Test
  void nobodyVerifiesTheirOwnWork() {
    disposal.approve("ben", NOW);
    disposal.sanitise(1, work(Method.PURGE, "carla"), NOW);
    assertRefused("own-work", () -> disposal.verify(1, true, "looked", "carla", NOW));
  }

  @Test
  void noStepIsSkipped() {
    assertRefused(
        "disposal-at-another-stage", () -> disposal.sanitise(1, work(Method.PURGE, "ben"), NOW));
    disposal.approve("ben", NOW);
    assertRefused("nothing-to-verify", () -> disposal.verify(1, true, "looked", "ben", NOW));
    assertRefused(
        "disposal-at-another-stage", () -> disposal.complete("shop", TODAY, List.of(), NOW));
  }

  @Test
  void aMethodThatIsNotDeepEnoughIsRefused() {
    disposal.approve("ben", NOW);
    assertRefused(
        "sanitisation-too-weak", () -> disposal.sanitise(1, work(Method.CLEAR, "ben"), NOW));
    disposal.sanitise(1, work(Method.DESTROY, "ben"), NOW);
  }

  @Test
  void aMediumThatTurnsOutToNeedMoreIsSanitisedAgainAndNeverNeedsLess() {
    disposal.approve("ben", NOW);
    disposal.sanitise(1, work(Method.PURGE, "ben"), NOW);
    disposal.need(medium -> Method.CLEAR);
    disposal.verify(1, true, "looked", "carla", NOW);
    disposal.sanitise(2, work(Method.PURGE, "ben"), NOW);

    disposal.need(medium -> Method.DESTROY);

    for (int number : List.of(1, 2)) {
      assertEquals(Method.DESTROY, disposal.item(number).required());
    }
    assertRefused("sanitisation-too-weak", () -> disposal.verify(2, true, "looked", "carla", NOW));
    disposal.verify(2, false, "looked", "carla", NOW);
    assertRefused(
        "sanitisation-too-weak", () -> disposal.sanitise(2, work(Method.PURGE, "ben"), NOW));
    disposal.sanitise(2, work(Method.DESTROY, "ben"), NOW);

    // what was verified before is not enough either, and the asset does not leave with it
    assertRefused("sanitisation-too-weak", () -> disposal.verify(2, true, "looked", "carla", NOW));
    disposal.cancel("it needs more", NOW);
  }

  @Test
  void whatWasDoneBeforeTheApprovalIsNoWorkOfThisDisposal() {
    disposal.approve("ben", NOW.plusSeconds(60));
    assertRefused(
        "sanitised-before-approval", () -> disposal.sanitise(1, work(Method.PURGE, "ben"), NOW));
  }

  @Test
  void whatDoesNotPassIsSanitisedAgain() {
    disposal.approve("ben", NOW);
    disposal.sanitise(1, work(Method.PURGE, "ben"), NOW);
    disposal.verify(1, false, "a file could be read", "carla", NOW);
    assertRefused("nothing-to-verify", () -> disposal.verify(1, true, "looked", "carla", NOW));
    disposal.sanitise(1, work(Method.PURGE, "ben"), NOW);
    disposal.verify(1, true, "looked", "carla", NOW);
  }

  @Test
  void nothingLeavesBeforeItsLastMediumIsVerified() {
    disposal.approve("ben", NOW);
    for (int number = 1; number <= 2; number++) {
      disposal.sanitise(number, work(Method.PURGE, "ben"), NOW);
      disposal.verify(number, true, "looked", "carla", NOW.plus(Duration.ofDays(number)));
    }

    assertRefused(
        "left-before-sanitised",
        () -> disposal.complete("shop", TODAY, List.of(), NOW.plus(Duration.ofDays(3))));
    disposal.complete("shop", TODAY.plusDays(2), List.of(), NOW.plus(Duration.ofDays(3)));
  }

  @Test
  void whatHasNoMediaLeavesNotBeforeItsApprovalWhereverThatDayIs() {
    Disposal empty = disposal(0);
    empty.approve("ben", NOW);

    assertRefused(
        "left-before-sanitised", () -> empty.complete("shop", TODAY.minusDays(2), List.of(), NOW));
    empty.complete("shop", TODAY.minusDays(1), List.of(), NOW); // as it was on Baker Island
  }

  @Test
  void whatOtherServicesHaveNotReportedIsNamed() {
    Disposal empty = disposal(0);
    empty.approve("ben", NOW);
    Problem problem =
        assertThrows(
            Problem.class, () -> empty.complete("shop", TODAY, List.of("nobody asked X"), NOW));
    assertEquals("disposal-not-cleared", problem.code());
    assertTrue(problem.getMessage().contains("nobody asked X"));
  }

  @Test
  void moreConfidentialDataAsksForNoLessAndUnknownDataForTheMost() {
    SanitisationRules rules = new SanitisationRules();
    for (Medium medium : Medium.values()) {
      Method before = Method.CLEAR;
      for (int level = 1; level <= 4; level++) {
        Method required = rules.required(medium, level);
        assertTrue(required.isAtLeast(before), medium + " at " + level);
        before = required;
      }
      assertEquals(before, rules.required(medium, null));
    }
    assertEquals(Method.CLEAR, rules.achieved(Medium.FLASH, "OVERWRITE"));
    assertRefused("unknown-technique", () -> rules.achieved(Medium.FLASH, "DEGAUSS"));
  }

  private static void assertRefused(String code, Runnable decision) {
    assertEquals(code, assertThrows(Problem.class, decision::run).code());
  }
}
