package io.vigie.chaos;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * A job deploys an application: what a second person reviewed, which may have to be rolled back, or
 * in an emergency what is reviewed afterwards.
 */
final class DeploymentJourney implements Journey {

  private static final String SERVICE = "asset";

  @Override
  public void walk(Client client) throws Client.GaveUp {
    boolean emergency = client.random().nextDouble() < 0.3;
    String asset = AssetJourney.register(client, AssetJourney.details("APPLICATION")).id();
    String run = "https://ci.example/" + UUID.randomUUID();
    Client.Done deployment =
        client.create(
            Accounts.TOOL,
            SERVICE,
            "/v1/deployments",
            "deployment",
            Map.of("report", report(asset, run, emergency), "outcome", "SUCCEEDED"),
            Write.marked("deployment.reported.v1", run));
    String path = "/v1/deployments/" + deployment.id();
    String subject = "deployment/" + deployment.id();
    if (emergency) {
      client.act(
          "staff",
          SERVICE,
          path + "/review",
          Map.of("findings", "nothing to say"),
          deployment.version(),
          Write.to(subject, "deployment.reviewed.v1"));
    } else if (client.random().nextBoolean()) {
      client.act(
          Accounts.TOOL,
          SERVICE,
          path + "/outcome",
          Map.of("outcome", "ROLLED_BACK"),
          deployment.version(),
          Write.to(subject, "deployment.turned-out.v1"));
    }
  }

  private static Map<String, Object> report(String asset, String run, boolean emergency) {
    Map<String, Object> report = new HashMap<>();
    report.put("asset", asset);
    report.put("release", "1.0.0");
    report.put("environment", "production");
    report.put("commit", "0123456789abcdef0123456789abcdef01234567");
    report.put("repository", "https://git.example/chaos");
    report.put("author", UUID.randomUUID().toString());
    report.put(
        emergency ? "emergency" : "reviewer",
        emergency ? "the site is down" : UUID.randomUUID().toString());
    report.put("pipeline", "deploy");
    report.put("runUrl", run);
    report.put("deployedAt", Instant.now().minusSeconds(10).toString());
    return report;
  }
}
