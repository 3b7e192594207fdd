package io.vigie.backup.plan;

import java.util.Map;
import java.util.UUID;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PremisesTest {

  private static final UUID PARIS = UUID.randomUUID();
  private static final UUID ROOM_IN_PARIS = UUID.randomUUID();
  private static final UUID OTHER_ROOM_IN_PARIS = UUID.randomUUID();
  private static final UUID LYON = UUID.randomUUID();
  private static final Premises PREMISES =
      new Premises(
          Map.of(PARIS, PARIS, ROOM_IN_PARIS, PARIS, OTHER_ROOM_IN_PARIS, PARIS, LYON, LYON));

  @Test
  void twoRoomsOfOneDatacenterAreNotApart() {
    assertFalse(PREMISES.areApart(ROOM_IN_PARIS, OTHER_ROOM_IN_PARIS));
    assertFalse(PREMISES.areApart(ROOM_IN_PARIS, PARIS));
    assertFalse(PREMISES.areApart(PARIS, PARIS));
    assertTrue(PREMISES.areApart(ROOM_IN_PARIS, LYON));
  }

  @Test
  void nothingIsApartFromWhatNobodyKnows() {
    assertFalse(PREMISES.areApart(PARIS, UUID.randomUUID()));
    assertFalse(PREMISES.areApart(UUID.randomUUID(), LYON));
    assertFalse(PREMISES.areApart(null, LYON));
    assertFalse(PREMISES.areApart(PARIS, null));
  }
}
