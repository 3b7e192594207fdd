package io.vigie.chaos;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Somebody tests whether a copy can be restored, adds evidence and says that it passed, which the
 * CISO verifies: the copy is a verified recovery point, and the next test is due later. Or the test
 * is given up, or a tool has made it, which deletes the copy afterwards.
 */
final class RestoreJourney implements Journey {

  private static final String ADMIN = "sysadmin";
  private static final String CISO = "ciso";
  private static final String SERVICE = "backup";

  @Override
  public void walk(Client client) throws Client.GaveUp {
    String asset = UUID.randomUUID().toString();
    String run = AssetJourney.backUp(client, asset);
    if (client.random().nextInt(4) == 0) {
      report(client, asset, run);
      return;
    }
    Client.Done test =
        client.create(
            ADMIN,
            SERVICE,
            "/v1/restore-tests",
            "restore-test",
            Map.of("run", run, "depth", "L2", "reason", "chaos"),
            Write.marked("restore-test.begun.v1", run));
    String path = "/v1/restore-tests/" + test.id();
    String subject = "restore-test/" + test.id();
    if (client.random().nextInt(4) == 0) {
      client.act(
          ADMIN,
          SERVICE,
          path + "/abandonment",
          Map.of("reason", "chaos"),
          test.version(),
          Write.to(subject, "restore-test.abandoned.v1"));
      return;
    }
    Client.Done evidence =
        client.act(
            ADMIN,
            SERVICE,
            path + "/evidence",
            Map.of("text", "chaos"),
            test.version(),
            Write.to(subject, "restore-test.evidence-added.v1"));
    Client.Done submitted =
        client.act(
            ADMIN,
            SERVICE,
            path + "/result",
            Map.of("outcome", "PASSED", "endedAt", Instant.now().toString()),
            evidence.version(),
            Write.to(subject, "restore-test.submitted.v1"));
    client.act(
        CISO,
        SERVICE,
        path + "/verification",
        Map.of("passed", true),
        submitted.version(),
        Write.to(subject, "restore-test.completed.v1"));
    client.follows(Write.to("backup-run/" + run, "backup-run.verified.v1"));
  }

  private static void report(Client client, String asset, String run) throws Client.GaveUp {
    String plan =
        client.look(ADMIN, SERVICE, "/v1/plans?asset=" + asset).body().at("/items/0/id").asText();
    Instant now = Instant.now();
    client.create(
        Accounts.TOOL,
        SERVICE,
        "/v1/restore-tests/reports?plan=" + plan,
        "restore-test",
        Map.of(
            "run",
            run,
            "depth",
            "L1",
            "outcome",
            "PASSED",
            "startedAt",
            now.minusSeconds(30).toString(),
            "endedAt",
            now.minusSeconds(10).toString(),
            "sampled",
            3,
            "differences",
            0),
        Write.marked("restore-test.completed.v1", run));
    client.follows(Write.to("backup-run/" + run, "backup-run.verified.v1"));
    client.act(
        Accounts.TOOL,
        SERVICE,
        "/v1/prunings?plan=" + plan,
        Map.of("prunedAt", Instant.now().toString(), "snapshots", List.of(asset)),
        null,
        Write.to("backup-run/" + run, "backup-run.pruned.v1"));
  }
}
