package io.vigie.asset.inventory;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

import io.vigie.kernel.Problem;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

class AssetTest {

  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final Classification LEVELS = new Classification(3, 3, 2, 1);

  private final UUID owner = UUID.randomUUID();
  private final Asset asset = Asset.register(server("web-1"), false, NOW);

  @Test
  void aNewAssetIsInStock() {
    assertEquals(AssetState.IN_STOCK, asset.state().state());
    assertEquals(new AssetEvent.Registered(asset.id(), "SERVER", true, NOW), asset.entered());
  }

  @Test
  void aClassifiedAndOwnedAssetGoesIntoService() {
    asset.classify(LEVELS, "It serves clients.", NOW);
    asset.assignTo(owner, NOW);

    assertEquals(new AssetEvent.Commissioned(asset.id(), NOW), asset.commission(NOW));
    assertEquals(AssetState.IN_SERVICE, asset.state().state());
  }

  @Test
  void theHighestConfidentialityThatItHadIsRememberedWhenItsLevelsFall() {
    assertNull(asset.highestConfidentiality());
    asset.classify(new Classification(1, 1, 2, 1), "Some.", NOW);
    assertEquals(2, asset.highestConfidentiality());

    asset.inherit(new Classification(1, 1, 4, 1), NOW);
    asset.inherit(null, NOW);
    asset.classify(new Classification(4, 4, 1, 4), "None.", NOW);

    assertEquals(1, asset.effective().confidentiality());
    assertEquals(4, asset.highestConfidentiality());
  }

  @Test
  void ofWhatHasNoLevelsNowNobodyKnowsHowConfidentialItIs() {
    asset.inherit(new Classification(1, 1, 2, 1), NOW);
    asset.inherit(null, NOW);
    assertNull(asset.highestConfidentiality());

    asset.classify(new Classification(1, 1, 1, 1), "Nothing.", NOW);
    assertEquals(2, asset.highestConfidentiality());
  }

  @Test
  void anUnclassifiedAssetDoesNotGoIntoService() {
    asset.assignTo(owner, NOW);

    assertRefused("asset-not-classified", () -> asset.commission(NOW));
  }

  @Test
  void anAssetWithoutOwnerDoesNotGoIntoService() {
    asset.classify(LEVELS, "It serves clients.", NOW);

    assertRefused("asset-without-owner", () -> asset.commission(NOW));
  }

  @Test
  void anAssetInServiceIsNotPutInServiceAgain() {
    asset.classify(LEVELS, "It serves clients.", NOW);
    asset.assignTo(owner, NOW);
    asset.commission(NOW);

    assertRefused("asset-not-in-stock", () -> asset.commission(NOW));
  }

  @Test
  void aNewOwnerEndsTheRequestForOne() {
    asset.assignTo(owner, NOW);
    asset.requestReassignment(new Reassignment(NOW, NOW.plusSeconds(60)));

    UUID successor = UUID.randomUUID();
    assertEquals(
        new AssetEvent.OwnerAssigned(asset.id(), successor, owner, NOW),
        asset.assignTo(successor, NOW));
    assertNull(asset.state().reassignBy());
  }

  @Test
  void nobodyIsAskedToTakeOverWhatIsRetiredOrRejected() {
    asset.assignTo(owner, NOW);
    asset.requestReassignment(new Reassignment(NOW, NOW.plusSeconds(60)));
    asset.retire("scrapped", NOW);
    assertNull(asset.state().reassignBy());

    Asset found = Asset.discover(server("found"), NOW);
    found.assignTo(owner, NOW);
    found.requestReassignment(new Reassignment(NOW, NOW.plusSeconds(60)));
    found.reject("a visitor's", NOW);
    assertNull(found.state().reassignBy());
  }

  @Test
  void whatIsLostStillNeedsAnotherOwnerAndCanHaveOne() {
    asset.assignTo(owner, NOW);
    asset.requestReassignment(new Reassignment(NOW, NOW.plusSeconds(60)));

    asset.lose(false, "gone", NOW, NOW);

    assertEquals(NOW.plusSeconds(60), asset.state().reassignBy());
    asset.assignTo(UUID.randomUUID(), NOW);
    assertNull(asset.state().reassignBy());
  }

  @Test
  void onlyWhatAToolGuessedChangesItsKind() {
    Details laptop =
        new Details(
            "found", "LAPTOP", null, null, null, null, null, null, null, null, null, null, true,
            null);
    assertRefused("asset-of-another-kind", () -> asset.describe(laptop, NOW));

    Asset found = Asset.discover(server("found"), NOW);
    found.describe(laptop, NOW);
    assertEquals("LAPTOP", found.details().kind());
  }

  @Test
  void aTestThatPassesIsDueAgainAfterTheIntervalAndOneThatFailsAtOnce() {
    Asset alarm = Asset.register(alarm(30), false, NOW);

    alarm.test(report(NOW, AlarmTest.Outcome.PASSED), NOW);
    assertEquals(NOW.plus(Duration.ofDays(30)), alarm.state().testDueAt());
    alarm.describe(alarm(7), NOW);
    assertEquals(NOW.plus(Duration.ofDays(7)), alarm.state().testDueAt());

    Instant later = NOW.plusSeconds(60);
    assertEquals(
        new AssetEvent.AlarmTested(alarm.id(), later, AlarmTest.Outcome.FAILED, null, later),
        alarm.test(report(later, AlarmTest.Outcome.FAILED), later));
    assertEquals(later, alarm.state().testDueAt());
    alarm.test(report(NOW, AlarmTest.Outcome.PASSED), later);
    assertEquals(later, alarm.state().testDueAt(), "a test of before the latest one");
  }

  @Test
  void whatIsNoAlarmOrIsNotHereIsNotTested() {
    assertRefused("no-test-interval", () -> asset.test(report(NOW, AlarmTest.Outcome.PASSED), NOW));
    Asset ordered = Asset.register(alarm(30), true, NOW);
    assertRefused("asset-not-here", () -> ordered.test(report(NOW, AlarmTest.Outcome.PASSED), NOW));
  }

  @Test
  void aRetiredAssetChangesNoMore() {
    asset.retire("broken", NOW);

    assertRefused("asset-not-held", () -> asset.retire("again", NOW));
    assertRefused("asset-not-held", () -> asset.classify(LEVELS, "It serves clients.", NOW));
    assertRefused("asset-not-held", () -> asset.assignTo(owner, NOW));
    asset.lose(true, "gone with its disks", NOW, NOW); // what was to be disposed of can be stolen
    assertRefused("asset-not-held", () -> asset.lose(false, "again", NOW, NOW));
  }

  private static Details server(String name) {
    return new Details(
        name, "SERVER", null, "SN-1", null, null, null, null, null, null, null, null, true, null);
  }

  private static Details alarm(int testEveryDays) {
    return new Details(
        "back door",
        "ALARM",
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        false,
        Map.of("testEveryDays", testEveryDays));
  }

  private static AlarmTest.Report report(Instant testedAt, AlarmTest.Outcome outcome) {
    return new AlarmTest.Report(testedAt, outcome, null);
  }

  private static void assertRefused(String code, Runnable decision) {
    assertEquals(code, assertThrows(Problem.class, decision::run).code());
  }
}
