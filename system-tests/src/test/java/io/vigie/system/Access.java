package io.vigie.system;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import static io.vigie.system.Platform.create;
import static org.awaitility.Awaitility.await;

/** People as access-service knows them, what they may ask for, and reviews of that. */
final class Access {

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final String MANAGER = "access-manager";

  private Access() {}

  /** Somebody new with a new account that has these roles; their id. */
  static String join(String account, String... roles) {
    return create(MANAGER, "access", "/v1/people", newcomer(account, roles));
  }

  /** The same, led by somebody who is here already. */
  static String joinUnder(String manager, String account, String... roles) {
    Map<String, Object> led = new HashMap<>(newcomer(account, roles));
    led.put("manager", manager);
    return create(MANAGER, "access", "/v1/people", led);
  }

  private static Map<String, Object> newcomer(String account, String... roles) {
    return Map.of(
        "givenName", "Sam",
        "familyName", "Leaver",
        "email", account + "@agency.example",
        "subject", Realm.make(account, roles),
        "businessProfile", "developer",
        "joinedOn", "2025-09-01");
  }

  /** Something that its owner, a manager or an access manager may give; its id. */
  static String entitlement(String name, String owner) {
    return create(
        MANAGER,
        "access",
        "/v1/entitlements",
        Map.of(
            "asset",
            UUID.randomUUID(),
            "name",
            name,
            "type",
            "SERVER_ACCOUNT",
            "terms",
            Map.of("owner", owner, "sensitivity", "NORMAL", "longest", "P30D")));
  }

  /** What a person asks for themselves, which waits for an answer; its id. */
  static String ask(String account, String person, String entitlement, String reason) {
    return Platform.bearing(
            Realm.signIn(account).path("access_token"), Platform.url("access").toString())
        .body(Map.of("person", person, "entitlement", entitlement, "reason", reason))
        .post("/v1/rights")
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

  static void approve(String right) {
    Platform.as(MANAGER, "access")
        .header("If-Match", "*")
        .post("/v1/rights/" + right + "/approval")
        .then()
        .statusCode(200);
  }

  /** A campaign that asks the owner of this who still needs it, once it is open; its id. */
  static String review(String name, String entitlement) {
    String campaign =
        create(
            MANAGER,
            "access",
            "/v1/campaigns",
            Map.of(
                "name",
                name,
                "scope",
                Map.of("entitlements", List.of(entitlement)),
                "reviewers",
                "OWNER",
                "everyMonths",
                0));
    await().atMost(PATIENCE).until(() -> !items(campaign).isEmpty());
    return campaign;
  }

  /** What a campaign asks of anybody. */
  static List<Map<String, Object>> items(String campaign) {
    return Platform.as(MANAGER, "access")
        .get("/v1/campaigns/" + campaign + "/items?reviewer=all")
        .jsonPath()
        .getList("items");
  }
}
