package io.vigie.audit;

import java.util.UUID;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vigie.testkit.HeldData;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import org.junit.jupiter.api.Test;

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
    assertTrue(HeldData.check("audit") > 10);
  }

  @Test
  void ofSomebodyWhomNobodyKnowsNothingIsHeld() {
    Rest.as(Tokens.of(CISO))
        .get("/v1/data-subjects/" + UUID.randomUUID() + "?account=" + UUID.randomUUID())
        .then()
        .statusCode(200)
        .body("items", empty());
  }
}
