package io.vigie.asset.inventory;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;

import io.vigie.kernel.Problem;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

  /**
   * Whatever is tried in whatever order, the rules of the register hold. Who has a thing and what
   * others ask of it can change when it is gone.
   */
  @Test
  void noSequenceOfCallsReachesAForbiddenStateAndEachThatChangesSomethingIsOneEvent() {
    Set<AssetState> reached = EnumSet.noneOf(AssetState.class);
    for (int seed = 0; seed < 2_000; seed++) {
      Random random = new Random(seed);
      Asset tried = // not drawn: the first draws of neighbouring seeds are alike
          seed % 3 == 0
              ? Asset.discover(server("found"), NOW)
              : Asset.register(server("bought"), seed % 3 == 1, NOW);
      for (int step = 0; step < 40; step++) {
        Asset.State before = tried.state();
        try {
          AssetEvent event = attempt(tried, random);
          if (event == null) {
            assertEquals(before, tried.state(), "seed " + seed + ": a change without an event");
            continue;
          }
          assertEquals(tried.id(), event.aggregateId(), "seed " + seed);
          if (!(event instanceof AssetEvent.TakenBack)
              && !(event instanceof AssetEvent.LevelsInherited)) {
            assertNotEquals(AssetState.DISPOSED, before.state(), "seed " + seed + ": it is gone");
            assertNotEquals(
                AssetState.REJECTED, before.state(), "seed " + seed + ": it is not ours");
          }
        } catch (Problem refused) {
          assertEquals(before, tried.state(), "seed " + seed + ": a refusal changes nothing");
        }
        Asset.State now = tried.state();
        reached.add(before.state());
        reached.add(now.state());
        if (now.state() == AssetState.IN_SERVICE) {
          assertNotNull(now.owner(), "seed " + seed);
          assertNotNull(now.classification(), "seed " + seed);
        }
        if (now.state() == AssetState.DISPOSED && before.state() != AssetState.DISPOSED) {
          assertEquals(AssetState.SANITISED, before.state(), "seed " + seed);
        }
        if (now.state() == AssetState.SANITISED && before.state() != AssetState.SANITISED) {
          assertEquals(AssetState.RETIRED, before.state(), "seed " + seed);
        }
      }
    }
    assertEquals(EnumSet.allOf(AssetState.class), reached);
  }

  /** Whatever happens to it meanwhile, what a leaver owned is not forgotten. */
  @Test
  void aRequestForAnotherOwnerEndsWithOneOrWhenNobodyHasToAnswerForTheAsset() {
    int taken = 0;
    int over = 0;
    for (int seed = 0; seed < 500; seed++) {
      Random random = new Random(seed * 7_919L);
      Asset tried =
          seed % 2 == 0
              ? Asset.discover(server("found"), NOW)
              : Asset.register(server("bought"), false, NOW);
      tried.assignTo(owner, NOW);
      tried.requestReassignment(new Reassignment(NOW, NOW.plusSeconds(60)));
      boolean asked = true;
      for (int step = 0; step < 30 && asked; step++) {
        boolean assigned = false;
        try {
          assigned = attempt(tried, random) instanceof AssetEvent.OwnerAssigned;
        } catch (Problem refused) {
          // changes nothing, as shown above
        }
        boolean ours = tried.state().state().isAnsweredFor();
        asked = ours && !assigned;
        assertEquals(asked, tried.state().reassignBy() != null, "seed " + seed);
        taken += assigned ? 1 : 0;
        over += ours ? 0 : 1;
      }
    }
    assertTrue(taken > 0 && over > 0);
  }

  /** The one event of what was tried; null where it changed nothing. */
  private AssetEvent attempt(Asset tried, Random random) {
    UUID other = new UUID(0, random.nextInt(3));
    return switch (random.nextInt(22)) {
      case 0 -> tried.receive(NOW);
      case 1 -> tried.adopt(NOW);
      case 2 -> tried.reject("not ours", NOW);
      case 3 -> tried.classify(LEVELS, "test", NOW);
      case 4 -> tried.assignTo(owner, NOW);
      case 5, 6 -> tried.commission(NOW);
      case 7 -> tried.shelve(NOW);
      case 8 -> tried.sendToRepair("broken", NOW);
      case 9 -> tried.lose(random.nextBoolean(), "gone", NOW, NOW);
      case 10 -> tried.recover("found", NOW);
      case 11 -> tried.retire("old", NOW);
      case 12 -> tried.sanitised(UUID.randomUUID(), NOW);
      case 13 -> tried.disposed(UUID.randomUUID(), NOW);
      case 14 -> tried.handOver(owner, NOW);
      case 15 -> tried.takeBack(NOW);
      case 16 -> tried.placeIn(other, NOW);
      case 17 -> tried.inventoried(NOW, "digest " + other, 1, 1, NOW);
      case 18 -> one(tried.describe(server(other.toString()), NOW));
      case 19 -> one(tried.dependOn(Set.of(other), NOW));
      case 20 -> one(tried.inherit(random.nextBoolean() ? LEVELS : null, NOW));
      default -> tried.sign(owner, NOW);
    };
  }

  private static AssetEvent one(List<AssetEvent> events) {
    assertTrue(events.size() <= 1, events.toString());
    return events.isEmpty() ? null : events.get(0);
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
