package io.vigie.chaos;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * An application in service turns out to let anybody in. One asks for an exemption, another grants
 * it, and it ends well: people have to sign in, or the application is taken out of service.
 */
final class PostureJourney implements Journey {

  private static final String MANAGER = "asset-manager";
  private static final String SERVICE = "asset";

  @Override
  public void walk(Client client) throws Client.GaveUp {
    Map<String, Object> details = AssetJourney.details("APPLICATION");
    details.put("attributes", Map.of("authentication", "SSO"));
    Client.Done asset = AssetJourney.register(client, details);
    String id = asset.id();
    String version =
        AssetJourney.commission(client, id, UUID.randomUUID().toString(), asset.version());
    observe(client, id, "NONE", Write.to("posture/" + id, "posture.breached.v1"));
    Client.Done exemption = exempt(client, id);
    Write restored = Write.to("posture/" + id, "posture.restored.v1");
    if (client.random().nextBoolean()) {
      observe(client, id, "SSO", restored);
      client.act(
          MANAGER,
          SERVICE,
          "/v1/posture-exemptions/" + exemption.id() + "/withdrawal",
          Map.of("reason", "needed no more"),
          exemption.version(),
          Write.to("posture-exemption/" + exemption.id(), "posture-exemption.withdrawn.v1"));
    } else {
      client.act(
          MANAGER,
          SERVICE,
          "/v1/assets/" + id + "/shelving",
          null,
          version,
          Write.to("asset/" + id, "asset.shelved.v1"));
      client.follows(restored);
    }
  }

  private static void observe(Client client, String asset, String signIn, Write write)
      throws Client.GaveUp {
    client.put(
        Accounts.TOOL,
        SERVICE,
        "/v1/assets/" + asset + "/posture",
        Map.of("observedAt", Instant.now().toString(), "facts", Map.of("signIn", signIn)),
        null,
        write);
  }

  private static Client.Done exempt(Client client, String asset) throws Client.GaveUp {
    String mark = UUID.randomUUID().toString();
    Client.Done exemption =
        client.create(
            "sysadmin",
            SERVICE,
            "/v1/posture-exemptions",
            "posture-exemption",
            Map.of(
                "asset",
                asset,
                "rule",
                "terminal-sign-in",
                "reason",
                mark,
                "endsAt",
                Instant.now().plus(Duration.ofDays(30)).toString()),
            Write.marked("posture-exemption.requested.v1", mark));
    return client.act(
        "ciso",
        SERVICE,
        "/v1/posture-exemptions/" + exemption.id() + "/approval",
        null,
        exemption.version(),
        Write.to("posture-exemption/" + exemption.id(), "posture-exemption.approved.v1"));
  }
}
