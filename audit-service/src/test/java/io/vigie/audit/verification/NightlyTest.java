package io.vigie.audit.verification;

import java.sql.SQLException;
import java.time.Duration;

import jakarta.inject.Inject;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.sqlclient.Pool;
import io.vigie.audit.LogDatabase;
import io.vigie.audit.checkpoint.Checkpoints;
import io.vigie.audit.detect.Alerts;
import io.vigie.audit.intake.Records;
import io.vigie.audit.payload.PersonKeys;
import io.vigie.kernel.Actor;
import io.vigie.kernel.outbox.Outbox;
import io.vigie.kernel.outbox.Relay;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.Tokens;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.vigie.audit.LogDatabase.logged;
import static io.vigie.audit.LogDatabase.number;
import static io.vigie.kernel.security.Roles.SYSADMIN;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The verification that nobody asks for, by the clock of the replicas that do it. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class NightlyTest {

  @Inject VerificationRows results;
  @Inject Alerts alerts;
  @Inject Outbox outbox;
  @Inject Relay relay;
  @Inject Actor actor;
  @Inject ObjectMapper json;
  @Inject Checkpoints checkpoints;
  @Inject PersonKeys keys;
  @Inject Pool pool;

  @ConfigProperty(name = "quarkus.datasource.jdbc.url")
  String url;

  @ConfigProperty(name = "quarkus.datasource.username")
  String user;

  @ConfigProperty(name = "quarkus.datasource.password")
  String password;

  /** Not the service's own, which the log goes by. */
  private final MovableClock clock = new MovableClock();

  private final MeterRegistry registry = new SimpleMeterRegistry();

  @BeforeEach
  void laterThanAnyVerificationOfOtherTests() {
    clock.move(Duration.ofHours(2));
  }

  @AfterEach
  void asIfTheyHadNotBeen() throws SQLException {
    LogDatabase.execute(
        "delete from verification where finished_at > now() + interval '30 minutes'");
  }

  private Verification replica() {
    return new Verification(
        results, alerts, outbox, relay, actor, clock, json, checkpoints, keys, url, user, password);
  }

  private static void nightly(Verification... replicas) {
    for (Verification replica : replicas) {
      replica.nightly();
    }
    for (Verification replica : replicas) {
      await().atMost(VerificationTest.LONG).until(() -> !replica.isUnderWay());
    }
  }

  private static long runs() {
    return number("select count(*) from verification");
  }

  @Test
  void aNightHasOneRunHoweverManyReplicasBeginItAndTheNextHasAnother() {
    long before = runs();
    nightly(replica(), replica());
    assertEquals(before + 1, runs());

    clock.move(Duration.ofMinutes(59)); // a replica whose clock is slow
    nightly(replica());
    assertEquals(before + 1, runs());

    clock.move(Duration.ofHours(23));
    nightly(replica());
    assertEquals(before + 2, runs());
  }

  @Test
  void figuresTellWhatTheLastRunFoundAndHowLongAgo() throws Exception {
    VerificationRows measured = new VerificationRows(pool, clock, registry);
    assertEquals(-1, figure("intact"));
    assertEquals(-1, figure("size"));
    assertEquals(-1, figure("age.seconds"));

    long index = logged(Records.registration());
    nightly(replica());
    measured.measure().await().atMost(VerificationTest.LONG);
    assertEquals(1, figure("intact"));
    assertTrue(figure("size") > index);
    assertTrue(figure("age.seconds") < 60);

    String flip =
        "update payload set salt = set_byte(salt, 0, get_byte(salt, 0) # 1) where index = " + index;
    LogDatabase.tamper(flip);
    try {
      clock.move(Duration.ofHours(24));
      nightly(replica());
    } finally {
      LogDatabase.tamper(flip);
    }
    clock.move(Duration.ofHours(3));
    measured.measure().await().atMost(VerificationTest.LONG);
    assertEquals(0, figure("intact"));
    assertTrue(figure("age.seconds") >= Duration.ofHours(3).toSeconds());
  }

  @Test
  void theFiguresAreAmongTheServicesMetrics() {
    String metrics = Rest.as(Tokens.of(SYSADMIN)).get("/q/metrics").asString();
    for (String name : new String[] {"intact", "size", "age_seconds"}) {
      assertTrue(metrics.contains("\nvigie_log_verified_" + name + " "), metrics);
    }
  }

  private double figure(String name) {
    return registry.get("vigie.log.verified." + name).gauge().value();
  }
}
