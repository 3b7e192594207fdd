package io.vigie.access.directory;

import java.util.Set;

/** Why the directory did not do what it was asked for, in words for operators, without names. */
public final class DirectoryFailure extends RuntimeException {

  private final boolean isAway;
  private final Set<String> missingRoles;
  private final Set<String> missingGroups;

  private DirectoryFailure(
      String why, boolean isAway, Set<String> missingRoles, Set<String> missingGroups) {
    super(why, null, false, false);
    this.isAway = isAway;
    this.missingRoles = missingRoles;
    this.missingGroups = missingGroups;
  }

  /** It does not answer, or says that it cannot now: the next account would fare no better. */
  public static DirectoryFailure away(String why) {
    return new DirectoryFailure(why, true, Set.of(), Set.of());
  }

  /** It refuses this. */
  public static DirectoryFailure refused(String why) {
    return new DirectoryFailure(why, false, Set.of(), Set.of());
  }

  /** It has none of these that Vigie owns; all else that it was asked for is done. */
  public static DirectoryFailure missing(String why, Set<String> roles, Set<String> groups) {
    return new DirectoryFailure(why, false, Set.copyOf(roles), Set.copyOf(groups));
  }

  public boolean isAway() {
    return isAway;
  }

  /** Whether all was done but what is missing. */
  boolean isOfSome() {
    return !missingRoles.isEmpty() || !missingGroups.isEmpty();
  }

  Set<String> missingRoles() {
    return missingRoles;
  }

  Set<String> missingGroups() {
    return missingGroups;
  }
}
