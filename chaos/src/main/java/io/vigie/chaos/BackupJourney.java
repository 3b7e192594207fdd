package io.vigie.chaos;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * An application goes into service without a backup plan. One asks for an exception, another grants
 * it, and then it is given up, or the application leaves service, is backed up and retired, and
 * somebody decides until when its copies are kept.
 */
final class BackupJourney implements Journey {

  private static final String SERVICE = "backup";

  @Override
  public void walk(Client client) throws Client.GaveUp {
    Client.Done asset = AssetJourney.register(client, AssetJourney.details("APPLICATION"));
    String id = asset.id();
    String version =
        AssetJourney.commission(client, id, UUID.randomUUID().toString(), asset.version());
    Client.Done exception = except(client, id);
    if (client.random().nextBoolean()) {
      client.act(
          "sysadmin",
          SERVICE,
          "/v1/backup-exceptions/" + exception.id() + "/withdrawal",
          Map.of("reason", "it gets a plan"),
          exception.version(),
          Write.to("backup-exception/" + exception.id(), "backup-exception.withdrawn.v1"));
    } else {
      Client.Done shelved =
          client.act(
              "asset-manager",
              "asset",
              "/v1/assets/" + id + "/shelving",
              null,
              version,
              Write.to("asset/" + id, "asset.shelved.v1"));
      client.follows(Write.to("asset-coverage/" + id, "asset-coverage.lifted.v1"));
      retire(client, id, shelved.version());
    }
  }

  private static void retire(Client client, String asset, String version) throws Client.GaveUp {
    AssetJourney.backUp(client, asset);
    client.act(
        "asset-manager",
        "asset",
        "/v1/assets/" + asset + "/retirement",
        Map.of("reason", "old"),
        version,
        Write.to("asset/" + asset, "asset.retired.v1"));
    client.await(
        "sysadmin",
        SERVICE,
        "/v1/plans?asset=" + asset,
        "items",
        plans -> plans.at("/0/assetState").asText().equals("RETIRED"));
    client.create(
        "sysadmin",
        SERVICE,
        "/v1/retention-decisions",
        "retention-decision",
        Map.of(
            "asset",
            asset,
            "keepUntil",
            Instant.now().plus(Duration.ofDays(30)).toString(),
            "reason",
            "chaos"),
        Write.marked("retention-decision.made.v1", asset));
  }

  private static Client.Done except(Client client, String asset) throws Client.GaveUp {
    String mark = UUID.randomUUID().toString();
    Client.Done exception =
        client.create(
            "sysadmin",
            SERVICE,
            "/v1/backup-exceptions",
            "backup-exception",
            Map.of(
                "asset",
                asset,
                "scope",
                "WITHOUT_PLAN",
                "reason",
                mark,
                "endsAt",
                Instant.now().plus(Duration.ofDays(30)).toString()),
            Write.marked("backup-exception.requested.v1", mark));
    return client.act(
        "ciso",
        SERVICE,
        "/v1/backup-exceptions/" + exception.id() + "/approval",
        null,
        exception.version(),
        Write.to("backup-exception/" + exception.id(), "backup-exception.approved.v1"));
  }
}
