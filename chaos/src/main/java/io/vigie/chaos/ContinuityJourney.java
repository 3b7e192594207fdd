package io.vigie.chaos;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A function is critical, what it depends on has a peer that takes over, its plan is approved by
 * another and exercised; perhaps it is critical no more.
 */
final class ContinuityJourney implements Journey {

  private static final String ADMIN = "sysadmin";
  private static final String CISO = "ciso";
  private static final String SERVICE = "backup";

  @Override
  public void walk(Client client) throws Client.GaveUp {
    String name = UUID.randomUUID().toString();
    Client.Done function =
        client.create(
            ADMIN,
            SERVICE,
            "/v1/critical-functions",
            "critical-function",
            Map.of("name", name, "owner", "chaos"),
            Write.marked("critical-function.declared.v1", name));
    String path = "/v1/critical-functions/" + function.id();
    String subject = "critical-function/" + function.id();
    String version = failOver(client, path, subject, function.version());
    exercise(client, plan(client, function.id()));
    if (client.random().nextBoolean()) {
      client.act(
          CISO,
          SERVICE,
          path + "/retirement",
          Map.of("reason", "sold"),
          version,
          Write.to(subject, "critical-function.retired.v1"));
    }
  }

  private static String failOver(Client client, String path, String subject, String version)
      throws Client.GaveUp {
    String asset = known(client);
    Client.Done set =
        client.put(
            ADMIN,
            SERVICE,
            path + "/dependencies/" + asset,
            Map.of("kind", "FIREWALL", "peer", known(client)),
            version,
            Write.to(subject, "critical-function.dependency-set.v1"));
    return client
        .act(
            ADMIN,
            SERVICE,
            path + "/failover-tests",
            Map.of(
                "asset",
                asset,
                "testedAt",
                Instant.now().minusSeconds(60).toString(),
                "passed",
                true,
                "takeoverSeconds",
                40),
            set.version(),
            Write.to(subject, "critical-function.failover-tested.v1"))
        .version();
  }

  /** An asset that is backed up, once backup-service has heard of it. */
  private static String known(Client client) throws Client.GaveUp {
    String asset = AssetJourney.register(client, AssetJourney.details("NETWORK_DEVICE")).id();
    AssetJourney.backUp(client, asset);
    client.await(ADMIN, SERVICE, "/v1/coverage/" + asset, "assetState", JsonNode::isTextual);
    return asset;
  }

  private static String plan(Client client, String function) throws Client.GaveUp {
    Client.Done plan =
        client.create(
            ADMIN,
            SERVICE,
            "/v1/continuity-plans",
            "continuity-plan",
            Map.of(
                "criticalFunction",
                function,
                "title",
                "chaos",
                "procedure",
                Map.of("rtoSeconds", 3_600, "rpoSeconds", 60, "steps", List.of("restore"))),
            Write.marked("continuity-plan.submitted.v1", function));
    client.act(
        CISO,
        SERVICE,
        "/v1/continuity-plans/" + plan.id() + "/approval",
        null,
        plan.version(),
        Write.to("continuity-plan/" + plan.id(), "continuity-plan.approved.v1"));
    return plan.id();
  }

  private static void exercise(Client client, String plan) throws Client.GaveUp {
    Client.Done exercise =
        client.create(
            ADMIN,
            SERVICE,
            "/v1/continuity-exercises",
            "continuity-exercise",
            Map.of("plan", plan, "method", "FUNCTIONAL", "scenario", "chaos"),
            Write.marked("continuity-exercise.begun.v1", plan));
    String path = "/v1/continuity-exercises/" + exercise.id();
    String subject = "continuity-exercise/" + exercise.id();
    Client.Done settled =
        client.act(
            ADMIN,
            SERVICE,
            path + "/steps",
            Map.of("step", 1, "outcome", "DONE"),
            exercise.version(),
            Write.to(subject, "continuity-exercise.step-settled.v1"));
    Instant now = Instant.now();
    Client.Done concluded =
        client.act(
            ADMIN,
            SERVICE,
            path + "/conclusion",
            Map.of(
                "disruptedAt", now.minusSeconds(1_200).toString(),
                "restoredAt", now.minusSeconds(600).toString(),
                "recoveryPointAt", now.minusSeconds(1_230).toString()),
            settled.version(),
            Write.to(subject, "continuity-exercise.concluded.v1"));
    client.act(
        ADMIN,
        SERVICE,
        path + "/lessons",
        Map.of(
            "text",
            "chaos",
            "owner",
            UUID.randomUUID().toString(),
            "dueAt",
            now.plus(Duration.ofDays(30)).toString()),
        concluded.version(),
        Write.to(subject, "continuity-exercise.lesson-learnt.v1"));
  }
}
