package io.vigie.access.directory;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/**
 * What Vigie did to accounts; {@code aggregateId} is the account, by the subject of its tokens.
 * Facts, since the account itself is the directory's.
 */
public sealed interface AccountEvent extends DomainEvent {

  /** An account was made for {@code person}. */
  record Created(UUID aggregateId, UUID person, Instant at) implements AccountEvent {
    @Override
    public String type() {
      return "account.created.v1";
    }
  }

  /** The directory has the account no more, since {@code person}, whose it was, was erased. */
  record Deleted(UUID aggregateId, UUID person, Instant at) implements AccountEvent {
    @Override
    public String type() {
      return "account.deleted.v1";
    }
  }

  /**
   * An account was made what was approved. {@code person} is null where it is nobody's, {@code
   * enabled} where it stayed as it was. {@code renamed} says that its holder's names or address
   * were set, {@code actions} what its holder must do at the next sign-in. {@code sessionsEnded}
   * says that no token from before {@code at} counts any more.
   */
  record Changed(
      UUID aggregateId,
      UUID person,
      Boolean enabled,
      List<String> rolesGiven,
      List<String> rolesTaken,
      List<String> groupsGiven,
      List<String> groupsTaken,
      List<String> actions,
      boolean renamed,
      boolean sessionsEnded,
      Instant at)
      implements AccountEvent {
    @Override
    public String type() {
      return "account.changed.v1";
    }
  }
}
