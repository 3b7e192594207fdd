package io.vigie.backup.restore;

import java.util.UUID;

import io.vigie.backup.plan.AssetFacts;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class RestorePolicyTest {

  private final RestorePolicy policy = new RestorePolicy();

  private static AssetFacts asset(boolean production, int availability, int integrity) {
    return new AssetFacts(
        "SERVER",
        production,
        "IN_SERVICE",
        UUID.randomUUID(),
        new AssetFacts.Levels(availability, integrity, 1, 1),
        null,
        null,
        null,
        null);
  }

  @Test
  void everythingThatIsBackedUpHasASampleComparedOnceAYear() {
    assertEquals(
        new RestorePolicy.Demand(Depth.L1, 365, null, null), policy.of(asset(false, 1, 1)));
    assertEquals(
        new RestorePolicy.Demand(Depth.L1, 365, null, null),
        policy.of(new AssetFacts(null, false, null, null, null, null, null, null, null)));
  }

  @Test
  void ofEachDemandTheStrictestCounts() {
    assertEquals(
        new RestorePolicy.Demand(Depth.L2, 92, 86_400L, 172_800L), policy.of(asset(true, 1, 4)));
    assertEquals(
        new RestorePolicy.Demand(Depth.L3, 92, 14_400L, 21_600L), policy.of(asset(true, 4, 1)));
  }
}
