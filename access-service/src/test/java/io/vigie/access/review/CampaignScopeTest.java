package io.vigie.access.review;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vigie.access.Api;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import org.junit.jupiter.api.Test;

import static io.vigie.access.Api.TOKEN;
import static io.vigie.kernel.security.Roles.CISO;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Which rights a campaign asks about. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class CampaignScopeTest {

  private final UUID asset = UUID.randomUUID();
  private final UUID other = UUID.randomUUID();

  private static String entitlement(UUID on, String type, String sensitivity) {
    return Rest.as(TOKEN)
        .body(
            Map.of(
                "asset",
                on,
                "name",
                "right " + UUID.randomUUID(),
                "type",
                type,
                "terms",
                Map.of("owner", Api.join(null), "sensitivity", sensitivity, "longest", "P365D")))
        .post("/v1/entitlements")
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

  private static String entitlement(UUID on) {
    return entitlement(on, "APPLICATION_ROLE", "NORMAL");
  }

  private static String atSite(UUID site) {
    Map<String, Object> details = Api.profile(null);
    details.put("site", site);
    return Rest.as(TOKEN)
        .body(details)
        .post("/v1/people")
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

  private static String right(String entitlement) {
    return Reviews.right(Api.join(null), entitlement);
  }

  /** The rights that a campaign of this scope asks about. */
  private Set<String> asked(Map<String, ?> scope) {
    Map<String, Object> plan = Reviews.plan(asset, ReviewerRule.MANAGER);
    plan.put("scope", scope);
    return Reviews.items(TOKEN, Reviews.open(plan), "reviewer=all").stream()
        .map(item -> (String) item.get("right"))
        .collect(Collectors.toSet());
  }

  /** The same, of what is had on the asset or the other one. */
  private Set<String> askedHere(Map<String, ?> filter) {
    Map<String, Object> scope = new HashMap<>(filter);
    scope.put("assets", List.of(asset, other));
    return asked(scope);
  }

  /** The rights that a campaign asks about, read to the end. */
  private static Set<String> everyItem(String campaign) {
    Set<String> rights = new HashSet<>();
    String path = campaign + "/items?reviewer=all&limit=200";
    while (path != null) {
      Response answer = Rest.as(TOKEN).get(path).then().statusCode(200).extract().response();
      rights.addAll(answer.path("items.right"));
      String link = answer.header("Link");
      path = link == null ? null : link.substring(link.indexOf("/v1/"), link.indexOf('>'));
    }
    return rights;
  }

  @Test
  void bySiteItIsThoseOfPeopleWhoWorkThere() {
    UUID site = UUID.randomUUID();
    String entitlement = entitlement(asset);
    String here = Reviews.right(atSite(site), entitlement);
    Reviews.right(atSite(UUID.randomUUID()), entitlement);
    right(entitlement);

    assertEquals(Set.of(here), asked(Map.of("sites", List.of(site))));
  }

  @Test
  void byProfileItIsAllThatThoseHaveWhoHoldTheProfileNowWhereverItComesFrom() {
    // Given somebody who holds it, one who did, and one who has the same without it
    String entitlement = entitlement(asset);
    String requested = entitlement(other);
    String profile = Api.bundle("Profile " + UUID.randomUUID(), entitlement);
    String holder = Api.join(null);
    Api.assign(holder, profile);
    String asks = Reviews.right(holder, requested);
    String before = Api.join(null);
    String assignment = Api.assign(before, profile);
    Api.change(
            TOKEN,
            "POST",
            "/v1/profile-assignments/" + assignment,
            "/end",
            Map.of("reason", "moved"))
        .then()
        .statusCode(200);
    right(entitlement);

    // Then
    String given =
        Rest.as(TOKEN)
            .get("/v1/rights?person=" + holder + "&profile=" + profile)
            .path("items[0].id");
    assertEquals(Set.of(given, asks), asked(Map.of("profiles", List.of(profile))));
  }

  @Test
  void byAssetItIsThoseOnIt() {
    String here = right(entitlement(asset));
    right(entitlement(other));

    assertEquals(Set.of(here), asked(Map.of("assets", List.of(asset))));
  }

  @Test
  void byEntitlementItIsWhoHasIt() {
    String entitlement = entitlement(asset);
    String one = right(entitlement);
    String another = right(entitlement);
    right(entitlement(asset));

    assertEquals(Set.of(one, another), asked(Map.of("entitlements", List.of(entitlement))));
  }

  @Test
  void byTypeItIsThoseOfOneOfThese() {
    String vpn = right(entitlement(asset, "VPN", "NORMAL"));
    String account = right(entitlement(asset, "SERVER_ACCOUNT", "NORMAL"));
    right(entitlement(asset));

    assertEquals(
        Set.of(vpn, account), askedHere(Map.of("types", List.of("VPN", "SERVER_ACCOUNT"))));
  }

  @Test
  void bySensitivityItIsWhatTheEntitlementHasWhenTheCampaignOpens() {
    String entitlement = entitlement(asset);
    String became = right(entitlement);
    right(entitlement(asset));
    Reviews.become(entitlement, "PRIVILEGED");

    assertEquals(Set.of(became), askedHere(Map.of("sensitivities", List.of("PRIVILEGED"))));
  }

  @Test
  void byGroundItIsWhatProfilesGiveOrWhatWasAskedFor() {
    String entitlement = entitlement(asset);
    String person = Api.join(null);
    Api.assign(person, Api.bundle("Profile " + UUID.randomUUID(), entitlement));
    String given = Rest.as(TOKEN).get("/v1/rights?person=" + person).path("items[0].id");
    String asks = Reviews.right(person, entitlement);

    assertEquals(Set.of(given), askedHere(Map.of("grounds", List.of("PROFILE"))));
    assertEquals(Set.of(asks), askedHere(Map.of("grounds", List.of("REQUEST"))));
  }

  @Test
  void ofSeveralFiltersAllMustFit() {
    String fits = right(entitlement(asset, "VPN", "NORMAL"));
    right(entitlement(other, "VPN", "NORMAL"));
    right(entitlement(asset));

    assertEquals(
        Set.of(fits),
        asked(
            Map.of(
                "assets",
                List.of(asset),
                "types",
                List.of("VPN"),
                "sensitivities",
                List.of("NORMAL", "SENSITIVE"))));
  }

  @Test
  void withoutAFilterItIsEveryRight() {
    String one = right(entitlement(asset));
    String another = right(entitlement(other, "BADGE", "NORMAL"));
    Map<String, Object> plan = Reviews.plan(asset, ReviewerRule.MANAGER);
    plan.remove("scope");

    String campaign = "/v1/campaigns/" + Reviews.open(plan);

    try {
      assertTrue(everyItem(campaign).containsAll(List.of(one, another)));
    } finally {
      // Or nobody else's campaign had them
      Api.change(Tokens.of(CISO), "POST", campaign, "/cancellation", Map.of("reason", "a test"))
          .then()
          .statusCode(200);
    }
  }
}
