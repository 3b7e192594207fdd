package io.vigie.backup.vault;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** Who may touch backups, what they did with them, and what is deleted. */
public sealed interface VaultEvent extends DomainEvent {

  /** Nobody has decided; {@code endsAt} is when it lapses if nobody does. */
  record AccessRequested(
      UUID aggregateId,
      String holder,
      HolderRole role,
      List<UUID> assets,
      String reason,
      long minutes,
      Instant endsAt,
      Instant at)
      implements VaultEvent {
    @Override
    public String type() {
      return "backup-access.requested.v1";
    }
  }

  /** {@code incident} is null where the reason was approved, by the event's actor. */
  record AccessOpened(
      UUID aggregateId,
      String holder,
      HolderRole role,
      List<UUID> assets,
      UUID incident,
      String reason,
      Instant endsAt,
      Instant at)
      implements VaultEvent {
    @Override
    public String type() {
      return "backup-access.opened.v1";
    }
  }

  record AccessRefused(UUID aggregateId, String holder, String reason, Instant at)
      implements VaultEvent {
    @Override
    public String type() {
      return "backup-access.refused.v1";
    }
  }

  /** {@code run} made the copy that was read or restored. */
  record AccessUsed(
      UUID aggregateId,
      String holder,
      UUID use,
      UseAction action,
      UUID run,
      UUID asset,
      String reason,
      Instant at)
      implements VaultEvent {
    @Override
    public String type() {
      return "backup-access.used.v1";
    }
  }

  record AccessEnded(UUID aggregateId, String holder, EndCause cause, Instant at)
      implements VaultEvent {
    @Override
    public String type() {
      return "backup-access.ended.v1";
    }
  }

  /** Of the copy that {@code run} made; {@code access} is under which it is to be done. */
  record DeletionRequested(
      UUID aggregateId,
      String requestedBy,
      UUID access,
      UUID run,
      UUID asset,
      String reason,
      Instant at)
      implements VaultEvent {
    @Override
    public String type() {
      return "backup-deletion.requested.v1";
    }
  }

  /** By somebody else, who is the event's actor. */
  record DeletionApproved(
      UUID aggregateId, String requestedBy, UUID access, UUID run, UUID asset, Instant at)
      implements VaultEvent {
    @Override
    public String type() {
      return "backup-deletion.approved.v1";
    }
  }

  record DeletionRefused(
      UUID aggregateId,
      String requestedBy,
      UUID access,
      UUID run,
      UUID asset,
      String reason,
      Instant at)
      implements VaultEvent {
    @Override
    public String type() {
      return "backup-deletion.refused.v1";
    }
  }

  /** The copy is gone. */
  record DeletionCompleted(
      UUID aggregateId, String requestedBy, UUID access, UUID run, UUID asset, Instant at)
      implements VaultEvent {
    @Override
    public String type() {
      return "backup-deletion.completed.v1";
    }
  }
}
