package io.vigie.access.review;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import org.junit.jupiter.api.Test;

import static io.vigie.access.review.Reviews.close;
import static io.vigie.access.review.Reviews.decide;
import static io.vigie.access.review.Reviews.entitlement;
import static io.vigie.access.review.Reviews.item;
import static io.vigie.access.review.Reviews.line;
import static io.vigie.access.review.Reviews.open;
import static io.vigie.access.review.Reviews.person;
import static io.vigie.access.review.Reviews.plan;
import static io.vigie.access.review.Reviews.right;
import static io.vigie.kernel.security.Roles.STAFF;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

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
  void whatIsNothingInTheDirectoryIsConfirmedAtOnce() {
    String manager = person(boss, null);
    String right = right(person(null, manager), entitlement(asset, manager, "NORMAL"));
    String campaign = open(plan(asset, ReviewerRule.MANAGER));

    decide(bossToken, campaign, line(item(campaign, right), "REVOKE")).then().statusCode(200);

    close(campaign).then().statusCode(200);
  }
}
