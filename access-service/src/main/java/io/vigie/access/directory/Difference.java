package io.vigie.access.directory;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * In one respect an account is not what it must be.
 *
 * @param what which role or group; empty where it is neither
 */
record Difference(DriftKind kind, String what) {

  private static final String NOTHING_ELSE = "";

  Difference(DriftKind kind) {
    this(kind, NOTHING_ELSE);
  }

  /**
   * All of them.
   *
   * @param desired null where the account is nobody's
   * @param isSignedIn whether anybody is signed in with it; asked of leavers' accounts alone
   * @param lacksSecondFactor whether it must have a second factor, and has none
   */
  static List<Difference> between(
      Account actual, DesiredAccount desired, boolean isSignedIn, boolean lacksSecondFactor) {
    List<Difference> differences = new ArrayList<>();
    if (desired == null) {
      // One that is closed harms nobody, and is not worth a task each time that it is seen.
      if (actual.enabled()) {
        differences.add(new Difference(DriftKind.ACCOUNT_WITHOUT_PERSON));
      }
    } else {
      add(differences, DriftKind.UNAPPROVED_ROLE, actual.roles(), desired.roles());
      add(differences, DriftKind.MISSING_ROLE, desired.roles(), actual.roles());
      add(differences, DriftKind.UNAPPROVED_GROUP, actual.groups(), desired.groups());
      add(differences, DriftKind.MISSING_GROUP, desired.groups(), actual.groups());
      if (!desired.enabled()) {
        if (actual.enabled()) {
          differences.add(new Difference(DriftKind.LEAVER_ENABLED));
        }
        if (isSignedIn) {
          differences.add(new Difference(DriftKind.LEAVER_WITH_SESSION));
        }
      } else {
        if (!actual.enabled()) {
          differences.add(new Difference(DriftKind.DISABLED_BY_HAND));
        }
        if (!desired.holder().email().equalsIgnoreCase(actual.email())) {
          differences.add(new Difference(DriftKind.CHANGED_EMAIL));
        }
      }
    }
    if (lacksSecondFactor && actual.enabled()) {
      differences.add(new Difference(DriftKind.PRIVILEGED_WITHOUT_SECOND_FACTOR));
    }
    return differences;
  }

  /**
   * The same for the account of a program. One that is closed gets no token, and harms nobody.
   *
   * @param isAnsweredFor whether somebody answers for it
   * @param roles those that it may have; a group gives it nothing that anybody approved
   */
  static List<Difference> ofProgram(Account actual, boolean isAnsweredFor, Set<String> roles) {
    List<Difference> differences = new ArrayList<>();
    if (actual.enabled()) {
      if (!isAnsweredFor) {
        differences.add(new Difference(DriftKind.ACCOUNT_WITHOUT_PERSON));
      }
      add(differences, DriftKind.UNAPPROVED_ROLE, actual.roles(), roles);
      add(differences, DriftKind.UNAPPROVED_GROUP, actual.groups(), Set.of());
    }
    return differences;
  }

  private static void add(
      List<Difference> differences, DriftKind kind, Set<String> those, Set<String> withoutThese) {
    Set<String> left = new TreeSet<>(those);
    left.removeAll(withoutThese);
    left.forEach(name -> differences.add(new Difference(kind, name)));
  }
}
