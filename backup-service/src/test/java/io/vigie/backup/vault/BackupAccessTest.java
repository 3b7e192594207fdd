package io.vigie.backup.vault;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import io.vigie.kernel.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class BackupAccessTest {

  private static final VaultPolicy POLICY = new VaultPolicy();
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final UUID ASSET = UUID.randomUUID();
  private static final Copy COPY = new Copy(UUID.randomUUID(), ASSET, "tape://1", null, null);

  private static BackupAccess ask(HolderRole role, UUID incident) {
    return new BackupAccess("ann", role, List.of(ASSET), incident, "restore", 60, POLICY, NOW);
  }

  private static void assertRefused(String code, Runnable decision) {
    assertEquals(code, assertThrows(Problem.class, decision::run).code());
  }

  private static Instant minutes(int minutes) {
    return NOW.plus(Duration.ofMinutes(minutes));
  }

  @Test
  void anIncidentOpensItAtOnceAndItCoversItsAssetsUntilTheLastMoment() {
    BackupAccess access = ask(HolderRole.SYSADMIN, UUID.randomUUID());

    access.requireCovers(ASSET, "ann", minutes(60).minusMillis(1));
    assertRefused("access-not-open", () -> access.requireCovers(ASSET, "ann", minutes(60)));
    assertRefused("forbidden", () -> access.requireCovers(ASSET, "bob", NOW));
    assertRefused("asset-not-covered", () -> access.requireCovers(UUID.randomUUID(), "ann", NOW));
    access.closeWithIncident(minutes(1));
    assertRefused("access-not-open", () -> access.requireCovers(ASSET, "ann", minutes(2)));
    assertRefused("access-over", () -> access.expire(minutes(60)));
  }

  @ParameterizedTest(name = "asked for by a {0}, decided on by {1} who is the CISO: {2}")
  @CsvSource({
    "SYSADMIN, bob, true,  ",
    "SYSADMIN, bob, false, forbidden",
    "SYSADMIN, ann, true,  self-approval",
    "CISO,     bob, false, ",
    "CISO,     ann, true,  self-approval"
  })
  void aReasonIsApprovedByTheCisoOrOfTheCisoBySomebodyElse(
      HolderRole role, String by, boolean isCiso, String refusal) {
    BackupAccess access = ask(role, null);
    assertRefused("access-not-open", () -> access.requireCovers(ASSET, "ann", NOW));

    if (refusal == null) {
      access.approve(by, isCiso, minutes(10));
      assertEquals(minutes(70), access.state().endsAt());
      access.requireCovers(ASSET, "ann", minutes(69));
    } else {
      assertRefused(refusal, () -> access.approve(by, isCiso, NOW));
      assertRefused(refusal, () -> access.refuse("no", by, isCiso, NOW));
      assertEquals(AccessState.REQUESTED, access.state().state());
    }
  }

  @Test
  void whatNobodyDecidedOnInTimeIsNotDecidedOnAnyMore() {
    BackupAccess access = ask(HolderRole.SYSADMIN, null);

    assertRefused("access-not-requested", () -> access.approve("bob", true, minutes(72 * 60)));
    VaultEvent.AccessEnded ended = (VaultEvent.AccessEnded) access.expire(minutes(72 * 60));

    assertEquals(EndCause.NOT_DECIDED, ended.cause());
  }

  @Test
  void itIsNoLongerThanThePolicyAllowsAndTheCisoTakesItAway() {
    assertRefused(
        "validation",
        () ->
            new BackupAccess(
                "ann", HolderRole.CISO, List.of(ASSET), null, "restore", 481, POLICY, NOW));
    BackupAccess access = ask(HolderRole.SYSADMIN, UUID.randomUUID());
    assertRefused("forbidden", () -> access.end("bob", false, NOW));
    VaultEvent.AccessEnded ended = (VaultEvent.AccessEnded) access.end("bob", true, NOW);
    assertEquals(EndCause.REVOKED, ended.cause());
  }

  @Test
  void aDeletionTakesTwoPeopleWhileTheAccessIsOpen() {
    BackupAccess access = ask(HolderRole.SYSADMIN, UUID.randomUUID());
    assertRefused("forbidden", () -> new BackupDeletion(access, COPY, "infected", "bob", NOW));
    BackupDeletion deletion = new BackupDeletion(access, COPY, "infected", "ann", NOW);
    assertRefused("deletion-not-approved", () -> deletion.complete(access, "ann", NOW));
    assertRefused("self-approval", () -> deletion.approve(access, "ann", NOW));
    assertRefused("access-not-open", () -> deletion.approve(access, "bob", minutes(60)));

    deletion.approve(access, "bob", NOW);

    assertRefused("deletion-decided", () -> deletion.refuse("no", "bob", NOW));
    assertRefused("forbidden", () -> deletion.complete(access, "bob", NOW));
    assertRefused("access-not-open", () -> deletion.complete(access, "ann", minutes(60)));
    deletion.complete(access, "ann", minutes(1));
    assertEquals(DeletionState.COMPLETED, deletion.state().state());
    assertRefused("deletion-not-approved", () -> deletion.complete(access, "ann", minutes(2)));
  }
}
