package io.vigie.asset;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.vigie.testkit.Infrastructure;
import io.vigie.testkit.Logged;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.vigie.kernel.security.Roles.ASSET_MANAGER;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What every service logs where programs read it, as in containers; shown on this one. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
@TestProfile(LogLinesTest.ForPrograms.class)
class LogLinesTest {

  private static final String NAME = "logging";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A service with a database of its own, which a test may damage. */
  public static final class ForPrograms implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "vigie.name",
          NAME,
          "vigie.relay.enabled",
          "false",
          "quarkus.log.console.json.enabled",
          "true");
    }
  }

  @Test
  void aFailureIsOneLineWithItsTimeItsServiceItsRequestAndAllOfItsCauses() throws SQLException {
    // Given a service that may not read what it must
    String request = UUID.randomUUID().toString();
    JsonNode line;
    try (Logged log = new Logged()) {
      sql("revoke select on asset from " + NAME);

      // When
      Rest.as(Tokens.of(ASSET_MANAGER))
          .header("X-Request-Id", request)
          .get("/v1/assets")
          .then()
          .statusCode(500);
      line = line(log.with(" failed"), "io.vigie.kernel.web.Problems");
    } finally {
      sql("grant select on asset to " + NAME);
    }

    // Then
    assertEquals("ERROR", line.get("level").textValue());
    assertEquals("GET /v1/assets failed", line.get("message").textValue());
    assertEquals("asset-service", line.get("service").textValue());
    assertEquals(request, line.at("/mdc/requestId").textValue());
    String time = line.get("timestamp").textValue();
    assertTrue(time.endsWith("Z"), time);
    Duration age = Duration.between(Instant.parse(time), Instant.now());
    assertTrue(age.compareTo(Duration.ofMinutes(1)) < 0, time);
    JsonNode failure = line.get("exception");
    assertFalse(failure.get("exceptionType").textValue().isBlank());
    assertTrue(failure.get("frames").size() > 3, failure::toString);
    assertTrue(failure.toString().contains("permission denied for table asset"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"aggregateId\":\"Marie zqmartin\",\"at\":\"2026-01-02T03:04:05Z\"}",
        "{\"aggregateId\":zqmartin}",
        "\"zqmartin@agency.example\"",
        "{\"aggregateId\":null,\"at\":\"zqmartin\"}"
      })
  void anEventThatCannotBeWorkedIsNamedInEachLineAboutItAndNotQuoted(String data) {
    String person = UUID.randomUUID().toString();
    UUID event;
    List<String> lines;
    try (Logged log = new Logged();
        Topic access = Topic.named("vigie.access.events")) {
      // When
      event = access.publish("person.left.v1", "person/" + person, person, data);
      await()
          .atMost(Duration.ofMinutes(3))
          .until(
              () -> log.with(person).stream().anyMatch(line -> line.contains("departures parks ")));
      lines = log.lines();
    }

    // Then
    List<String> named = lines.stream().filter(line -> line.contains(event.toString())).toList();
    assertTrue(named.stream().anyMatch(line -> line.contains("trying again")), lines::toString);
    JsonNode parked =
        line(
            named.stream().filter(line -> line.contains("departures parks ")).toList(),
            "io.vigie.kernel.inbox.Inbox");
    assertEquals(event.toString(), parked.at("/mdc/eventId").textValue());
    String why = parked.at("/exception/message").textValue();
    assertTrue(why.matches("the data does not fit Left: \\w+ at line: 1, column: \\d+"), why);
    assertEquals(List.of(), lines.stream().filter(line -> line.contains("zqmartin")).toList());
  }

  /** The one of these that a class wrote. */
  private static JsonNode line(List<String> lines, String by) {
    List<JsonNode> its =
        lines.stream()
            .map(LogLinesTest::read)
            .filter(line -> by.equals(line.get("loggerName").textValue()))
            .toList();
    assertNotEquals(List.of(), its);
    return its.get(0);
  }

  private static JsonNode read(String line) {
    assertFalse(line.strip().contains("\n"), line);
    try {
      return JSON.readTree(line);
    } catch (IOException e) {
      throw new UncheckedIOException(line, e);
    }
  }

  private static void sql(String statement) throws SQLException {
    try (Connection database = Infrastructure.running().superuser(NAME);
        Statement sql = database.createStatement()) {
      sql.execute(statement);
    }
  }
}
