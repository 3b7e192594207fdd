package io.vigie.access.directory;

import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

import io.vigie.kernel.Sha256;

/**
 * What somebody's account must be.
 *
 * @param subject null while they have none
 * @param enabled whether they may sign in, that is, work here now; if not, roles and groups are
 *     empty
 * @param erased whether it was forgotten who they are, so that they have no account either
 */
record DesiredAccount(
    UUID person,
    String subject,
    AccountChange.Holder holder,
    boolean enabled,
    Set<String> roles,
    Set<String> groups,
    boolean erased) {

  DesiredAccount without(Set<String> someRoles, Set<String> someGroups) {
    Set<String> otherRoles = new TreeSet<>(roles);
    Set<String> otherGroups = new TreeSet<>(groups);
    otherRoles.removeAll(someRoles);
    otherGroups.removeAll(someGroups);
    return new DesiredAccount(person, subject, holder, enabled, otherRoles, otherGroups, erased);
  }

  /** The same with the account that was found to be theirs; null where there is none. */
  DesiredAccount at(String account) {
    return new DesiredAccount(person, account, holder, enabled, roles, groups, erased);
  }

  /** Tells what people read of the holder from what it was before, and does not say it. */
  String holderDigest() {
    return Sha256.hex(String.join("\n", holder.givenName(), holder.familyName(), holder.email()));
  }
}
