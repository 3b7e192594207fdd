package io.vigie.access.directory;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import io.smallrye.mutiny.Uni;

/** What people may do, as the directory has it. */
public interface DirectoryGrants {

  /** Roles and groups by their names in the directory. */
  record Grant(Set<String> roles, Set<String> groups) {
    static final Grant NONE = new Grant(Set.of(), Set.of());
  }

  /**
   * What each of these people, a hundred at most, has in effect now; who is not in the answer has
   * nothing. Within a session. Whatever changes an answer marks the person in {@link Changes}, in
   * its own transaction.
   */
  Uni<Map<UUID, Grant>> of(Collection<UUID> people);
}
