package io.vigie.access.directory;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What to do next about an account: first what takes away, and when that is done what gives. Only
 * what changed in what the account must be counts, and the findings that are to be repaired; what
 * else differs somebody else did, and it is not for this to undo it.
 *
 * @param takes whether this is of the first kind
 * @param stuck lost roles that cannot be taken from the account: a group or another role gives them
 */
record Plan(boolean takes, AccountChange change, Set<String> stuck) {

  private static final AccountChange NOTHING =
      new AccountChange(null, null, Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), false);

  /**
   * Works it out.
   *
   * @param known what was made of the account before; as new where that was nothing
   * @param repairs what differs and is to be put right
   * @param isAdopted whether nothing was made of the account before, and it was there all the same
   * @param actions what the holder must do if a privileged role comes; empty where it is done
   * @throws DirectoryFailure when nothing is left to take but what cannot be taken from the account
   */
  static Plan of(
      Account actual,
      DesiredAccount desired,
      KnownAccount known,
      Collection<Difference> repairs,
      boolean isAdopted,
      Set<String> actions) {
    // What is closed gives nothing, whichever way it comes.
    Set<String> stuck =
        desired.enabled() ? indirect(actual, minus(known.roles(), desired.roles())) : Set.of();
    AccountChange takes = taking(actual, desired, known, repairs, stuck);
    if (takes.isNothing()) {
      requireNone(stuck);
      return new Plan(false, giving(actual, desired, known, repairs, isAdopted, actions), Set.of());
    }
    return new Plan(true, takes, stuck);
  }

  /** What is to be done about an account that is nobody's. */
  static Plan ofNobodys(Collection<Difference> repairs, Set<String> actions) {
    boolean closes = isThere(repairs, DriftKind.ACCOUNT_WITHOUT_PERSON);
    boolean asks = isThere(repairs, DriftKind.PRIVILEGED_WITHOUT_SECOND_FACTOR);
    return new Plan(
        closes,
        new AccountChange(
            closes ? false : null,
            null,
            Set.of(),
            Set.of(),
            Set.of(),
            Set.of(),
            asks ? actions : Set.of(),
            closes),
        Set.of());
  }

  private static AccountChange taking(
      Account actual,
      DesiredAccount desired,
      KnownAccount known,
      Collection<Difference> repairs,
      Set<String> stuck) {
    Set<String> roles = minus(known.roles(), desired.roles());
    roles.removeAll(stuck);
    Set<String> groups = minus(known.groups(), desired.groups());
    if (!desired.enabled()) {
      roles.addAll(actual.direct());
      groups.addAll(actual.groups());
    }
    Set<String> toRepair = whats(repairs, DriftKind.UNAPPROVED_ROLE);
    requireNone(indirect(actual, toRepair));
    roles.addAll(toRepair);
    groups.addAll(whats(repairs, DriftKind.UNAPPROVED_GROUP));
    boolean closes = !desired.enabled() && (known.enabled() || actual.enabled());
    boolean ends =
        closes
            || !roles.isEmpty()
            || !groups.isEmpty()
            || isThere(repairs, DriftKind.LEAVER_WITH_SESSION);
    return ends
        ? new AccountChange(
            closes ? false : null, null, Set.of(), roles, Set.of(), groups, Set.of(), true)
        : NOTHING;
  }

  private static Set<String> indirect(Account actual, Set<String> roles) {
    Set<String> indirect = new TreeSet<>(roles);
    indirect.retainAll(actual.roles());
    indirect.removeAll(actual.direct());
    return indirect;
  }

  private static void requireNone(Set<String> indirect) {
    if (!indirect.isEmpty()) {
      throw DirectoryFailure.refused(
          "The role %s comes to the account through a group or another role: take it away there."
              .formatted(String.join(", ", indirect)));
    }
  }

  private static AccountChange giving(
      Account actual,
      DesiredAccount desired,
      KnownAccount known,
      Collection<Difference> repairs,
      boolean isAdopted,
      Set<String> actions) {
    if (!desired.enabled()) {
      return NOTHING;
    }
    Set<String> roles = minus(desired.roles(), isAdopted ? actual.roles() : known.roles());
    Set<String> groups = minus(desired.groups(), isAdopted ? actual.groups() : known.groups());
    roles.addAll(whats(repairs, DriftKind.MISSING_ROLE));
    groups.addAll(whats(repairs, DriftKind.MISSING_GROUP));
    roles.retainAll(desired.roles());
    groups.retainAll(desired.groups());
    boolean opens = !known.enabled() || isThere(repairs, DriftKind.DISABLED_BY_HAND);
    boolean renames =
        !desired.holderDigest().equals(known.holder()) || isThere(repairs, DriftKind.CHANGED_EMAIL);
    return new AccountChange(
        opens ? true : null,
        renames ? desired.holder() : null,
        roles,
        Set.of(),
        groups,
        Set.of(),
        isThere(repairs, DriftKind.PRIVILEGED_WITHOUT_SECOND_FACTOR) || !roles.isEmpty()
            ? actions
            : Set.of(),
        false);
  }

  /** Fails where a role that was taken from the account comes to it another way, too. */
  void requireTakenFrom(Account account) {
    Set<String> left = new TreeSet<>(change.takeRoles());
    left.retainAll(account.roles());
    requireNone(left);
  }

  /** What was done where the directory lacks some of what was to be given. */
  Plan without(Set<String> roles, Set<String> groups) {
    return new Plan(
        takes,
        new AccountChange(
            change.enabled(),
            change.holder(),
            minus(change.giveRoles(), roles),
            change.takeRoles(),
            minus(change.giveGroups(), groups),
            change.takeGroups(),
            change.addActions(),
            change.endSessions()),
        stuck);
  }

  /** Whether there is nothing but what the holder must do, which comes with what is given. */
  boolean isNothingButActions() {
    return change.enabled() == null
        && change.holder() == null
        && change.giveRoles().isEmpty()
        && change.giveGroups().isEmpty();
  }

  private static Set<String> minus(Set<String> names, Set<String> others) {
    Set<String> left = new TreeSet<>(names);
    left.removeAll(others);
    return left;
  }

  private static boolean isThere(Collection<Difference> repairs, DriftKind kind) {
    return repairs.stream().anyMatch(repair -> repair.kind() == kind);
  }

  private static Set<String> whats(Collection<Difference> repairs, DriftKind kind) {
    Set<String> whats = new TreeSet<>();
    repairs.stream()
        .filter(repair -> repair.kind() == kind)
        .map(Difference::what)
        .forEach(whats::add);
    return whats;
  }

  boolean isNothing() {
    return change.isNothing();
  }

  /** Which findings a plan repairs that takes away, or one that gives. */
  static List<DriftKind> kinds(boolean takes) {
    return takes
        ? List.of(
            DriftKind.ACCOUNT_WITHOUT_PERSON,
            DriftKind.UNAPPROVED_ROLE,
            DriftKind.UNAPPROVED_GROUP,
            DriftKind.LEAVER_ENABLED,
            DriftKind.LEAVER_WITH_SESSION)
        : List.of(
            DriftKind.MISSING_ROLE,
            DriftKind.MISSING_GROUP,
            DriftKind.DISABLED_BY_HAND,
            DriftKind.CHANGED_EMAIL,
            DriftKind.PRIVILEGED_WITHOUT_SECOND_FACTOR);
  }
}
