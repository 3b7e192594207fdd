package io.vigie.access.directory.keycloak;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import io.smallrye.mutiny.Uni;
import io.vigie.access.directory.DirectoryRules;

/**
 * What the realm must have for this service, and may lack where it is older; and what it must not
 * have where others reach it.
 */
final class KeycloakSetUp {

  private static final List<String> RIGHTS =
      List.of(
          "manage-users", "view-users", "query-users", "query-groups", "view-realm", "view-events");

  private static final Pattern NOT_THE_NAME = Pattern.compile("\\bnot(Contains)?Username\\b");

  /** How the addresses of demo accounts end, which are in the realm of one machine. */
  private static final String DEMO = "@vigie.example";

  /** So many accounts are asked for at once. */
  private static final int PAGE = 20;

  private static final Pattern THIS_MACHINE =
      Pattern.compile("(.+\\.)?localhost|127(\\.\\d{1,3}){3}|\\[::1]");

  private final KeycloakApi api;
  private final DirectoryRules rules;

  KeycloakSetUp(KeycloakApi api, DirectoryRules rules) {
    this.api = api;
    this.rules = rules;
  }

  /** Each with what to do about it. */
  Uni<List<String>> lacks() {
    return api.token()
        .map(token -> missingRights(token.claims()))
        .chain(
            missing ->
                missing.isEmpty() ? missingSettings() : Uni.createFrom().item(lackOf(missing)));
  }

  /** What is given to the account from now on stands in its next token. */
  private List<String> lackOf(Set<String> rights) {
    api.forget();
    return List.of(
        "Give the service account of the client these roles of the client realm-management: "
            + String.join(", ", rights)
            + ".");
  }

  private static Set<String> missingRights(JsonNode claims) {
    Set<String> missing = new TreeSet<>(RIGHTS);
    claims
        .at("/resource_access/realm-management/roles")
        .forEach(role -> missing.remove(role.asText()));
    return missing;
  }

  private Uni<List<String>> missingSettings() {
    return api.get("")
        .chain(
            realm ->
                api.get("/events/config")
                    .chain(
                        events ->
                            api.get("/roles", Map.of("briefRepresentation", false))
                                .map(roles -> missing(realm, events, roles))))
        .chain(this::withDemoAccounts);
  }

  /** Where Keycloak is known by a name that others reach, everybody may know their passwords. */
  private Uni<List<String>> withDemoAccounts(List<String> missing) {
    return api.token()
        .chain(
            token ->
                isThisMachine(token.claims().path("iss").asText())
                    ? Uni.createFrom().item(missing)
                    : hasDemoAccount(0)
                        .invoke(
                            has -> {
                              if (has) {
                                missing.add(
                                    "Disable or delete the demo accounts, whose addresses end with "
                                        + DEMO
                                        + " and whose passwords everybody knows: they are for a"
                                        + " machine that nobody else reaches.");
                              }
                            })
                        .replaceWith(missing));
  }

  /** Page by page: an address is also found in the middle of others, of which there may be many. */
  private Uni<Boolean> hasDemoAccount(int first) {
    return api.get("/users", Map.of("email", DEMO, "enabled", true, "first", first, "max", PAGE))
        .chain(
            accounts -> {
              boolean has = hasDemoAccount(accounts);
              return has || accounts.size() < PAGE
                  ? Uni.createFrom().item(has)
                  : hasDemoAccount(first + PAGE);
            });
  }

  private static boolean hasDemoAccount(JsonNode accounts) {
    boolean has = false;
    for (JsonNode account : accounts) {
      has |= account.path("email").asText().endsWith(DEMO);
    }
    return has;
  }

  /** Whether an address of Keycloak is one that leads to the machine where it is asked for. */
  static boolean isThisMachine(String issuer) {
    String host = URI.create(issuer).getHost();
    return host != null && THIS_MACHINE.matcher(host).matches();
  }

  private List<String> missing(JsonNode realm, JsonNode events, JsonNode roles) {
    List<String> missing = new ArrayList<>();
    Set<String> types = new TreeSet<>(KeycloakEvents.SIGN_INS);
    events.path("enabledEventTypes").forEach(type -> types.remove(type.asText()));
    if (!events.path("eventsEnabled").asBoolean() || !types.isEmpty()) {
      missing.add(
          "Have the realm save user events of the types "
              + String.join(", ", KeycloakEvents.SIGN_INS)
              + ", or nobody learns who signs in.");
    }
    if (!events.path("adminEventsEnabled").asBoolean()) {
      missing.add("Have the realm save admin events, or what is changed by hand is found late.");
    }
    boolean owns = false;
    for (JsonNode role : roles) {
      owns |= rules.owns(role.path("attributes"));
    }
    if (!owns) {
      missing.add(
          "Mark the realm roles that Vigie gives and takes with the attribute "
              + rules.mark()
              + ", value true.");
    }
    if (rules.asksForBruteForceProtection() && !locksOutGuessers(realm)) {
      missing.add("Have the realm lock out who guesses passwords: brute force detection (R4.2).");
    }
    if (!asksEnoughOfPasswords(realm.path("passwordPolicy").asText())) {
      missing.add(
          "Have the realm's password policy ask for %d characters, refuse the last %d passwords, and"
                  .formatted(rules.shortestPassword(), rules.rememberedPasswords())
              + " the account's name and address (R4.2).");
    }
    return missing;
  }

  private boolean asksEnoughOfPasswords(String policy) {
    return number("length", policy) >= rules.shortestPassword()
        && number("passwordHistory", policy) >= rules.rememberedPasswords()
        && NOT_THE_NAME.matcher(policy).find()
        && policy.contains("notEmail");
  }

  /** What a policy of Keycloak has in brackets behind a name; 0 where it does not have the name. */
  private static int number(String name, String policy) {
    Matcher found = Pattern.compile("\\b" + name + "\\((\\d{1,4})\\)").matcher(policy);
    return found.find() ? Integer.parseInt(found.group(1)) : 0;
  }

  static boolean locksOutGuessers(JsonNode realm) {
    return realm.path("bruteForceProtected").asBoolean();
  }
}
