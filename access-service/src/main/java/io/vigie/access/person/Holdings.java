package io.vigie.access.person;

import java.util.UUID;

import io.smallrye.mutiny.Uni;

/** What hangs on a person's account, as told by those who know of rights. */
public interface Holdings {

  /**
   * Whether the person has, or has asked for, any right that somebody else approves; none comes
   * while the person is locked.
   */
  Uni<Boolean> hasRights(UUID person);
}
