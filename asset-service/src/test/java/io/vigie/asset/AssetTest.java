package io.vigie.asset;

import java.time.Instant;
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
  private final Asset asset = new Asset("web-1", AssetKind.SERVER, "SN-1", true, NOW);

  @Test
  void aNewAssetIsInStock() {
    assertEquals(AssetState.IN_STOCK, asset.state().state());
    assertEquals(
        new AssetEvent.Registered(asset.id(), AssetKind.SERVER, true, NOW), asset.registered());
  }

  @Test
  void aClassifiedAndOwnedAssetGoesIntoService() {
    asset.classify(LEVELS, NOW);
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
    asset.classify(LEVELS, NOW);

    assertRefused("asset-without-owner", () -> asset.commission(NOW));
  }

  @Test
  void anAssetInServiceIsNotPutInServiceAgain() {
    asset.classify(LEVELS, NOW);
    asset.assignTo(owner, NOW);
    asset.commission(NOW);

    assertRefused("asset-not-in-stock", () -> asset.commission(NOW));
  }

  @Test
  void aNewOwnerEndsTheRequestForOne() {
    asset.assignTo(owner, NOW);
    asset.requestReassignment(NOW.plusSeconds(60), NOW);

    UUID successor = UUID.randomUUID();
    assertEquals(
        new AssetEvent.OwnerAssigned(asset.id(), successor, owner, NOW),
        asset.assignTo(successor, NOW));
    assertNull(asset.state().reassignBy());
  }

  @Test
  void nobodyIsAskedToTakeOverWhatIsLostOrRetired() {
    asset.assignTo(owner, NOW);
    asset.requestReassignment(NOW.plusSeconds(60), NOW);

    asset.retire("scrapped", NOW);

    assertNull(asset.state().reassignBy());
  }

  @Test
  void aRetiredAssetChangesNoMore() {
    asset.retire("broken", NOW);

    assertRefused("asset-not-held", () -> asset.retire("again", NOW));
    assertRefused("asset-not-held", () -> asset.classify(LEVELS, NOW));
    assertRefused("asset-not-held", () -> asset.assignTo(owner, NOW));
    assertRefused("asset-not-held", () -> asset.lose(false, "gone", NOW, NOW));
  }

  private static void assertRefused(String code, Runnable decision) {
    assertEquals(code, assertThrows(Problem.class, decision::run).code());
  }
}
