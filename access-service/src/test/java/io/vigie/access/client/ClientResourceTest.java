package io.vigie.access.client;

import java.time.LocalDate;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

import static io.vigie.access.Api.TOKEN;
import static io.vigie.access.Api.join;
import static io.vigie.access.client.Clients.FILE;
import static io.vigie.access.client.Clients.INSTRUCTION_FILE;
import static io.vigie.access.client.Clients.TODAY;
import static io.vigie.access.client.Clients.approved;
import static io.vigie.access.client.Clients.change;
import static io.vigie.access.client.Clients.profile;
import static io.vigie.access.client.Clients.register;
import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.RESPONDER;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static io.vigie.kernel.security.Roles.TOOL;
import static io.vigie.testkit.Rest.problem;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static io.vigie.testkit.Topic.ofType;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class ClientResourceTest {

  private static Map<String, String> ending() {
    return Map.of("fate", "RETURNED", "dueOn", TODAY.plusDays(30).toString());
  }

  private static Response get(String role, String client) {
    return Rest.as(Tokens.of(role)).get("/v1/clients/" + client);
  }

  @Test
  void aClientGoesFromItsContractToItsDataReturnedAndNoEventNamesItOrItsContact() {
    // Given
    UUID asset = UUID.randomUUID();
    Map<String, Object> profile = profile(asset);
    String client = register(profile);

    // When
    profile.put("notificationDelayHours", 24);
    change(client, "PUT", "", profile)
        .then()
        .statusCode(200)
        .header("ETag", equalTo("\"1\""))
        .body("notificationDelayHours", equalTo(24));
    change(client, "PUT", "", profile).then().statusCode(200).header("ETag", equalTo("\"1\""));
    change(client, "POST", "/ending", ending())
        .then()
        .statusCode(200)
        .body("state", equalTo("ENDED"))
        .body("contact.name", equalTo("Dominique Lefèvre"));
    change(client, "POST", "/data-settlement", Map.of("evidence", INSTRUCTION_FILE))
        .then()
        .statusCode(200)
        .body("settledAt", notNullValue())
        .body("contact", nullValue());

    // Then
    try (Topic topic = Topic.named("vigie.access.events")) {
      List<ConsumerRecord<String, byte[]>> records = topic.await(4, about("client/" + client));
      assertEquals(
          List.of(
              "client.registered.v1",
              "client.changed.v1",
              "client.ended.v1",
              "client.data-settled.v1"),
          records.stream().map(record -> header(record, "ce_type")).toList());
      for (ConsumerRecord<String, byte[]> record : records) {
        String text = new String(record.value());
        assertFalse(
            text.contains("Lefèvre")
                || text.contains("@")
                || text.contains(profile.get("name").toString()),
            text);
      }
      String registered = new String(records.get(0).value());
      assertTrue(registered.contains("\"notificationDelayHours\":48"), registered);
      assertTrue(registered.contains("\"assets\":[\"" + asset + "\"]"), registered);
      assertTrue(registered.contains("\"file\":\"" + FILE + "\""), registered);
      String changed = new String(records.get(1).value());
      assertTrue(changed.contains("\"changes\":{\"notificationDelayHours\":24}"), changed);
    }
  }

  @Test
  void theContactIsForThoseWhoMayHaveToCall() {
    String client = register();

    for (String role : List.of(RESPONDER, CISO, AUDITOR)) {
      get(role, client).then().body("contact.email", equalTo("lefevre@client.example"));
    }
    for (String role : List.of(STAFF, ASSET_MANAGER, SYSADMIN, TOOL)) {
      get(role, client)
          .then()
          .statusCode(200)
          .body("name", containsString("Client "))
          .body("contact", nullValue());
      String list = Rest.as(Tokens.of(role)).get("/v1/clients?limit=200").asString();
      assertFalse(list.contains("lefevre"));
    }
  }

  @Test
  void aContractThatIsOverIsATaskAndSoIsTheDataOfAnEndedClient() {
    Map<String, Object> profile = profile(UUID.randomUUID());
    profile.put("contract", contractUntil(TODAY.minusDays(1)));
    String client = register(profile);
    assertTasksOf(client, List.of("client.renew-or-end"));

    profile.put("contract", contractUntil(TODAY));
    change(client, "PUT", "", profile).then().statusCode(200);
    assertTasksOf(client, List.of());

    change(client, "POST", "/ending", ending()).then().statusCode(200);
    assertTasksOf(client, List.of("client.settle-data"));
    change(client, "POST", "/data-settlement", Map.of("evidence", FILE)).then().statusCode(200);
    assertTasksOf(client, List.of());
  }

  private static Map<String, Object> contractUntil(LocalDate day) {
    return Map.of(
        "reference",
        "r",
        "startsOn",
        TODAY.minusYears(2).toString(),
        "endsOn",
        day.toString(),
        "file",
        FILE);
  }

  @Test
  void clientsAreFoundByWhereTheirDataIs() {
    UUID asset = UUID.randomUUID();
    String client = register(profile(asset));
    String ended = register(profile(asset));
    change(ended, "POST", "/ending", ending()).then().statusCode(200);

    Rest.as(TOKEN)
        .get("/v1/clients?asset=" + asset)
        .then()
        .body("items.id", contains(client, ended));
    Rest.as(TOKEN)
        .get("/v1/clients?state=ACTIVE&asset=" + asset)
        .then()
        .body("items.id", contains(client));
    Rest.as(TOKEN)
        .get("/v1/clients?limit=1&asset=" + asset)
        .then()
        .header("Link", containsString("after=" + client));
    Rest.as(TOKEN).get("/v1/clients?name=x").then().statusCode(400);
  }

  @Test
  void aNameIsOfOneClientAtATime() {
    Map<String, Object> profile = profile(UUID.randomUUID());
    String client = register(profile);
    profile.put("name", profile.get("name").toString().toUpperCase());

    problem(Rest.as(TOKEN).body(profile).post("/v1/clients"), 409, "already-exists");
    change(client, "POST", "/ending", ending()).then().statusCode(200);
    register(profile);
  }

  @Test
  void whatIsWrongWithAProfileIsToldFieldByField() {
    Map<String, Object> profile = profile(UUID.randomUUID());
    profile.put("notificationDelayHours", 0);
    profile.put("contract", Map.of("reference", " ", "startsOn", "2026-01-01", "file", "x"));
    profile.put("contact", Map.of("name", "N", "email", "nobody"));
    Rest.as(TOKEN)
        .body(profile)
        .post("/v1/clients")
        .then()
        .statusCode(400)
        .body(
            "errors.field",
            contains(
                "contact.email", "contract.file", "contract.reference", "notificationDelayHours"));

    Map<String, Object> unknown = profile(UUID.randomUUID());
    unknown.put("data", List.of(Map.of("category", "secrets", "assets", List.of())));
    Rest.as(TOKEN)
        .body(unknown)
        .post("/v1/clients")
        .then()
        .statusCode(400)
        .body("errors[0].message", containsString("[secrets]; there are [identity,"));
    unknown.put(
        "data", List.of(Map.of("category", "identity", "assets", Collections.singletonList(null))));
    Rest.as(TOKEN).body(unknown).post("/v1/clients").then().statusCode(400);
  }

  @Test
  void aStepNamesTheVersionItChanges() {
    String path = "/v1/clients/" + register();
    Map<String, Map<String, ?>> steps =
        Map.of("/ending", ending(), "/data-settlement", Map.of("evidence", FILE));

    steps.forEach(
        (step, body) -> {
          Rest.as(TOKEN).body(body).post(path + step).then().statusCode(428);
          Rest.as(TOKEN)
              .header("If-Match", "\"9\"")
              .body(body)
              .post(path + step)
              .then()
              .statusCode(412);
        });
    problem(
        Rest.as(TOKEN)
            .header("If-Match", "\"0\"")
            .body(Map.of("evidence", FILE))
            .post(path + "/data-settlement"),
        409,
        "client-active");
  }

  @Test
  void theStateOfEveryClientAndAccessCanBePublishedAgain() {
    String client = register();
    String access = approved(client, join(null), 3);

    Rest.as(Tokens.of(SYSADMIN)).post("/v1/snapshots").then().statusCode(200);

    try (Topic topic = Topic.named("vigie.access.events")) {
      String ofClient =
          new String(
              topic
                  .await(1, about("client/" + client).and(ofType("client.snapshot.v1")))
                  .get(0)
                  .value());
      assertTrue(ofClient.contains("\"notificationDelayHours\":48"), ofClient);
      assertFalse(ofClient.contains("Lefèvre"), ofClient);
      assertEquals(
          "2",
          header(
              topic.await(1, about(access).and(ofType("client-access.snapshot.v1"))).get(0),
              "ce_eventnumber"));
    }
  }

  private static Response tasks() {
    return Rest.as(TOKEN).get("/v1/tasks?limit=200");
  }

  private static void assertTasksOf(String client, List<String> kinds) {
    List<String> found =
        tasks()
            .then()
            .extract()
            .jsonPath()
            .getList("items.findAll { it.subject == 'client/" + client + "' }.kind");
    assertEquals(kinds, found);
    Rest.as(Tokens.of(STAFF))
        .get("/v1/tasks?limit=200")
        .then()
        .body("items.subject", not(hasItem("client/" + client)));
  }
}
