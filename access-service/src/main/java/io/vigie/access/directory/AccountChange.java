package io.vigie.access.directory;

import java.util.Set;

/**
 * What is to change about an account; all of it has been asked for before, perhaps, and is harmless
 * to repeat.
 *
 * @param enabled null where it stays as it is
 * @param holder whose names and address it gets, or null where these stay as they are
 * @param addActions what its holder must do at the next sign-in, beside what is asked for already
 * @param endSessions whether its holder must sign in again, after the rest was done
 */
public record AccountChange(
    Boolean enabled,
    Holder holder,
    Set<String> giveRoles,
    Set<String> takeRoles,
    Set<String> giveGroups,
    Set<String> takeGroups,
    Set<String> addActions,
    boolean endSessions) {

  /** Whose account it is, as people read it. */
  public record Holder(String givenName, String familyName, String email) {}

  /** Nobody signs in with it, and nobody is signed in with it. */
  public static final AccountChange CLOSING =
      new AccountChange(false, null, Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), true);

  public AccountChange {
    giveRoles = Set.copyOf(giveRoles);
    takeRoles = Set.copyOf(takeRoles);
    giveGroups = Set.copyOf(giveGroups);
    takeGroups = Set.copyOf(takeGroups);
    addActions = Set.copyOf(addActions);
  }

  boolean isNothing() {
    return enabled == null
        && holder == null
        && giveRoles.isEmpty()
        && takeRoles.isEmpty()
        && giveGroups.isEmpty()
        && takeGroups.isEmpty()
        && addActions.isEmpty()
        && !endSessions;
  }
}
