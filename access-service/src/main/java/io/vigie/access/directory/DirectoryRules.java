package io.vigie.access.directory;

import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;

import jakarta.enterprise.context.ApplicationScoped;

import com.fasterxml.jackson.databind.JsonNode;
import io.vigie.kernel.PolicyTable;

/** What is done about accounts: {@code contracts/policy/directory.json}. */
@ApplicationScoped
public class DirectoryRules {

  private enum Act {
    RAISE,
    REPAIR
  }

  private record Owned(String attribute, String value) {}

  private record Privileged(
      Set<String> roles, Set<String> requiredActions, Set<String> secondFactors) {}

  private record Programs(Set<String> roles, Map<String, Set<String>> own) {}

  private record Passwords(int length, int remembered) {}

  private record Rule(Act act) {}

  private record Table(
      Owned owned,
      Set<String> untouchable,
      Set<String> everyone,
      boolean createAccounts,
      Set<String> requiredActions,
      Privileged privileged,
      Programs programs,
      boolean bruteForceProtection,
      Passwords passwords,
      int acceptDays,
      Map<DriftKind, Rule> drifts) {}

  private final Table table = PolicyTable.read("directory", Table.class);

  /** Whether a role or group of Keycloak with these attributes is Vigie's to give and take. */
  public boolean owns(JsonNode attributes) {
    for (JsonNode value : attributes.path(table.owned().attribute())) {
      if (value.asText().equals(table.owned().value())) {
        return true;
      }
    }
    return false;
  }

  /** The mark by itself, where a directory has texts for such things and no attributes. */
  public String mark() {
    return table.owned().attribute();
  }

  /** Whether no account of this name is ever listed or changed. */
  public boolean isUntouchable(String username) {
    return table.untouchable().stream().anyMatch(username::equalsIgnoreCase);
  }

  /**
   * @throws DirectoryFailure when the account of this name is untouchable
   */
  public void requireTouchable(String username) {
    if (isUntouchable(username)) {
      throw DirectoryFailure.refused(
          "The policy calls this account untouchable: take it off the person, or off the list.");
    }
  }

  /**
   * @throws DirectoryFailure when an account that is untouchable is not closed
   */
  public void requireClosedByHand(boolean isOpen) {
    if (isOpen) {
      throw DirectoryFailure.refused(
          "Close it by hand: the policy calls the account of this program untouchable.");
    }
  }

  Set<String> everyone() {
    return table.everyone();
  }

  boolean createsAccounts() {
    return table.createAccounts();
  }

  boolean isPrivileged(Collection<String> roles) {
    return !Collections.disjoint(table.privileged().roles(), roles);
  }

  /** What the holder of a new account must do first. */
  Set<String> firstActions() {
    return table.requiredActions();
  }

  /** What whoever has a privileged role, and no second factor, must do. */
  Set<String> privilegedActions() {
    return table.privileged().requiredActions();
  }

  /** The kinds of credentials that are second factors. */
  public Set<String> secondFactors() {
    return table.privileged().secondFactors();
  }

  /** Whether a client is the platform's own: whoever operates it answers for its program (R4.4). */
  boolean isOwn(String client) {
    return table.programs().own().containsKey(client);
  }

  /** The roles that the program of a client may have. */
  Set<String> rolesOfProgram(String client) {
    return table.programs().own().getOrDefault(client, table.programs().roles());
  }

  /** Whether the directory must lock out who guesses passwords (R4.2). */
  public boolean asksForBruteForceProtection() {
    return table.bruteForceProtection();
  }

  /** How many characters the directory must ask of a password at least. */
  public int shortestPassword() {
    return table.passwords().length();
  }

  /** How many of an account's last passwords the directory must not take again. */
  public int rememberedPasswords() {
    return table.passwords().remembered();
  }

  boolean repairs(DriftKind kind) {
    return table.drifts().get(kind).act() == Act.REPAIR;
  }

  /** For how long a finding is accepted at most. */
  Duration longestAcceptance() {
    return Duration.ofDays(table.acceptDays());
  }

  /** The kinds of findings that the table has a rule for. */
  List<DriftKind> kinds() {
    return List.copyOf(table.drifts().keySet());
  }
}
