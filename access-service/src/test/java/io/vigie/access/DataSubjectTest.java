package io.vigie.access;

import java.util.UUID;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vigie.testkit.HeldData;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.vigie.kernel.security.Roles.CISO;
import static org.hamcrest.Matchers.empty;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * {@code contracts/privacy/held.json}: what the service holds of people is known, and handed out.
 */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class DataSubjectTest {

  @Test
  void everyTableAndEveryColumnThatSoundsLikeAPersonsIsAccountedFor() {
    assertTrue(HeldData.check("access") > 10);
  }

  @Test
  void ofSomebodyWhomNobodyKnowsNothingIsHeld() {
    Rest.as(Tokens.of(CISO))
        .get("/v1/data-subjects/" + UUID.randomUUID() + "?account=" + UUID.randomUUID())
        .then()
        .statusCode(200)
        .body("items", empty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "bm90aGluZw",
        "WyJwZXJzb24iXQ",
        "WyJwZXJzb24iLCIxOyBkcm9wIl0",
        "WyJub3doZXJlIiwiMSJd",
        "WyJsYXN0X3NpZ25faW4iLCJhXHUwMDAwIiwiYiJd"
      })
  void whatIsNoIdOfARowIsABadRequest(String after) {
    Rest.problem(
        Rest.as(Tokens.of(CISO)).get("/v1/data-subjects/" + UUID.randomUUID() + "?after=" + after),
        400,
        "validation");
  }
}
