package io.vigie.access.person;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vigie.access.Api;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static io.vigie.access.Api.TOKEN;
import static io.vigie.access.Api.join;
import static io.vigie.access.Api.leave;
import static io.vigie.access.Api.profile;
import static io.vigie.kernel.security.Roles.ACCESS_MANAGER;
import static io.vigie.kernel.security.Roles.CISO;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.kernel.security.Roles.TOOL;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.header;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class PersonResourceTest {

  @Test
  void whatIsPublishedOfAPersonHasNeitherNameNorAddress() {
    // Given
    UUID subject = UUID.randomUUID();
    String id = join(subject);
    Map<String, Object> moved = profile(subject);
    moved.put("familyName", "King");
    moved.put("businessProfile", "team lead");

    // When
    put(id, moved)
        .then()
        .statusCode(200)
        .body("familyName", equalTo("King"))
        .body("joinedOn", equalTo("2025-09-01"))
        .header("ETag", equalTo("\"1\""));

    // Then
    try (Topic topic = Topic.named("vigie.access.events")) {
      List<ConsumerRecord<String, byte[]>> records = topic.await(2, about(id));
      assertEquals(
          List.of("person.joined.v1", "person.changed.v1"),
          records.stream().map(record -> header(record, "ce_type")).toList());
      String changed = new String(records.get(1).value());
      assertTrue(
          changed.contains("\"fields\":[\"businessProfile\",\"email\",\"familyName\"]"), changed);
      assertTrue(changed.contains("\"changes\":{\"businessProfile\":\"team lead\"}"), changed);
      for (ConsumerRecord<String, byte[]> record : records) {
        String text = new String(record.value());
        assertFalse(text.contains("Lovelace") || text.contains("King") || text.contains("@"), text);
      }
    }
  }

  @Test
  void anAccessManagerNeitherRegistersThemselvesNorBecomesSomebodyElse() {
    UUID newcomer = UUID.randomUUID();
    String token = Tokens.of(newcomer, ACCESS_MANAGER);
    String id = join(null);

    for (Response answer :
        List.of(
            Rest.as(token).body(profile(newcomer)).post("/v1/people"),
            Api.change(token, "PUT", "/v1/people/" + id, "", profile(newcomer)))) {
      answer.then().statusCode(422).body("type", equalTo("urn:vigie:problem:own-account"));
    }
    put(id, profile(newcomer)).then().statusCode(200).body("subject", equalTo(newcomer.toString()));
  }

  @Test
  void aPersonWhoHasOrAskedForARightKeepsTheirAccount() {
    // Given a person without account for whom a right was asked
    String id = join(null);
    String right = Api.requestFor(id);
    Map<String, Object> withAccount = profile(UUID.randomUUID());

    // Then neither the request nor its approval lets an account come to it
    assertKeepsAccount(id, withAccount);
    Api.approve(right).then().statusCode(200);
    assertKeepsAccount(id, withAccount);
    put(id, profile(null)).then().statusCode(200);

    // Until the right has ended
    Api.act(TOKEN, right, "revocation", Map.of("reason", "new account")).then().statusCode(200);
    put(id, withAccount)
        .then()
        .statusCode(200)
        .body("subject", equalTo(withAccount.get("subject")));
  }

  private static void assertKeepsAccount(String id, Map<String, Object> profile) {
    put(id, profile)
        .then()
        .statusCode(409)
        .body("type", equalTo("urn:vigie:problem:account-has-rights"));
  }

  @Test
  void aPutThatChangesNothingMakesNoNewVersion() {
    Map<String, Object> profile = profile(null);
    String id = Rest.as(TOKEN).body(profile).post("/v1/people").path("id");

    put(id, profile).then().statusCode(200).header("ETag", equalTo("\"0\""));
  }

  @Test
  void namesOfManyIdsComeInOneAnswer() {
    List<String> ids = Stream.generate(() -> join(null)).limit(60).toList();

    Response answer =
        Rest.as(Tokens.of(TOOL))
            .get("/v1/people?ids=" + String.join(",", ids) + "," + UUID.randomUUID());

    answer.then().statusCode(200).header("Link", nullValue());
    assertEquals(ids, answer.path("items.id"));
    assertEquals("Lovelace", answer.path("items[59].familyName"));
  }

  @Test
  void whoeverIsMeantByTheirIdOrTheirAccountComesInOneAnswer() {
    UUID account = UUID.randomUUID();
    String byAccount = join(account);
    String byId = join(null);
    String other = join(UUID.randomUUID());

    Response answer =
        Rest.as(Tokens.of(STAFF))
            .get(
                "/v1/people?who="
                    + String.join(
                        ",", byId, account.toString().toUpperCase(), UUID.randomUUID().toString()));

    answer
        .then()
        .statusCode(200)
        .header("Link", nullValue())
        .body("items.id", containsInAnyOrder(byAccount, byId))
        .body("items.id", not(hasItem(other)));
    Rest.as(TOKEN)
        .get("/v1/people?who=7")
        .then()
        .statusCode(400)
        .body("errors.field", contains("who"));
  }

  @Test
  void oneToTwoHundredIdsAreAskedForAtOnce() {
    String id = join(null);

    Rest.as(TOKEN)
        .get("/v1/people?ids=" + String.join(",", Collections.nCopies(200, id)))
        .then()
        .body("items.id", contains(id));
    for (String wrong : List.of("7", id + ",", String.join(",", Collections.nCopies(201, id)))) {
      Rest.as(TOKEN)
          .get("/v1/people?ids=" + wrong)
          .then()
          .statusCode(400)
          .body("errors.field", contains("ids"));
    }
  }

  @Test
  void aListFilters() {
    UUID subject = UUID.randomUUID();
    String present = join(subject);
    String gone = join(null);
    leave(gone).then().statusCode(200);

    Rest.as(TOKEN).get("/v1/people?subject=" + subject).then().body("items.id", contains(present));
    Rest.as(TOKEN)
        .get("/v1/people?state=LEFT&ids=" + present + "," + gone)
        .then()
        .body("items.id", contains(gone));
  }

  @Test
  void aPageLeadsToTheNext() {
    String first = join(null);
    String second = join(null);
    String third = join(null);

    Response page = Rest.as(TOKEN).get("/v1/people?state=ACTIVE&limit=1&after=" + first);
    page.then().body("items.id", contains(second));
    Rest.as(TOKEN)
        .get(page.header("Link").replaceAll("<(.*)>.*", "$1"))
        .then()
        .body("items.id", contains(third))
        .header("Link", nullValue());
  }

  @Test
  void aCallerFindsTheirOwnPersonByTheirAccount() {
    UUID subject = UUID.randomUUID();
    String id = join(subject);

    Rest.as(Tokens.of(subject, STAFF)).get("/v1/people/me").then().body("id", equalTo(id));
    Rest.as(Tokens.of(STAFF))
        .get("/v1/people/me")
        .then()
        .statusCode(404)
        .body("detail", containsString("access manager"));
  }

  @Test
  void whyAPersonLeftIsForThoseWhoDealWithDepartures() {
    String id = join(null);
    Api.change(
            TOKEN, "POST", "/v1/people/" + id, "/departure", Map.of("reason", "gross misconduct"))
        .then()
        .statusCode(200)
        .body("state", equalTo("LEFT"))
        .body("departureReason", equalTo("gross misconduct"));

    Rest.as(Tokens.of(CISO))
        .get("/v1/people/" + id)
        .then()
        .body("departureReason", equalTo("gross misconduct"));
    for (String role : List.of(STAFF, TOOL)) {
      String answer = Rest.as(Tokens.of(role)).get("/v1/people/" + id).asString();
      String list = Rest.as(Tokens.of(role)).get("/v1/people?ids=" + id).asString();
      assertTrue(answer.contains("LEFT") && list.contains("LEFT"));
      assertFalse(answer.contains("misconduct") || list.contains("misconduct"));
    }
  }

  @Test
  void anAddressAndAnAccountBelongToOnePersonForEver() {
    // Given somebody who left
    UUID subject = UUID.randomUUID();
    Map<String, Object> profile = profile(subject);
    String id = Rest.as(TOKEN).body(profile).post("/v1/people").path("id");
    leave(id).then().statusCode(200);

    // Then neither is given again
    Map<String, Object> sameAddress = profile(null);
    sameAddress.put("email", profile.get("email").toString().toUpperCase());
    Map<String, Object> sameAccount = profile(subject);
    for (Map<String, Object> body : List.of(sameAddress, sameAccount)) {
      Rest.as(TOKEN)
          .body(body)
          .post("/v1/people")
          .then()
          .statusCode(409)
          .body("type", equalTo("urn:vigie:problem:already-exists"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "givenName, ''",
    "familyName, ' '",
    "email, not-an-address",
    "subject, not-a-uuid",
    "subject, 7F0C1C56-4F5E-4D0E-9A53-0D1F6A2B9C11",
    "joinedOn, 1066-10-14",
    "joinedOn, +999999999-12-31",
    "joinedOn, yesterday",
    "nickname, ada"
  })
  void aWrongFieldIsNamed(String field, String value) {
    Map<String, Object> body = profile(null);
    body.put(field, value);

    Rest.as(TOKEN)
        .body(body)
        .post("/v1/people")
        .then()
        .statusCode(400)
        .contentType(containsString("application/problem+json"))
        .body("errors.field", contains(field));
  }

  @Test
  void longTextsAndMissingFieldsAreRefused() {
    Map<String, Object> body = profile(null);
    body.put("businessProfile", "x".repeat(101));
    body.remove("email");

    Rest.as(TOKEN)
        .body(body)
        .post("/v1/people")
        .then()
        .statusCode(400)
        .body("errors.field", contains("businessProfile", "email"));
  }

  @Test
  void aChangeNamesTheVersionItChanges() {
    String path = "/v1/people/" + join(null);

    Rest.as(TOKEN).body(profile(null)).put(path).then().statusCode(428);
    Rest.as(TOKEN).header("If-Match", "\"7\"").body(profile(null)).put(path).then().statusCode(412);
    Rest.as(TOKEN).body("{}").post(path + "/departure").then().statusCode(428);
    Rest.as(TOKEN)
        .header("If-Match", "\"7\"")
        .body("{}")
        .post(path + "/departure")
        .then()
        .statusCode(412);
  }

  @Test
  void whatIsNotThereIsNotFoundAndWhatIsUnknownIsRefused() {
    Rest.as(TOKEN).get("/v1/people/" + UUID.randomUUID()).then().statusCode(404);
    Rest.as(TOKEN).get("/v1/people/7").then().statusCode(404);
    Rest.as(TOKEN).get("/v1/people?state=GONE").then().statusCode(400);
    Rest.as(TOKEN).get("/v1/people?email=x").then().statusCode(400);
  }

  private static Response put(String id, Map<String, Object> body) {
    return Api.change(TOKEN, "PUT", "/v1/people/" + id, "", body);
  }
}
