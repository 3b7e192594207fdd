package io.vigie.access.directory;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.test.Mock;
import io.quarkus.vertx.VertxContextSupport;
import io.restassured.response.Response;
import io.smallrye.mutiny.Uni;
import io.vigie.access.Api;
import io.vigie.stack.Stack;
import io.vigie.testkit.Rest;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.BeforeAll;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * What tests of the service and the platform's real Keycloak, which they share, do again and again.
 */
abstract class KeycloakScenarios {

  /** What rights give, as the tests tell; of people of whom they do not, as it is. */
  @Mock
  @ApplicationScoped
  static class Granted implements DirectoryGrants {
    private final Map<UUID, Grant> grants = new ConcurrentHashMap<>();
    private final EffectiveGrants effective;

    Granted(EffectiveGrants effective) {
      this.effective = effective;
    }

    @Override
    public Uni<Map<UUID, Grant>> of(Collection<UUID> people) {
      Map<UUID, Grant> told = new HashMap<>(grants);
      told.keySet().retainAll(people);
      List<UUID> others = people.stream().filter(person -> !told.containsKey(person)).toList();
      return effective
          .of(others)
          .map(
              found -> {
                told.putAll(found);
                return told;
              });
    }

    void set(UUID person, Grant grant) {
      grants.put(person, grant);
    }
  }

  private static final Duration SOON = Duration.ofMinutes(3);

  static Stack stack;
  static Realm realm;

  @Inject Granted granted;
  @Inject Changes changes;

  @BeforeAll
  static void theRealm() {
    stack = RealKeycloak.stack();
    realm = new Realm(stack);
  }

  /** How many seconds it takes is measured by a benchmark: two busy processors may need many. */
  static ConditionFactory soon() {
    return await().atMost(SOON).ignoreExceptions();
  }

  /** Says what a person's rights give now, and marks them as whatever changes rights must. */
  void grant(String person, Set<String> roles, Set<String> groups) {
    granted.set(UUID.fromString(person), new DirectoryGrants.Grant(roles, groups));
    try {
      VertxContextSupport.subscribeAndAwait(
          () ->
              Panache.withTransaction(() -> changes.mark(List.of(UUID.fromString(person)), true)));
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  static void settled(String person) {
    soon()
        .untilAsserted(
            () ->
                Rest.as(Api.TOKEN)
                    .get("/v1/directory/changes?person=" + person)
                    .then()
                    .statusCode(200)
                    .body("items.size()", equalTo(0)));
  }

  /** Somebody with an account of this name, who works here and has signed in before. */
  String employ(String username) {
    String account = realm.make(username);
    Map<String, Object> profile = Api.profile(UUID.fromString(account));
    String person = Rest.as(Api.TOKEN).body(profile).post("/v1/people").path("id");
    settled(person);
    soon().until(() -> realm.rolesOf(account).contains("staff"));
    return person;
  }

  static String accountOf(String person) {
    return Rest.as(Api.TOKEN).get("/v1/people/" + person).path("subject");
  }

  static String name() {
    return "u" + UUID.randomUUID().toString().substring(0, 13);
  }

  static Response drifts(String account, String kind) {
    return Rest.as(Api.TOKEN).get("/v1/drifts?live=true&account=" + account + "&kind=" + kind);
  }

  /** Waits for such a finding about the account; its id. */
  static String found(String account, String kind) {
    return soon()
        .until(
            () -> {
              List<String> ids = drifts(account, kind).path("items.id");
              return ids.size() == 1 ? ids.get(0) : null;
            },
            Objects::nonNull);
  }

  static String stateOf(String drift) {
    return Rest.as(Api.TOKEN).get("/v1/drifts/" + drift).path("state");
  }

  /** Has what is found of this kind put right; what is found anew meanwhile is another finding. */
  static void repair(String account, String kind) {
    String repaired =
        soon()
            .until(
                () -> {
                  String drift = found(account, kind);
                  Response answer =
                      Api.change(Api.TOKEN, "POST", "/v1/drifts/" + drift, "/repair", Map.of());
                  return answer.statusCode() == 200 ? drift : null;
                },
                Objects::nonNull);
    soon().untilAsserted(() -> assertEquals("REPAIRED", stateOf(repaired)));
  }
}
