package io.vigie.system;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.restassured.response.Response;
import io.vigie.stack.Company;
import io.vigie.stack.CompanyDemo;
import io.vigie.stack.StackException;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.empty;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** One site of the made-up company, seeded into the platform as {@code demo --company} does. */
@TestMethodOrder(OrderAnnotation.class)
@Order(Integer.MAX_VALUE - 1) // what it seeds would fill the lists of others
class CompanyDemoTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int PEOPLE = 32;
  private static final int ASSETS = 157;

  @Test
  @Order(1)
  void oneSiteIsSeededAndASecondTimeAddsNothing() throws Exception {
    Company nantes = Company.read().only("NAN");
    for (int run = 0; run < 2; run++) {
      CompanyDemo.run(Platform.reached(), Clock.systemUTC(), nantes);
      assertEquals(
          PEOPLE,
          all("access-manager", "access", "/v1/people").stream()
              .filter(one -> one.get("email").toString().endsWith("@solane.example"))
              .count());
      assertEquals(ASSETS, assets().size());
    }
    // Other tests wait for the queue that the newcomers' accounts are in.
    await()
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(
            () ->
                Platform.as("access-manager", "access")
                    .get("/v1/directory/changes")
                    .then()
                    .statusCode(200)
                    .body("items", empty()));
  }

  @Test
  @Order(2)
  void whatIsInUseHasLevelsAndAnOwnerAndSomeIsInStock() {
    Map<Object, List<Map<String, Object>>> byState =
        assets().stream().collect(Collectors.groupingBy(asset -> asset.get("state")));
    assertEquals(Set.of("IN_SERVICE", "IN_STOCK"), byState.keySet());
    byState
        .get("IN_SERVICE")
        .forEach(
            asset ->
                assertTrue(
                    asset.get("owner") != null && asset.get("classification") != null,
                    asset::toString));
  }

  @Test
  @Order(3)
  void aQuarterOfRunsIsThereAndSomeAreBad() {
    String shop = asset("SOL-NAN-VM-001");
    List<Map<String, Object>> runs =
        all("sysadmin", "backup", "/v1/runs?asset=" + shop).stream().toList();
    assertTrue(runs.size() > 80, () -> runs.size() + " runs");
    assertEquals(
        Set.of("SUCCEEDED", "FAILED"),
        runs.stream().map(run -> run.get("outcome")).collect(Collectors.toSet()));
    Set<Object> outcomes =
        all("sysadmin", "backup", "/v1/restore-tests?asset=" + asset("SOL-NAN-DB-002")).stream()
            .map(test -> test.get("outcome"))
            .collect(Collectors.toSet());
    assertEquals(Set.of("FAILED"), outcomes);
  }

  @Test
  @Order(4)
  void aReviewIsUnderWayWithSomeAnswers() {
    assertEquals("OPEN", campaign().get("state"));
    Set<Object> states =
        reviewed().stream().map(item -> item.get("state")).collect(Collectors.toSet());
    assertTrue(states.containsAll(Set.of("PENDING", "CERTIFIED", "REVOKED")), states::toString);
  }

  @Test
  @Order(5)
  void theReviewIsOfTheCompanysPeopleAndRightsAlone() {
    Set<Object> people =
        all("access-manager", "access", "/v1/people").stream()
            .filter(one -> one.get("email").toString().endsWith("@solane.example"))
            .map(one -> one.get("id"))
            .collect(Collectors.toSet());
    Set<Object> assets = assets().stream().map(one -> one.get("id")).collect(Collectors.toSet());
    List<Map<String, Object>> items = reviewed();
    assertTrue(items.size() > 10, () -> items.size() + " items");
    items.forEach(
        item ->
            assertTrue(
                people.contains(item.get("person")) && assets.contains(item.get("asset")),
                item::toString));
  }

  @Test
  @Order(6)
  void whatAnEarlierRunLeftInPartIsToldAndNothingIsAdded() throws Exception {
    // Given a company that is there but for what is written last
    ObjectNode json = JSON.valueToTree(Company.read().only("NAN"));
    json.withObject("/campaign").put("name", "Rights that were never reviewed");
    Company other = JSON.treeToValue(json, Company.class);

    StackException told =
        assertThrows(
            StackException.class,
            () -> CompanyDemo.run(Platform.reached(), Clock.systemUTC(), other));

    assertTrue(told.getMessage().contains("is there in part"), told::getMessage);
    assertTrue(
        told.getMessage().contains("./vigie down --wipe deletes all data"), told::getMessage);
    assertEquals(ASSETS, assets().size());
  }

  @Test
  @Order(7)
  void incidentsAreClosedAndOpenAndSoAreAlerts() {
    Set<Object> states =
        all("responder", "incident", "/v1/incidents").stream()
            .map(incident -> incident.get("state"))
            .collect(Collectors.toSet());
    assertTrue(states.containsAll(Set.of("ERADICATED", "CLOSED")), states::toString);
    for (String rule : List.of("FileChanged", "ServerRoomWarm")) {
      Response alerts = Platform.as("responder", "incident").get("/v1/alerts?rule=" + rule);
      assertEquals(
          rule.equals("FileChanged"), alerts.path("items[0].resolvedAt") != null, alerts::asString);
    }
  }

  @Test
  @Order(8)
  void everyRuleWithAQueryIsJudgedAndSomeAreGreenAndSomeRed() {
    Set<Object> asked =
        rules().stream()
            .map(rule -> rule.get("rule"))
            .filter(CompanyDemoTest::hasQuery)
            .collect(Collectors.toSet());
    assertTrue(asked.size() > 40, asked::toString);
    await()
        .atMost(Duration.ofMinutes(3))
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(
            () -> {
              List<Map<String, Object>> rules = rules();
              rules.stream()
                  .filter(rule -> asked.contains(rule.get("rule")))
                  .forEach(
                      rule ->
                          assertTrue(
                              rule.get("state") != null
                                  && rule.get("failure") == null
                                  && rule.get("current").equals(true),
                              rule::toString));
              assertEquals("RED", state(rules, "R12.1"));
              Set<Object> states =
                  rules.stream().map(rule -> rule.get("state")).collect(Collectors.toSet());
              assertTrue(states.containsAll(Set.of("RED", "GREEN")), states::toString);
            });
    List<Map<String, Object>> rules = rules();
    for (String filled :
        List.of("R3.2", "R4.7", "R5.2", "R7.2", "R8.1", "R9.1", "R11.8", "R12.5", "R13.4")) {
      assertTrue(!state(rules, filled).equals("NOT_APPLICABLE"), filled);
    }
  }

  private static Map<String, Object> campaign() {
    return all("access-manager", "access", "/v1/campaigns").stream()
        .filter(one -> one.get("name").equals("Rights of Agence Solane"))
        .findFirst()
        .orElseThrow();
  }

  /** What the review asks about. */
  private static List<Map<String, Object>> reviewed() {
    return all(
        "access-manager",
        "access",
        "/v1/campaigns/" + campaign().get("id") + "/items?reviewer=all");
  }

  private static List<Map<String, Object>> rules() {
    return Platform.as("ciso", "audit")
        .get("/v1/controls?decided=QUERY")
        .then()
        .statusCode(200)
        .extract()
        .path("$");
  }

  private static boolean hasQuery(Object rule) {
    return Platform.as("ciso", "audit").get("/v1/controls/" + rule).path("query") != null;
  }

  private static Object state(List<Map<String, Object>> rules, String id) {
    return rules.stream()
        .filter(rule -> rule.get("rule").equals(id))
        .findFirst()
        .orElseThrow()
        .get("state");
  }

  private static List<Map<String, Object>> assets() {
    return all("asset-manager", "asset", "/v1/assets").stream()
        .filter(asset -> String.valueOf(asset.get("assetTag")).startsWith("SOL-"))
        .toList();
  }

  private static String asset(String tag) {
    return Platform.as("asset-manager", "asset")
        .get("/v1/assets?assetTag=" + tag)
        .path("items[0].id");
  }

  /** The items of all pages. */
  private static List<Map<String, Object>> all(String account, String service, String path) {
    String first = path + (path.contains("?") ? "&" : "?") + "limit=200";
    List<Map<String, Object>> items = new ArrayList<>();
    List<Map<String, Object>> page = page(account, service, first);
    while (!page.isEmpty()) {
      items.addAll(page);
      page = page(account, service, first + "&after=" + items.get(items.size() - 1).get("id"));
    }
    return items;
  }

  private static List<Map<String, Object>> page(String account, String service, String path) {
    return Platform.as(account, service).get(path).then().statusCode(200).extract().path("items");
  }
}
