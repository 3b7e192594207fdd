package io.vigie.chaos;

import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A tool finds a machine that nobody registered, and finds it again as it was. Somebody says that
 * it is ours, or that it is not, and the tool finds it once more.
 */
final class DiscoveryJourney implements Journey {

  private static final String MANAGER = "asset-manager";
  private static final String SERVICE = "asset";

  @Override
  public void walk(Client client) throws Client.GaveUp {
    String serial = UUID.randomUUID().toString();
    String id = report(client, serial);
    client.follows(Write.to("asset/" + id, "asset.inventoried.v1"));
    report(client, serial);
    String path = "/v1/assets/" + id;
    String version = client.look(MANAGER, SERVICE, path).version();
    if (client.random().nextBoolean()) {
      client.act(
          MANAGER,
          SERVICE,
          path + "/adoption",
          null,
          version,
          Write.to("asset/" + id, "asset.adopted.v1"));
    } else {
      client.act(
          MANAGER,
          SERVICE,
          path + "/rejection",
          Map.of("reason", "a visitor's"),
          version,
          Write.to("asset/" + id, "asset.rejected.v1"));
    }
    report(client, serial);
  }

  /** As a GLPI agent does, which looks again and again: the first time is an event, no other is. */
  private static String report(Client client, String serial) throws Client.GaveUp {
    return client
        .act(
            Accounts.TOOL,
            SERVICE,
            "/v1/inventories",
            Map.of(
                "deviceid",
                serial,
                "itemtype",
                "Computer",
                "content",
                Map.of(
                    "hardware",
                    Map.of("name", "chaos", "memory", 8_192),
                    "bios",
                    Map.of("ssn", serial),
                    "operatingsystem",
                    Map.of("full_name", "Debian GNU/Linux 12 (bookworm)"),
                    "softwares",
                    List.of(Map.of("name", serial, "version", "1.0-1", "from", "deb")))),
            null,
            Write.marked("asset.discovered.v1", serial))
        .body()
        .path("asset")
        .asText();
  }
}
