package io.vigie.chaos;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;

/**
 * An asset's life: registered, owned by this one and that one, classified, put in service, backed
 * up, and in the end lost, retired, or owned by somebody who leaves.
 */
final class AssetJourney implements Journey {

  private static final String MANAGER = "asset-manager";
  private static final String SERVICE = "asset";
  private static final JsonNode LEVELS =
      Api.JSON.valueToTree(
          Map.of("availability", 2, "integrity", 3, "confidentiality", 2, "proof", 1));

  private static final JsonNode ASSESSMENT =
      ((ObjectNode) LEVELS.deepCopy()).put("rationale", "Chaos needs it.");

  private final Queue<String> people = new ConcurrentLinkedQueue<>();

  /** Says that this person works here, for now. */
  void employ(String person) {
    people.add(person);
  }

  @Override
  public void walk(Client client) throws Client.GaveUp {
    Client.Done asset = register(client, details("LAPTOP"));
    String id = asset.id();
    String path = "/v1/assets/" + id;
    String subject = "asset/" + id;
    String version = own(client, path, UUID.randomUUID().toString(), asset.version());
    String person = people.poll();
    version =
        commission(client, id, person == null ? UUID.randomUUID().toString() : person, version);
    backUp(client, id);
    double end = client.random().nextDouble();
    if (end < 0.5) {
      client.act(
          "staff",
          SERVICE,
          path + "/loss",
          Map.of(
              "stolen",
              end < 0.25,
              "circumstances",
              "left behind",
              "occurredAt",
              Instant.now().minusSeconds(3_600).toString()),
          null,
          Write.to(subject, "asset.lost.v1"));
    } else if (end < 0.75) {
      client.act(
          MANAGER,
          SERVICE,
          path + "/retirement",
          Map.of("reason", "worn out"),
          version,
          Write.to(subject, "asset.retired.v1"));
    }
  }

  /** What is said of an asset that no other has the serial number of. */
  static Map<String, Object> details(String kind) {
    Map<String, Object> details = new HashMap<>();
    details.put("name", "chaos");
    details.put("kind", kind);
    details.put("serialNumber", UUID.randomUUID().toString());
    details.put("production", true);
    return details;
  }

  static Client.Done register(Client client, Map<String, Object> details) throws Client.GaveUp {
    return client.create(
        MANAGER,
        SERVICE,
        "/v1/assets",
        "asset",
        details,
        Write.marked("asset.registered.v1", (String) details.get("serialNumber")));
  }

  /** Gives it to an owner, classifies it and puts it in service. */
  static String commission(Client client, String id, String owner, String version)
      throws Client.GaveUp {
    String path = "/v1/assets/" + id;
    String subject = "asset/" + id;
    String owned = own(client, path, owner, version);
    return client
        .act(
            MANAGER,
            SERVICE,
            path + "/commissioning",
            null,
            classify(client, path, subject, owned),
            Write.to(subject, "asset.commissioned.v1"))
        .version();
  }

  private static String own(Client client, String path, String owner, String version)
      throws Client.GaveUp {
    return client
        .replace(
            MANAGER,
            SERVICE,
            path,
            "owner",
            TextNode.valueOf(owner),
            Map.of("owner", owner),
            version,
            Write.marked("asset.owner-assigned.v1", owner))
        .version();
  }

  static String classify(Client client, String path, String subject, String version)
      throws Client.GaveUp {
    return client
        .replace(
            MANAGER,
            SERVICE,
            path,
            "classification",
            LEVELS,
            ASSESSMENT,
            version,
            Write.to(subject, "asset.classified.v1"))
        .version();
  }

  /** What is said of a plan of backups. */
  static Map<String, Object> plan(String asset, String name) {
    return Map.of(
        "asset",
        asset,
        "name",
        name,
        "site",
        "elsewhere",
        "schedule",
        Map.of("interval", "P1D", "tolerance", "PT6H"),
        "copy",
        Map.of("medium", "DISK", "protection", "NONE"));
  }

  /**
   * Plans a backup and reports its first run, which is answered. The tool calls the copy by the
   * asset.
   */
  static String backUp(Client client, String asset) throws Client.GaveUp {
    String name = UUID.randomUUID().toString();
    String plan =
        client
            .create(
                "sysadmin",
                "backup",
                "/v1/plans",
                "backup-plan",
                plan(asset, name),
                Write.marked("backup-plan.created.v1", name))
            .id();
    String digest = (UUID.randomUUID() + "" + UUID.randomUUID()).replace("-", "");
    Instant started = Instant.now().minusSeconds(120);
    return client
        .create(
            Accounts.TOOL,
            "backup",
            "/v1/plans/" + plan + "/runs",
            "backup-run",
            Map.of(
                "startedAt",
                started.toString(),
                "endedAt",
                started.plusSeconds(60).toString(),
                "outcome",
                "SUCCEEDED",
                "bytes",
                1_000_000,
                "sha256",
                digest,
                "snapshot",
                asset),
            Write.marked("backup-run.reported.v1", digest))
        .id();
  }
}
