package io.vigie.backup.vault;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

import io.vigie.kernel.Problem;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Whatever is asked of an access and of a deletion under it, by whom and in whatever order. */
class BackupAccessLifeTest {

  private static final VaultPolicy POLICY = new VaultPolicy();
  private static final Instant BEGIN = Instant.parse("2026-01-02T03:00:00Z");
  private static final UUID ASSET = UUID.randomUUID();
  private static final Copy COPY = new Copy(UUID.randomUUID(), ASSET, null, null, null);
  private static final List<String> PEOPLE = List.of("ann", "bob", "cis");

  enum Ask {
    APPROVE,
    REFUSE,
    USE,
    END,
    CLOSE_INCIDENT,
    EXPIRE,
    DELETE,
    APPROVE_DELETION,
    REFUSE_DELETION,
    COMPLETE_DELETION
  }

  private BackupAccess access;
  private BackupDeletion deletion;

  @Property(tries = 1000)
  void backupsAreTouchedByTheHolderAloneInAnIncidentOrWithAnotherPersonsApproval(
      @ForAll @Size(max = 40) List<Ask> asks,
      @ForAll @Size(min = 1, max = 40) List<@IntRange(max = 2) Integer> who,
      @ForAll @IntRange(min = 1, max = 5) int minutesPerAsk,
      @ForAll boolean inIncident,
      @ForAll HolderRole role) {
    UUID incident = inIncident ? UUID.randomUUID() : null;
    access = new BackupAccess("ann", role, List.of(ASSET), incident, "restore", 30, POLICY, BEGIN);
    deletion = null;
    String approver = null;
    Instant now = BEGIN;
    for (int i = 0; i < asks.size(); i++) {
      now = now.plusSeconds(60L * minutesPerAsk);
      Ask ask = asks.get(i);
      String by = PEOPLE.get(who.get(i % who.size()));
      BackupAccess.State before = access.state();
      BackupDeletion.State deletionBefore = deletion == null ? null : deletion.state();

      VaultEvent event = decide(ask, by, now);

      if (event == null) {
        assertEquals(before, access.state(), "refused, and yet it changed");
        assertEquals(deletionBefore, deletion == null ? null : deletion.state());
        continue;
      }
      assertEquals(now, event.at());
      if (ask == Ask.APPROVE) {
        assertTrue(role == HolderRole.CISO || by.equals("cis"), "not approved by the CISO");
        approver = by;
      }
      if (ask == Ask.USE || ask == Ask.DELETE || ask == Ask.COMPLETE_DELETION) {
        assertEquals("ann", by, "touched by somebody else");
        assertTrue(inIncident || approver != null, "touched without an incident or approval");
        assertNotEquals("ann", approver);
        assertEquals(AccessState.OPEN, before.state());
        assertTrue(now.isBefore(before.endsAt()), "touched after its time");
      }
      if (ask == Ask.COMPLETE_DELETION) {
        assertEquals(DeletionState.APPROVED, deletionBefore.state());
        assertNotEquals("ann", deletionBefore.decidedBy(), "deleted by one person alone");
      }
      if (List.of(AccessState.ENDED, AccessState.REFUSED).contains(before.state())) {
        assertEquals(before, access.state(), "over, and yet it changed");
      }
    }
  }

  private VaultEvent decide(Ask ask, String by, Instant now) {
    boolean isCiso = by.equals("cis");
    return unlessRefused(
        () ->
            switch (ask) {
              case APPROVE -> access.approve(by, isCiso, now);
              case REFUSE -> access.refuse("no", by, isCiso, now);
              case USE -> {
                access.requireCovers(ASSET, by, now);
                yield access.use(
                    new BackupUse(access.id(), UseAction.READ, COPY, "restore", now), now);
              }
              case END -> access.end(by, isCiso, now);
              case CLOSE_INCIDENT -> access.closeWithIncident(now);
              case EXPIRE -> now.isBefore(access.state().endsAt()) ? null : access.expire(now);
              case DELETE -> {
                deletion = new BackupDeletion(access, COPY, "infected", by, now);
                yield deletion.requested();
              }
              case APPROVE_DELETION -> deletion == null ? null : deletion.approve(access, by, now);
              case REFUSE_DELETION -> deletion == null ? null : deletion.refuse("no", by, now);
              case COMPLETE_DELETION ->
                  deletion == null ? null : deletion.complete(access, by, now);
            });
  }

  private static VaultEvent unlessRefused(Supplier<VaultEvent> decision) {
    try {
      return decision.get();
    } catch (Problem refused) {
      return null;
    }
  }
}
