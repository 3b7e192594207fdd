package io.vigie.system;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** What somebody is told by mail, from the service that asks for it to their mailbox. */
@OnOneMachine("changes a row, and reads mail")
class NoticeTest {

  private static final String HOLDER = "auditor";

  @Test
  void whoHasARightFindsTheReminderThatItEndsInTheirMailboxOnce() throws Exception {
    // Given a right that ends in ten days and was approved a month ago
    JsonNode person = person();
    String id = person.path("id").asText();
    String right =
        Platform.as(HOLDER, "access")
            .body(
                Map.of(
                    "person",
                    id,
                    "entitlement",
                    entitlement(id),
                    "reason",
                    "the yearly audit",
                    "validUntil",
                    Instant.now().plus(Duration.ofDays(10)).toString()))
            .post("/v1/rights")
            .then()
            .statusCode(201)
            .extract()
            .path("id");
    Platform.as("access-manager", "access")
        .header("If-Match", "\"0\"")
        .post("/v1/rights/" + right + "/approval")
        .then()
        .statusCode(200);
    age(right);

    // Then
    await()
        .atMost(Duration.ofMinutes(3))
        .pollInterval(Duration.ofSeconds(2))
        .untilAsserted(() -> assertEquals(1, mailsAbout(right).size()));
    assertEquals(
        person.path("email").asText(), mailsAbout(right).get(0).path("to").get(0).asText());
    await()
        .atMost(Duration.ofMinutes(3))
        .untilAsserted(
            () ->
                Platform.as("sysadmin", "incident")
                    .get("/v1/notices?state=SENT&person=" + id)
                    .then()
                    .body("items.parameters.right", hasItem(right))
                    .body("items.attempts", hasItem(1)));
    await()
        .atMost(Duration.ofMinutes(3))
        .untilAsserted(
            () ->
                Platform.as("auditor", "audit")
                    .get("/v1/objects/person/" + id + "/timeline?limit=200")
                    .then()
                    .body(
                        "items.type",
                        hasItems("notification.requested.v1", "notification.sent.v1")));
    assertEquals(1, mailsAbout(right).size());
  }

  /** The person who has the account {@value #HOLDER}, registered by whichever test came first. */
  private static JsonNode person() throws IOException {
    byte[] claims = Base64.getUrlDecoder().decode(Platform.token(HOLDER).split("\\.")[1]);
    String subject = new ObjectMapper().readTree(claims).get("sub").asText();
    JsonNode known =
        new ObjectMapper()
            .readTree(
                Platform.as("access-manager", "access")
                    .get("/v1/people?subject=" + subject)
                    .asString())
            .path("items");
    return known.isEmpty()
        ? new ObjectMapper()
            .readTree(
                Platform.as("access-manager", "access")
                    .body(
                        Map.of(
                            "givenName", "Morgan",
                            "familyName", "Simon",
                            "email", "morgan-" + UUID.randomUUID() + "@agency.example",
                            "subject", subject,
                            "businessProfile", "auditor",
                            "joinedOn", "2025-09-01"))
                    .post("/v1/people")
                    .then()
                    .statusCode(201)
                    .extract()
                    .asString())
        : known.get(0);
  }

  /** No test waits a month. */
  private static void age(String right) throws SQLException {
    try (Connection database = Platform.stack().superuser("access");
        Statement statement = database.createStatement()) {
      statement.execute(
          "update access_right set decided_at = decided_at - interval '30 days' where id = '"
              + right
              + "'");
    }
  }

  private static List<JsonNode> mailsAbout(String right) throws Exception {
    URI sink = URI.create(Platform.stack().url("mail") + "/api/messages");
    String mails =
        HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(sink).build(), BodyHandlers.ofString())
            .body();
    List<JsonNode> found = new ArrayList<>();
    for (JsonNode mail : new ObjectMapper().readTree(mails)) {
      if (mail.path("text").asText().contains(right)) {
        found.add(mail);
      }
    }
    return found;
  }

  private static String entitlement(String owner) {
    return Platform.as("access-manager", "access")
        .body(
            Map.of(
                "asset",
                UUID.randomUUID().toString(),
                "name",
                "read",
                "type",
                "SERVER_ACCOUNT",
                "terms",
                Map.of("owner", owner, "sensitivity", "NORMAL", "longest", "P30D")))
        .post("/v1/entitlements")
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }
}
