package io.vigie.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What processes say of themselves: lines that a program reads, and nobody's name or secret. */
@OnOneMachine("reads what processes log")
class LogsTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> SERVICES =
      List.of("asset", "access", "incident", "backup", "audit");

  @ParameterizedTest
  @CsvSource({"asset, asset-service", "console, vigie-console"})
  void whatAnImageSetsMakesEachLineAnObject(String component, String service)
      throws IOException, InterruptedException {
    // Given what is set in containers, and in the cluster
    Path log;
    try (Replica replica =
        Replica.start(component, Map.of("QUARKUS_LOG_CONSOLE_JSON_ENABLED", "true"))) {
      log = replica.log().toPath();
    }

    // Then it says in JSON what it has to say until its end; the JVM has its own words
    List<String> lines = Files.readAllLines(log);
    assertEquals(List.of(), lines.stream().filter(line -> line.matches("\\d{4}-.*")).toList());
    List<String> objects = lines.stream().filter(line -> line.startsWith("{")).toList();
    assertFalse(objects.isEmpty());
    for (String object : objects) {
      JsonNode line = JSON.readTree(object);
      assertTrue(line.get("timestamp").textValue().endsWith("Z"), object);
      Instant.parse(line.get("timestamp").textValue());
      assertEquals(service, line.get("service").textValue());
      assertTrue(line.get("mdc").isObject(), object);
      Stream.of("level", "loggerName", "message", "threadName", "hostName")
          .forEach(name -> assertTrue(line.path(name).isTextual(), name + " of " + object));
    }
  }

  @Test
  void whatPeopleAndProgramsSendStandsInNoLog() throws SQLException, IOException {
    // Given a word that stands for a name, an address, a password and a token
    String word = "zq" + UUID.randomUUID().toString().replace("-", "");
    String failed = UUID.randomUUID().toString();

    // When it comes where it is refused, in each way that there is
    for (String service : SERVICES) {
      String address = Platform.stack().url(service).toString();
      String path = "/v1/operator/parked";
      refused(Platform.bearing("e30." + word + "." + word, address).get(path), 401);
      refused(Platform.as("sysadmin", service).get(path + "?access_token=" + word), 400);
      refused(Platform.as("sysadmin", service).get("/v1/" + word), 404);
    }
    Map<String, Object> person =
        new HashMap<>(
            Map.of(
                "givenName",
                word,
                "familyName",
                word,
                "email",
                word + "@agency.example",
                "businessProfile",
                "developer",
                "joinedOn",
                "2025-09-01"));
    refused(join("{\"givenName\": " + word), 400);
    refused(join("{\"" + word + "\": \"" + word + "\"}"), 400);
    refused(join(Map.of("givenName", word, "email", word, "joinedOn", word)), 400);
    Access.join(word);
    refused(join(person), 409);

    // and where the service fails at it
    sql("revoke insert on person from access");
    try {
      person.put("email", "another." + word + "@agency.example");
      refused(
          Platform.as("access-manager", "access")
              .header("X-Request-Id", failed)
              .body(person)
              .post("/v1/people"),
          500);
    } finally {
      sql("grant insert on person to access");
    }

    // and at the console, where browsers come back from signing in
    String console = Platform.stack().url("console").toString();
    for (String path : List.of("/callback?state=" + word + "&code=" + word, "/tasks?" + word)) {
      Response answer =
          RestAssured.given()
              .redirects()
              .follow(false)
              .header("Cookie", "q_session=" + word)
              .get(console + path);
      assertTrue(answer.statusCode() < 500, path + ": " + answer.statusCode());
    }

    // Then no log has it, and that of the service has the failure
    assertTrue(log("access").contains(failed));
    assertTrue(log("postgresql").contains("permission denied for table person"));
    for (String name :
        Stream.concat(SERVICES.stream(), Stream.of("console", "postgresql")).toList()) {
      assertEquals(List.of(), log(name).lines().filter(line -> line.contains(word)).toList(), name);
    }
  }

  private static Response join(Object body) {
    return Platform.as("access-manager", "access").body(body).post("/v1/people");
  }

  private static void refused(Response answer, int status) {
    assertEquals(status, answer.statusCode(), answer.asString());
  }

  private static String log(String name) throws IOException {
    return Files.readString(Platform.site().state().resolve("log/" + name + ".log"));
  }

  private static void sql(String statement) throws SQLException {
    try (Connection database = Platform.stack().superuser("access");
        Statement sql = database.createStatement()) {
      sql.execute(statement);
    }
  }
}
