package io.vigie.access.physical;

import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vigie.access.Api;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import org.junit.jupiter.api.Test;

import static io.vigie.access.Api.TOKEN;
import static io.vigie.access.Api.join;
import static io.vigie.access.physical.Premises.admit;
import static io.vigie.access.physical.Premises.badge;
import static io.vigie.access.physical.Premises.key;
import static io.vigie.access.physical.Premises.step;
import static io.vigie.access.physical.Premises.tasks;
import static io.vigie.access.physical.Premises.unique;
import static io.vigie.access.physical.Premises.zone;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.testkit.Rest.problem;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class KeyResourceTest {

  @Test
  void aKeyGoesToWhoMayEnterEveryZoneThatItOpensAndComesBackWhenTheyMayNot() {
    // Given a key to two zones, of which somebody may enter one
    String lobby = zone();
    String vault = zone();
    String key = key(lobby, vault);
    String path = "/v1/keys/" + key;
    UUID account = UUID.randomUUID();
    String person = join(account);
    admit(person, lobby);
    problem(step(TOKEN, path, "handout", Map.of("person", person)), 422, "no-right");

    // When they may enter the other, too
    String right = admit(person, vault);
    step(TOKEN, path, "handout", Map.of("person", person))
        .then()
        .statusCode(200)
        .body("state", equalTo("HANDED_OUT"))
        .body("holder", equalTo(person));

    // Then they have it, and see it
    Rest.as(Tokens.of(account)).get("/v1/keys").then().body("items.id", contains(key));
    problem(Rest.as(Tokens.of(STAFF)).get(path), 403, "forbidden");
    Rest.as(TOKEN).get("/v1/keys?zone=" + vault).then().body("items.id", contains(key));
    Rest.as(TOKEN).get("/v1/keys?zone=" + zone()).then().body("items", hasSize(0));
    tasks(TOKEN).then().body("items.id", not(hasItem(key)));

    // And when they lose the right, it is to come back
    Api.act(TOKEN, right, "revocation", Map.of("reason", "moved")).then().statusCode(200);
    tasks(TOKEN).then().body("items.findAll { it.kind == 'key.recover' }.id", hasItem(key));
    step(TOKEN, path, "return", Map.of())
        .then()
        .statusCode(200)
        .body("state", equalTo("IN_SAFE"))
        .body("holder", nullValue());
    tasks(TOKEN).then().body("items.id", not(hasItem(key)));
  }

  @Test
  void whoHasAKeyReportsItsLossAndALostOneIsFoundOrDestroyed() {
    String zone = zone();
    UUID account = UUID.randomUUID();
    String person = join(account);
    admit(person, zone);
    String key = key(zone);
    String path = "/v1/keys/" + key;
    step(TOKEN, path, "handout", Map.of("person", person)).then().statusCode(200);

    problem(step(Tokens.of(STAFF), path, "loss", Map.of()), 403, "forbidden");
    step(Tokens.of(account), path, "loss", Map.of())
        .then()
        .statusCode(200)
        .body("state", equalTo("LOST"))
        .body("holder", equalTo(person));
    problem(step(TOKEN, path, "handout", Map.of("person", person)), 409, "key-lost");
    step(TOKEN, path, "destruction", Map.of("reason", "lock changed"))
        .then()
        .statusCode(200)
        .body("state", equalTo("DESTROYED"));
    problem(step(TOKEN, path, "return", Map.of()), 409, "key-destroyed");
  }

  @Test
  void copiesAreNumberedAndOpenZonesThatAreInUse() {
    String zone = zone();
    String code = unique("K");
    Map<String, Object> first = Map.of("code", code, "copy", 1, "zones", List.of(zone));

    Premises.created(Rest.as(TOKEN).body(first).post("/v1/keys"));
    problem(Rest.as(TOKEN).body(first).post("/v1/keys"), 409, "already-exists");
    Premises.created(
        Rest.as(TOKEN)
            .body(Map.of("code", code, "copy", 2, "zones", List.of(zone)))
            .post("/v1/keys"));
    problem(
        Rest.as(TOKEN)
            .body(Map.of("code", code, "copy", 3, "zones", List.of(UUID.randomUUID())))
            .post("/v1/keys"),
        422,
        "unknown-zone");
  }

  @Test
  void aZoneTellsWhoMayEnterItAndWhoHasItsKeys() {
    // Given somebody with a right, a badge and two keys, and somebody with a right alone
    String zone = zone();
    String ada = join(null);
    String ben = join(null);
    admit(ada, zone);
    String bens = admit(ben, zone);
    String badge = badge(unique("B"), ada);
    for (String key : List.of(key(zone), key(zone))) {
      step(TOKEN, "/v1/keys/" + key, "handout", Map.of("person", ada)).then().statusCode(200);
    }
    String holders = "/v1/physical-zones/" + zone + "/holders";

    // Then
    Rest.as(TOKEN)
        .get(holders)
        .then()
        .statusCode(200)
        .body("items.person", contains(ada, ben))
        .body("items.entitled", contains(true, true))
        .body("items[0].badge", equalTo(badge))
        .body("items.keys", contains(2, 0));
    Rest.as(TOKEN)
        .get(holders + "?limit=1&after=" + ada)
        .then()
        .body("items.person", contains(ben));
    problem(
        step(TOKEN, "/v1/physical-zones/" + zone, "closure", Map.of()), 409, "zone-has-holders");

    // And when a right is revoked, its holder is gone
    Api.act(TOKEN, bens, "revocation", Map.of("reason", "moved")).then().statusCode(200);
    Rest.as(TOKEN).get(holders).then().body("items.person", contains(ada));
  }
}
