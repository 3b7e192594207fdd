package io.vigie.access.client;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.restassured.response.Response;
import io.vigie.access.Api;
import io.vigie.testkit.Rest;
import io.vigie.testkit.Tokens;

import static io.vigie.access.Api.TOKEN;
import static io.vigie.kernel.security.Roles.ACCESS_MANAGER;
import static io.vigie.kernel.security.Roles.TOOL;

/** What the tests of clients ask again and again. */
public final class Clients {

  static final LocalDate TODAY = LocalDate.now(ZoneOffset.UTC);
  static final String FILE = "a".repeat(64);
  static final String INSTRUCTION_FILE = "b".repeat(64);

  private Clients() {}

  /** A profile that no other client has, of one whose data is on this asset. */
  static Map<String, Object> profile(UUID asset) {
    return new HashMap<>(
        Map.of(
            "name",
            "Client " + UUID.randomUUID(),
            "contract",
            Map.of(
                "reference",
                "2026-014",
                "startsOn",
                TODAY.minusYears(1).toString(),
                "endsOn",
                TODAY.plusYears(1).toString(),
                "file",
                FILE),
            "data",
            List.of(Map.of("category", "identity", "assets", List.of(asset.toString()))),
            "notificationDelayHours",
            48,
            "contact",
            Map.of("name", "Dominique Lefèvre", "email", "lefevre@client.example")));
  }

  public static String register() {
    return register(profile(UUID.randomUUID()));
  }

  /** Registers a client; returns its id. */
  static String register(Map<String, Object> profile) {
    return Rest.as(TOKEN)
        .body(profile)
        .post("/v1/clients")
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

  static Response change(String client, String method, String what, Map<String, ?> body) {
    return Api.change(TOKEN, method, "/v1/clients/" + client, what, body);
  }

  /** What {@code person} would need for {@code days} from now on, on an instruction. */
  static Map<String, Object> purpose(String client, String person, int days) {
    return new HashMap<>(
        Map.of(
            "client",
            client,
            "person",
            person,
            "purpose",
            Map.of("ground", "INSTRUCTION", "reference", "their mail", "file", INSTRUCTION_FILE),
            "validUntil",
            Instant.now().plusSeconds(days * 86_400L).toString()));
  }

  static Response request(Map<String, Object> body) {
    return Rest.as(TOKEN).body(body).post("/v1/client-accesses");
  }

  /** Asks for access on an instruction; returns its id. */
  static String requested(String client, String person, int days) {
    return request(purpose(client, person, days)).then().statusCode(201).extract().path("id");
  }

  /** The same, approved by somebody else. */
  static String approved(String client, String person, int days) {
    String access = requested(client, person, days);
    act(Tokens.of(ACCESS_MANAGER), access, "approval", Map.of()).then().statusCode(200);
    return access;
  }

  /** The same to the data of a client of its own, for half a year. */
  public static String approvedOf(String person) {
    return approved(register(), person, 180);
  }

  static Response act(String token, String access, String step, Map<String, ?> body) {
    return Api.change(token, "POST", "/v1/client-accesses/" + access, "/" + step, body);
  }

  static String stateOf(String access) {
    return Rest.as(TOKEN).get("/v1/client-accesses/" + access).path("state");
  }

  /** Whether this person may touch the client's data, as a tool is told. */
  static boolean isAllowed(String client, String person) {
    return Rest.as(Tokens.of(TOOL))
        .get("/v1/clients/" + client + "/permission?person=" + person)
        .then()
        .statusCode(200)
        .extract()
        .path("allowed");
  }
}
