package io.vigie.access.review;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import io.vigie.testkit.Topic;
import org.junit.jupiter.api.Test;

import static io.vigie.access.Api.TOKEN;
import static io.vigie.access.review.Reviews.close;
import static io.vigie.access.review.Reviews.confirm;
import static io.vigie.access.review.Reviews.decide;
import static io.vigie.access.review.Reviews.entitlement;
import static io.vigie.access.review.Reviews.item;
import static io.vigie.access.review.Reviews.line;
import static io.vigie.access.review.Reviews.open;
import static io.vigie.access.review.Reviews.person;
import static io.vigie.access.review.Reviews.plan;
import static io.vigie.access.review.Reviews.right;
import static io.vigie.kernel.security.Roles.ACCESS_MANAGER;
import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.testkit.Topic.about;
import static io.vigie.testkit.Topic.ofType;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** R4.7: a revocation decided in a review is executed before the campaign closes. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class RevocationConfirmedTest {

  @Inject DataSource database;

  private final UUID asset = UUID.randomUUID();
  private final UUID boss = UUID.randomUUID();
  private final String bossToken = Tokens.of(boss, STAFF);

  /** What the worker does when the directory has taken the change. */
  private void theDirectoryTakesTheChangesOf(String person) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement statement =
            connection.prepareStatement("delete from directory_change where person_id = ?")) {
      statement.setObject(1, UUID.fromString(person));
      statement.executeUpdate();
    }
  }

  @Test
  void aCampaignDoesNotCloseBeforeTheDirectoryHasARevocation() throws SQLException {
    // Given
    String manager = person(boss, null);
    String holder = person(null, manager);
    String right = right(holder, entitlement(asset, manager, "NORMAL", "vigie-reader"));
    String campaign = open(plan(asset, ReviewerRule.MANAGER));
    Map<String, Object> item = item(campaign, right);

    // When
    decide(bossToken, campaign, line(item, "REVOKE")).then().statusCode(200);

    // Then
    close(campaign)
        .then()
        .statusCode(409)
        .body("type", equalTo("urn:vigie:problem:revocations-not-confirmed"))
        .body("detail", containsString("1 revocations"))
        .body("detail", containsString((String) item.get("id")));
    theDirectoryTakesTheChangesOf(holder);
    close(campaign).then().statusCode(200);
  }

  @Test
  void whatIsNothingInTheDirectoryIsConfirmedByWhoAnswersForIt() {
    // Given
    String manager = person(boss, null);
    UUID ownerSubject = UUID.randomUUID();
    String ownerToken = Tokens.of(ownerSubject, STAFF);
    String owner = person(ownerSubject, null);
    String right = right(person(null, manager), entitlement(asset, owner, "NORMAL"));
    String campaign = open(plan(asset, ReviewerRule.MANAGER));
    Map<String, Object> item = item(campaign, right);
    confirm(ownerToken, campaign, item.get("id"))
        .then()
        .statusCode(422)
        .body("errors[0].message", containsString("not revoked"));

    // When
    decide(bossToken, campaign, line(item, "REVOKE")).then().statusCode(200);

    // Then it waits for the owner alone
    close(campaign)
        .then()
        .statusCode(409)
        .body("type", equalTo("urn:vigie:problem:revocations-not-confirmed"));
    assertTrue(confirmationsFor(ownerToken).contains("review/" + item.get("id")));
    assertFalse(confirmationsFor(bossToken).contains("review/" + item.get("id")));
    Rest.as(bossToken)
        .get("/v1/campaigns/" + campaign + "/confirmations")
        .then()
        .body("items", hasSize(0));
    Rest.as(ownerToken)
        .get("/v1/campaigns/" + campaign + "/confirmations")
        .then()
        .statusCode(200)
        .body("items.id", equalTo(List.of(item.get("id"))));
    confirm(bossToken, campaign, item.get("id"))
        .then()
        .statusCode(422)
        .body("errors[0].field", equalTo("items[0]"))
        .body("errors[0].message", containsString("who answers for it"));

    // And when the owner says that it is gone
    confirm(ownerToken, campaign, item.get("id"))
        .then()
        .statusCode(200)
        .body("items[0].confirmedAt", notNullValue());

    // Then
    assertFalse(confirmationsFor(ownerToken).contains("review/" + item.get("id")));
    confirm(ownerToken, campaign, item.get("id")).then().statusCode(422);
    close(campaign).then().statusCode(200);
    try (Topic topic = Topic.named("vigie.access.events")) {
      topic.await(1, about((String) item.get("id")).and(ofType("review.confirmed.v1")));
    }
  }

  @Test
  void nobodyConfirmsThatTheirOwnRightIsGone() {
    String manager = person(boss, null);
    UUID ownerSubject = UUID.randomUUID();
    String owner = person(ownerSubject, manager);
    String right = right(owner, entitlement(asset, owner, "NORMAL"));
    String campaign = open(plan(asset, ReviewerRule.MANAGER));
    Object item = item(campaign, right).get("id");

    decide(bossToken, campaign, line(item(campaign, right), "REVOKE")).then().statusCode(200);

    confirm(Tokens.of(ownerSubject, ACCESS_MANAGER), campaign, item)
        .then()
        .statusCode(422)
        .body("errors[0].message", containsString("your own right"));
    assertTrue(confirmationsFor(TOKEN).contains("review/" + item));
    confirm(TOKEN, campaign, item).then().statusCode(200);
    close(campaign).then().statusCode(200);
  }

  @Test
  void whatTheDirectoryHoldsNobodyConfirmsInItsPlace() {
    String manager = person(boss, null);
    String right = right(person(null, manager), entitlement(asset, manager, "NORMAL", "vigie-r"));
    String campaign = open(plan(asset, ReviewerRule.MANAGER));
    decide(bossToken, campaign, line(item(campaign, right), "REVOKE")).then().statusCode(200);

    confirm(TOKEN, campaign, item(campaign, right).get("id"))
        .then()
        .statusCode(422)
        .body("errors[0].message", containsString("directory"));
    confirm(TOKEN, campaign, UUID.randomUUID())
        .then()
        .statusCode(422)
        .body("errors[0].message", containsString("no item"));
  }

  /** Of what whoever has this token has to confirm, read to the end. */
  private static List<String> confirmationsFor(String token) {
    List<String> subjects = new ArrayList<>();
    String path = "/v1/tasks?limit=200";
    while (path != null) {
      Response answer = Rest.as(token).get(path).then().statusCode(200).extract().response();
      List<String> found = answer.path("items.findAll { it.kind == 'review.confirm' }.subject");
      subjects.addAll(found);
      String link = answer.header("Link");
      path = link == null ? null : link.substring(link.indexOf("/v1/"), link.indexOf('>'));
    }
    return subjects;
  }
}
