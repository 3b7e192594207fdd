package io.vigie.backup.copy;

import java.util.List;
import java.util.UUID;

import io.vigie.backup.copy.PlacedCopy.Flaw;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class CopiesTest {

  private static final boolean ELSEWHERE = true;
  private static final boolean BESIDE = false;

  @Test
  void theDataItselfIsOneCopyAndNoBackup() {
    assertEquals(new Copies(1, 0, 0, 0, 0, 0), Copies.of(List.of()));
  }

  @Test
  void aDiskBesideTheAssetAndATapeElsewhereAreThreeTwoOneOne() {
    assertEquals(
        new Copies(3, 2, 1, 1, 1, 0),
        Copies.of(
            List.of(
                copy(Medium.DISK, Protection.NONE, BESIDE, null),
                copy(Medium.TAPE, Protection.OFFLINE, ELSEWHERE, null))));
  }

  @Test
  void aCopyInTheAssetsOwnDatacenterIsNeverOffSite() {
    assertEquals(
        new Copies(3, 2, 0, 2, 0, 0),
        Copies.of(
            List.of(
                copy(Medium.OBJECT_STORE, Protection.IMMUTABLE, BESIDE, null),
                copy(Medium.TAPE, Protection.OFFLINE, BESIDE, null))));
  }

  @Test
  void copiesOnDedicatedServersAreCountedUnlessTheyCountForNothing() {
    assertEquals(
        1,
        Copies.of(
                List.of(
                    copy(Medium.DISK, Protection.NONE, BESIDE, true, null),
                    copy(Medium.DISK, Protection.NONE, ELSEWHERE, false, null),
                    copy(Medium.DISK, Protection.NONE, ELSEWHERE, true, Flaw.OUT_OF_DATE)))
            .dedicated());
  }

  @Test
  void aCopyWithAFlawCountsForNothing() {
    for (Flaw flaw : Flaw.values()) {
      assertEquals(
          new Copies(1, 0, 0, 0, 0, 0),
          Copies.of(List.of(copy(Medium.TAPE, Protection.OFFLINE, ELSEWHERE, flaw))));
    }
  }

  @Test
  void twoCopiesOnOneKindOfMediumAreOneMedium() {
    assertEquals(
        new Copies(3, 1, 1, 0, 0, 0),
        Copies.of(
            List.of(
                copy(Medium.DISK, Protection.NONE, BESIDE, null),
                copy(Medium.DISK, Protection.NONE, ELSEWHERE, null))));
  }

  @Test
  void aCopyOfWhichNobodySaidWhatItIsOnIsACopyAndNoMore() {
    assertEquals(
        new Copies(2, 0, 0, 0, 0, 0),
        Copies.of(List.of(new PlacedCopy(UUID.randomUUID(), null, null, false, false, null))));
  }

  private static PlacedCopy copy(Medium medium, Protection protection, boolean offSite, Flaw flaw) {
    return copy(medium, protection, offSite, false, flaw);
  }

  private static PlacedCopy copy(
      Medium medium, Protection protection, boolean offSite, boolean dedicated, Flaw flaw) {
    UUID site = UUID.randomUUID();
    return new PlacedCopy(
        UUID.randomUUID(),
        new Copy(medium, site, null, protection, null),
        site,
        offSite,
        dedicated,
        flaw);
  }
}
