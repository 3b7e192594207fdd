package io.vigie.chaos;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Two zones, and a flow between them that is seen before anybody declared it. Somebody says that it
 * is nothing, or it stays open until the flow that one asks for and another approves explains it.
 * Nobody needs that long.
 */
final class NetworkJourney implements Journey {

  private static final String MANAGER = "asset-manager";
  private static final String SERVICE = "asset";

  /** With addresses that no other zone has (RFC 3849). */
  record Zone(String id, String address) {}

  @Override
  public void walk(Client client) throws Client.GaveUp {
    Zone from = zone(client, "DMZ");
    Zone to = zone(client, "HOSTING");
    String finding = see(client, from, to);
    boolean isNothing = client.random().nextBoolean();
    if (isNothing) {
      client.act(
          "ciso",
          SERVICE,
          "/v1/network-findings/" + finding + "/dismissal",
          Map.of("reason", "a test"),
          "*",
          Write.to("network-finding/" + finding, "network-finding.closed.v1"));
    }
    String mark = UUID.randomUUID().toString();
    Client.Done flow =
        client.create(
            MANAGER,
            SERVICE,
            "/v1/flows",
            "flow",
            Map.of(
                "fromZone",
                from.id(),
                "toZone",
                to.id(),
                "protocol",
                "TCP",
                "ports",
                "443",
                "purpose",
                mark),
            Write.marked("flow.requested.v1", mark));
    String path = "/v1/flows/" + flow.id();
    String subject = "flow/" + flow.id();
    Client.Done approved =
        client.act(
            "ciso",
            SERVICE,
            path + "/approval",
            null,
            flow.version(),
            Write.to(subject, "flow.approved.v1"));
    if (!isNothing) {
      client.follows(Write.to("network-finding/" + finding, "network-finding.closed.v1"));
    }
    client.act(
        MANAGER,
        SERVICE,
        path + "/withdrawal",
        Map.of("reason", "moved"),
        approved.version(),
        Write.to(subject, "flow.withdrawn.v1"));
  }

  static Zone zone(Client client, String purpose) throws Client.GaveUp {
    String name = UUID.randomUUID().toString();
    String prefix = "2001:db8:%s:%s::".formatted(name.substring(0, 4), name.substring(4, 8));
    String id =
        client
            .create(
                MANAGER,
                SERVICE,
                "/v1/zones",
                "zone",
                Map.of("name", name, "purpose", purpose, "ranges", List.of(prefix + "/64")),
                Write.marked("zone.declared.v1", name))
            .id();
    return new Zone(id, prefix + "1");
  }

  /** The finding that it makes. */
  private static String see(Client client, Zone from, Zone to) throws Client.GaveUp {
    String at = Instant.now().minusSeconds(1).toString();
    return client
        .act(
            Accounts.TOOL,
            SERVICE,
            "/v1/observed-flows",
            new Api.Lines(
                List.of(
                    Map.of(
                        "source",
                        from.address(),
                        "destination",
                        to.address(),
                        "protocol",
                        "TCP",
                        "port",
                        443,
                        "firstSeen",
                        at,
                        "lastSeen",
                        at,
                        "count",
                        1))),
            null,
            Write.marked("network-finding.opened.v1", from.id()))
        .body()
        .path("opened")
        .path(0)
        .asText();
  }
}
