package io.vigie.system;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * People who join through faults, each with a business profile that gives a role in the directory,
 * and the check of what came of it.
 */
final class Newcomers {

  private static final String MANAGER = "access-manager";

  /** By the profile, and for working here. */
  private static final List<String> ROLES = List.of("auditor", "staff");

  /** More than the minute for which an account waits when whoever worked on it died. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Set<String> people = ConcurrentHashMap.newKeySet();
  private final String profile;

  Newcomers() {
    String name = "newcomers-" + UUID.randomUUID();
    String owner = Platform.create(MANAGER, "access", "/v1/people", newcomer());
    String entitlement =
        Platform.create(
            MANAGER,
            "access",
            "/v1/entitlements",
            Map.of(
                "asset",
                UUID.randomUUID(),
                "name",
                name,
                "type",
                "APPLICATION_ROLE",
                "terms",
                Map.of(
                    "owner",
                    owner,
                    "sensitivity",
                    "NORMAL",
                    "longest",
                    "P30D",
                    "directory",
                    Map.of("kind", "ROLE", "name", ROLES.get(0)))));
    profile =
        Platform.create(
            MANAGER,
            "access",
            "/v1/business-profiles",
            Map.of("name", name, "entitlements", List.of(entitlement)));
  }

  private static Map<String, Object> newcomer() {
    String name = UUID.randomUUID().toString();
    return Map.of(
        "givenName", "Kim",
        "familyName", "Newcomer" + name,
        "email", name + "@agency.example",
        "businessProfile", "developer",
        "joinedOn", "2025-09-01");
  }

  /**
   * Has somebody join through these replicas: where one does not answer, the next one is asked;
   * their id.
   */
  String join(List<String> replicas) {
    String person = create(replicas, "/v1/people", newcomer());
    create(replicas, "/v1/profile-assignments", Map.of("person", person, "profile", profile));
    people.add(person);
    return person;
  }

  private static String create(List<String> replicas, String path, Map<String, ?> body) {
    String key = UUID.randomUUID().toString();
    return Platform.persist(
            replicas,
            replica ->
                Platform.at(MANAGER, replica).header("Idempotency-Key", key).body(body).post(path))
        .path("id");
  }

  /** How many joined. */
  int joined() {
    return people.size();
  }

  /** The account that somebody got; null before they have one. */
  static String account(String replica, String person) {
    return Platform.at(MANAGER, replica).get("/v1/people/" + person).path("subject");
  }

  /**
   * Each has one account with just the roles that they must have, and the log has once that it was
   * made, and once of each role that it was given.
   */
  void assertEachGotOneAccountWithEachOfItsRolesOnce() {
    for (String person : people) {
      await("account of " + person)
          .atMost(PATIENCE)
          .ignoreExceptions()
          .untilAsserted(() -> assertAccount(person));
    }
  }

  private static void assertAccount(String person) throws IOException {
    Response known = Platform.as(MANAGER, "access").get("/v1/people/" + person);
    String account = known.path("subject");
    assertEquals(List.of(account), Realm.accountsOf(known.path("email")));
    assertEquals(ROLES, Realm.roles(account));

    JsonPath log =
        Platform.as("auditor", "audit")
            .get("/v1/objects/account/" + account + "/history")
            .jsonPath();
    assertEquals(1, entries(log, "account.created.v1").size());
    List<String> given = new ArrayList<>();
    for (long entry : entries(log, "account.changed.v1")) {
      Log.payload(entry).path("rolesGiven").forEach(role -> given.add(role.asText()));
    }
    Collections.sort(given);
    assertEquals(ROLES, given);
  }

  private static List<Long> entries(JsonPath log, String type) {
    return log.getList("items.findAll { it.type == '" + type + "' }.index", Long.class);
  }
}
