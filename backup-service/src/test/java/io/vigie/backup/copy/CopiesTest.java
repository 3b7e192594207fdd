package io.vigie.backup.copy;

import java.util.List;
import java.util.UUID;

import io.vigie.backup.copy.PlacedCopy.Flaw;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class CopiesTest {

  private static final UUID PARIS = UUID.randomUUID();
  private static final UUID LYON = UUID.randomUUID();

  @Test
  void theDataItselfIsOneCopyAndNoBackup() {
    assertEquals(new Copies(1, 0, 0, 0, 0, 0), Copies.of(PARIS, List.of()));
  }

  @Test
  void aDiskBesideTheAssetAndATapeElsewhereAreThreeTwoOneOne() {
    assertEquals(
        new Copies(3, 2, 1, 1, 1, 0),
        Copies.of(
            PARIS,
            List.of(
                copy(Medium.DISK, Protection.NONE, PARIS, null),
                copy(Medium.TAPE, Protection.OFFLINE, LYON, null))));
  }

  @Test
  void aCopyInTheAssetsOwnDatacenterIsNeverOffSite() {
    assertEquals(
        new Copies(3, 2, 0, 2, 0, 0),
        Copies.of(
            PARIS,
            List.of(
                copy(Medium.OBJECT_STORE, Protection.IMMUTABLE, PARIS, null),
                copy(Medium.TAPE, Protection.OFFLINE, PARIS, null))));
  }

  @Test
  void whereAPlaceIsUnknownNothingIsOffSite() {
    List<PlacedCopy> somewhere = List.of(copy(Medium.TAPE, Protection.OFFLINE, null, null));
    List<PlacedCopy> inLyon = List.of(copy(Medium.TAPE, Protection.OFFLINE, LYON, null));

    assertEquals(0, Copies.of(PARIS, somewhere).offSite());
    assertEquals(0, Copies.of(null, inLyon).offSite());
  }

  @Test
  void copiesOnDedicatedServersAreCountedUnlessTheyCountForNothing() {
    assertEquals(
        1,
        Copies.of(
                PARIS,
                List.of(
                    copy(Medium.DISK, Protection.NONE, PARIS, true, null),
                    copy(Medium.DISK, Protection.NONE, LYON, false, null),
                    copy(Medium.DISK, Protection.NONE, LYON, true, Flaw.OUT_OF_DATE)))
            .dedicated());
  }

  @Test
  void aCopyWithAFlawCountsForNothing() {
    for (Flaw flaw : Flaw.values()) {
      assertEquals(
          new Copies(1, 0, 0, 0, 0, 0),
          Copies.of(PARIS, List.of(copy(Medium.TAPE, Protection.OFFLINE, LYON, flaw))));
    }
  }

  @Test
  void twoCopiesOnOneKindOfMediumAreOneMedium() {
    assertEquals(
        new Copies(3, 1, 1, 0, 0, 0),
        Copies.of(
            PARIS,
            List.of(
                copy(Medium.DISK, Protection.NONE, PARIS, null),
                copy(Medium.DISK, Protection.NONE, LYON, null))));
  }

  @Test
  void aCopyOfWhichNobodySaidWhatItIsOnIsACopyAndNoMore() {
    assertEquals(
        new Copies(2, 0, 0, 0, 0, 0),
        Copies.of(PARIS, List.of(new PlacedCopy(UUID.randomUUID(), null, null, false, null))));
  }

  private static PlacedCopy copy(Medium medium, Protection protection, UUID site, Flaw flaw) {
    return copy(medium, protection, site, false, flaw);
  }

  private static PlacedCopy copy(
      Medium medium, Protection protection, UUID site, boolean dedicated, Flaw flaw) {
    return new PlacedCopy(
        UUID.randomUUID(), new Copy(medium, site, null, protection, null), site, dedicated, flaw);
  }
}
