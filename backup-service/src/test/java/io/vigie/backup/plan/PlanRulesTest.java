package io.vigie.backup.plan;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import io.vigie.backup.copy.Copies;
import io.vigie.backup.copy.Copy;
import io.vigie.backup.copy.Medium;
import io.vigie.backup.copy.Protection;
import io.vigie.backup.plan.AssetFacts.Attributes;
import io.vigie.backup.plan.AssetFacts.Levels;
import io.vigie.kernel.PolicyTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The rules of the policy as they are. */
class PlanRulesTest {

  private final PlanRules rules = new PlanRules();

  @ParameterizedTest
  @CsvSource({
    // type, production, levels, GiB: interval, days, copies, offline
    "SERVER,         false, ,     ,     P7D,   30,   3, 1",
    "SERVER,         true,  ,     ,     P1D,   90,   3, 1",
    "SERVER,         true,  1111, ,     P1D,   90,   3, 1",
    "SERVER,         false, 3111, ,     P1D,   30,   3, 1",
    "DATABASE,       true,  4111, 2000, PT4H,  90,   3, 1",
    "DATABASE,       true,  4111, 101,  PT4H,  90,   3, 1",
    "DATABASE,       true,  4111, 100,  PT1H,  90,   3, 1",
    "DATABASE,       true,  4111, ,     PT1H,  90,   3, 1",
    "DATA_SET,       true,  1411, ,     P1D,   366,  4, 1",
    "DATA_SET,       true,  1141, ,     P1D,   90,   3, 2",
    "DATA_SET,       true,  1113, ,     P1D,   1096, 3, 1",
    "DATA_SET,       true,  4444, 50,   PT1H,  1096, 4, 2",
    "NETWORK_DEVICE, false, ,     ,     P1D,   30,   3, 1",
    // a kind that the rules do not know is backed up too
    "MAINFRAME,      true,  ,     ,     P1D,   90,   3, 1",
  })
  void whatIsAskedFollowsFromTypeLevelsAndVolume(
      String kind,
      boolean production,
      String levels,
      Long volume,
      Duration interval,
      int days,
      int copies,
      int offline) {
    Requirement required = require(asset(kind, production, levels, volume));

    assertEquals(interval, required.interval());
    assertEquals(days, required.retention().toDays());
    assertEquals(copies, required.copies());
    assertEquals(offline, required.offlineOrImmutable());
    assertEquals(production ? 1 : 0, required.tapeOffSite());
    assertEquals(production ? Duration.ofHours(30) : null, required.age());
  }

  @Test
  void whyDailyIsAnsweredByTheRuleAndItsClause() {
    Requirement required = require(asset("SERVER", true, null, null));

    Requirement.Reason why =
        required.because().stream()
            .filter(reason -> reason.aspect() == Aspect.INTERVAL)
            .findFirst()
            .orElseThrow();
    assertEquals("production", why.rule());
    assertEquals(List.of("R11.8"), why.policy());
    assertTrue(why.title().en().contains("every day"), why.title().en());
    assertEquals(Aspect.values().length, required.because().size());
  }

  @Test
  void someKindsNeedNoBackupAndTheRulesSayWhy() {
    assertEquals(Optional.empty(), rules.of(asset("TAPE", true, "4444", null)));
    assertTrue(rules.without("TAPE").en().contains("means of backup"));
  }

  @Test
  void whatSomebodyWorksWithIsNoBackupServer() {
    assertTrue(rules.canBeDedicated("SERVER"));
    assertFalse(rules.canBeDedicated("LAPTOP"));
    assertFalse(rules.canBeDedicated(null));
  }

  @Test
  void theHigherOfOwnAndInheritedLevelsCountsOnEachAxis() {
    AssetFacts asset =
        new AssetFacts(
            "SERVER",
            false,
            "IN_SERVICE",
            null,
            new Levels(1, 4, 1, 1),
            new Levels(4, 1, 1, 1),
            null,
            new Attributes(5_000L, null),
            null);

    Requirement required = require(asset);

    assertEquals(Duration.ofHours(4), required.interval());
    assertEquals(4, required.copies());
  }

  @Test
  void aPlanMayBeStricterAndNotLaxer() {
    Requirement required = require(asset("SERVER", true, null, null));

    assertEquals(List.of(), required.laxer(every(Duration.ofHours(1)), keptFor(3_660)));
    assertEquals(List.of(), required.laxer(every(Duration.ofDays(1)), keptFor(90)));
    assertEquals(List.of(), required.laxer(every(Duration.ofDays(1)), null));
    assertEquals(
        List.of(Aspect.INTERVAL, Aspect.RETENTION),
        required.laxer(every(Duration.ofHours(25)), keptFor(89)));
  }

  @Test
  void whatThereIsTooLittleOfIsNamed() {
    Requirement required = require(asset("SERVER", true, null, null));

    assertEquals(List.of(), required.lacking(new Copies(3, 2, 1, 1, 1, 1)));
    assertEquals(
        List.of(Aspect.MEDIA, Aspect.TAPE_OFF_SITE),
        required.lacking(new Copies(3, 1, 1, 1, 0, 1)));
    assertEquals(
        List.of(
            Aspect.COPIES,
            Aspect.MEDIA,
            Aspect.OFF_SITE,
            Aspect.OFFLINE_OR_IMMUTABLE,
            Aspect.TAPE_OFF_SITE,
            Aspect.DEDICATED),
        required.lacking(new Copies(1, 0, 0, 0, 0, 0)));
  }

  private Requirement require(AssetFacts asset) {
    return rules.of(asset).orElseThrow();
  }

  private static AssetFacts asset(String kind, boolean production, String levels, Long volume) {
    return new AssetFacts(
        kind,
        production,
        "IN_SERVICE",
        UUID.randomUUID(),
        levels == null
            ? null
            : new Levels(
                levels.charAt(0) - '0',
                levels.charAt(1) - '0',
                levels.charAt(2) - '0',
                levels.charAt(3) - '0'),
        null,
        null,
        volume == null ? null : new Attributes(null, volume),
        null);
  }

  private static Schedule every(Duration interval) {
    return new Schedule(interval, Duration.ZERO, null, null);
  }

  private static Copy keptFor(int days) {
    return new Copy(Medium.DISK, null, null, Protection.NONE, days);
  }

  @Test
  void anotherTableOfRestoreTestsHasEveryAssetJudgedAnew() {
    assertTrue(rules.digest().contains(PolicyTable.digest("backup-plans")));
    assertTrue(rules.digest().contains(PolicyTable.digest("restore-tests")));
  }
}
