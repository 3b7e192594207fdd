package io.vigie.chaos;

import java.time.Instant;
import java.util.Map;

/**
 * Malicious code is on an asset: somebody reports it, a responder declares the asset compromised,
 * and the CISO lifts that, or not yet.
 */
final class CompromiseJourney implements Journey {

  private static final String RESPONDER = "responder";
  private static final String SERVICE = "incident";

  @Override
  public void walk(Client client) throws Client.GaveUp {
    String asset = AssetJourney.register(client, AssetJourney.details("SERVER")).id();
    String since = Instant.now().minusSeconds(7_200).toString();
    Client.Done event =
        client.create(
            "staff",
            SERVICE,
            "/v1/security-events",
            "security-event",
            Map.of(
                "title",
                "chaos",
                "description",
                "No file opens any more.",
                "occurredAt",
                since,
                "asset",
                asset),
            Write.marked("security-event.reported.v1", asset));
    Client.Done incident =
        client.act(
            RESPONDER,
            SERVICE,
            "/v1/security-events/" + event.id() + "/promotion",
            Map.of("category", "MALICIOUS_CODE", "severity", 4),
            event.version(),
            Write.to("security-event/" + event.id(), "security-event.promoted.v1"));
    String path = "/v1/incidents/" + incident.id() + "/compromises";
    Client.Done compromise =
        client.act(
            RESPONDER,
            SERVICE,
            path,
            Map.of("asset", asset, "compromisedSince", since, "reason", "chaos"),
            incident.version(),
            Write.marked("compromise.declared.v1", asset));
    if (client.random().nextBoolean()) {
      // Each says why in the timeline; of two, nothing tells which is which.
      client.follows(Write.to("incident/" + incident.id(), "incident.noted.v1"));
      return;
    }
    client.act(
        "ciso",
        SERVICE,
        path + "/" + compromise.id() + "/lifting",
        Map.of("reason", "chaos"),
        compromise.version(),
        Write.to("compromise/" + compromise.id(), "compromise.lifted.v1"));
  }
}
