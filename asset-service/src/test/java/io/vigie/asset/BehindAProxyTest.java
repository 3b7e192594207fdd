package io.vigie.asset;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.OwnRealm;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static io.vigie.kernel.security.Roles.STAFF;
import static io.vigie.testkit.Rest.problem;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** What a service believes of a proxy that it trusts, as every service does; shown on this one. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
@WithTestResource(OwnRealm.class)
class BehindAProxyTest {

  /** {@code vigie.http.requests-per-minute} */
  private static final int PER_MINUTE = 200;

  @Inject MovableClock clock;

  @AfterEach
  void backToNow() {
    clock.backToNow();
  }

  @Test
  void whoCameOverTlsIsToldToGoOnLikeThatAndNobodyElseIs() {
    String token = OwnRealm.token(STAFF);

    Rest.as(token)
        .header("X-Forwarded-Proto", "https")
        .get("/v1/assets")
        .then()
        .header("Strict-Transport-Security", "max-age=63072000");
    Rest.as(token).get("/v1/assets").then().header("Strict-Transport-Security", nullValue());
  }

  @Test
  void whoIsNobodyCountsAsTheAddressThatTheProxySaw() {
    // Given a minute of its own, and in it all that one address may send
    clock.stopAt(clock.instant().plus(Duration.ofHours(4)).truncatedTo(ChronoUnit.MINUTES));
    for (int sent = 0; sent < PER_MINUTE; sent++) {
      assertEquals(401, from("198.51.100.1").statusCode());
    }

    // Then that address is refused, and another one behind the same proxy is not
    problem(from("198.51.100.1"), 429, "too-many").header("Retry-After", "60");
    problem(from("198.51.100.2"), 401, "unauthenticated");
  }

  @Test
  void theAddressesOfOneNetworkOfIpv6AreOne() {
    clock.stopAt(clock.instant().plus(Duration.ofHours(5)).truncatedTo(ChronoUnit.MINUTES));
    for (int sent = 1; sent <= PER_MINUTE; sent++) {
      assertEquals(401, from("2001:db8:1:2::" + sent).statusCode());
    }

    problem(from("2001:db8:1:2:ffff::1"), 429, "too-many");
    problem(from("2001:db8:1:3::1"), 401, "unauthenticated");
  }

  @Test
  void addressesOfIpv4AreThemselvesInTheFormOfIpv6Too() {
    clock.stopAt(clock.instant().plus(Duration.ofHours(6)).truncatedTo(ChronoUnit.MINUTES));
    for (int sent = 0; sent < PER_MINUTE; sent++) {
      assertEquals(401, from("::ffff:198.51.100.1").statusCode());
    }

    problem(from("::ffff:198.51.100.1"), 429, "too-many");
    problem(from("::ffff:198.51.100.2"), 401, "unauthenticated");
  }

  private static Response from(String address) {
    return Rest.anonymous()
        .header("Connection", "close")
        .header("X-Forwarded-For", address)
        .get("/v1/assets");
  }
}
