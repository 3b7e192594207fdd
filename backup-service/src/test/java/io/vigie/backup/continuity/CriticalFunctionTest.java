package io.vigie.backup.continuity;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

import io.vigie.kernel.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class CriticalFunctionTest {

  private static final ContinuityPolicy POLICY = new ContinuityPolicy();
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final UUID FIREWALL = UUID.randomUUID();
  private static final UUID PEER = UUID.randomUUID();

  private final CriticalFunction function = new CriticalFunction("Hosting", "ann", null, NOW);

  private static Instant day(int day) {
    return NOW.plus(Duration.ofDays(day));
  }

  private static FailoverTest.Result passed(Instant at) {
    return new FailoverTest.Result(at, true, 40L, null);
  }

  private static FailoverTest.Result failed(Instant at) {
    return new FailoverTest.Result(at, false, null, null);
  }

  private static void assertRefused(String code, Runnable decision) {
    assertEquals(code, assertThrows(Problem.class, decision::run).code());
  }

  private Dependency firewall() {
    return function.state().dependencies().get(FIREWALL);
  }

  @Test
  void aDependencyIsRedundantOnlyAfterItsPeerTookOverInATestAndUntilTheNextIsDue() {
    function.dependOn(FIREWALL, DependencyKind.FIREWALL, null, NOW);
    assertFalse(firewall().isRedundant(NOW));
    assertRefused("no-peer", () -> function.testFailover(FIREWALL, passed(NOW), POLICY, day(1)));
    function.dependOn(FIREWALL, DependencyKind.FIREWALL, PEER, day(1));
    assertFalse(firewall().isRedundant(day(1)));

    function.testFailover(FIREWALL, passed(day(2)), POLICY, day(2));

    assertTrue(firewall().isRedundant(day(184)));
    assertFalse(firewall().isRedundant(day(185)));
    assertEquals(day(185), function.state().proofDueAt());
  }

  @Test
  void aTestThatFailedIsDueAgainAtOnceAndAnotherPeerHasProvenNothing() {
    function.dependOn(FIREWALL, DependencyKind.FIREWALL, PEER, NOW);
    function.testFailover(FIREWALL, passed(day(1)), POLICY, day(1));
    function.testFailover(FIREWALL, failed(day(2)), POLICY, day(2));
    assertFalse(firewall().isRedundant(day(2)));
    assertNull(firewall().takeoverSeconds());

    function.testFailover(FIREWALL, passed(day(3)), POLICY, day(3));
    function.dependOn(FIREWALL, DependencyKind.FIREWALL, UUID.randomUUID(), day(4));

    assertNull(firewall().testedAt());
    assertEquals(day(4), function.state().proofDueAt());
  }

  @Test
  void aPeerThatIsGoneIsNoneOfAllThatItWasToTakeOverFrom() {
    UUID server = UUID.randomUUID();
    UUID other = UUID.randomUUID();
    function.dependOn(FIREWALL, DependencyKind.FIREWALL, PEER, NOW);
    function.dependOn(server, DependencyKind.SERVER, other, NOW);
    function.testFailover(FIREWALL, passed(day(1)), POLICY, day(1));
    function.testFailover(server, passed(day(1)), POLICY, day(1));

    assertEquals(1, function.losePeer(PEER, day(2)).size());

    assertFalse(firewall().isRedundant(day(2)));
    assertEquals(day(2), function.state().proofDueAt());
    assertEquals(other, function.state().dependencies().get(server).peer());
    assertEquals(0, function.losePeer(PEER, day(3)).size());
  }

  @Test
  void theEarliestOfItsDependenciesSaysWhenAFunctionIsToBeProven() {
    UUID server = UUID.randomUUID();
    function.dependOn(FIREWALL, DependencyKind.FIREWALL, PEER, NOW);
    function.dependOn(server, DependencyKind.SERVER, PEER, NOW);
    function.testFailover(FIREWALL, passed(day(1)), POLICY, day(1));
    function.testFailover(server, passed(day(1)), POLICY, day(1));
    assertEquals(day(184), function.state().proofDueAt());

    function.dependNoMoreOn(FIREWALL, day(2));
    assertEquals(day(366), function.state().proofDueAt());
    function.dependNoMoreOn(server, day(2));

    assertNull(function.state().proofDueAt());
    assertRefused("not-found", () -> function.dependNoMoreOn(server, day(2)));
  }

  @ParameterizedTest(name = "a test {0} days before now, passed {1}, with {2} s: {3}")
  @CsvSource({
    "-1,  true,  40, validation",
    "367, true,  40, validation",
    "1,   true,  , validation",
    "1,   false, 40, validation",
    "2,   true,  40, later-test-known"
  })
  void aTestThatCannotHaveBeenSoIsRefused(int ago, boolean passed, Long seconds, String code) {
    function.dependOn(FIREWALL, DependencyKind.FIREWALL, PEER, NOW);
    function.testFailover(FIREWALL, passed(NOW), POLICY, NOW);
    Instant now = NOW.plus(Duration.ofDays(2));
    FailoverTest.Result result =
        new FailoverTest.Result(now.minus(Duration.ofDays(ago)), passed, seconds, null);

    assertRefused(code, () -> function.testFailover(FIREWALL, result, POLICY, now));
  }

  @Test
  void whatChangesNothingOrIsItsOwnPeerIsRefusedAndARetiredFunctionStays() {
    function.dependOn(FIREWALL, DependencyKind.FIREWALL, PEER, NOW);
    assertRefused(
        "dependency-known",
        () -> function.dependOn(FIREWALL, DependencyKind.FIREWALL, PEER, day(1)));
    assertRefused(
        "validation", () -> function.dependOn(PEER, DependencyKind.FIREWALL, PEER, day(1)));
    for (int i = 1; i < CriticalFunction.MOST_DEPENDENCIES; i++) {
      function.dependOn(UUID.randomUUID(), DependencyKind.OTHER, null, NOW);
    }
    assertRefused(
        "too-many-dependencies",
        () -> function.dependOn(UUID.randomUUID(), DependencyKind.OTHER, null, NOW));

    function.retire("sold", day(1));

    assertRefused("function-retired", () -> function.retire("sold", day(2)));
    assertRefused("function-retired", () -> function.dependNoMoreOn(FIREWALL, day(2)));
    assertRefused(
        "function-retired", () -> function.testFailover(FIREWALL, passed(day(1)), POLICY, day(2)));
  }
}
