package io.vigie.chaos;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Somebody reports a security event on an asset; it is dismissed, or becomes an incident that is
 * worked on.
 */
final class IncidentJourney implements Journey {

  private static final String RESPONDER = "responder";
  private static final String SERVICE = "incident";

  private record Step(String path, String state) {}

  private static final List<Step> STEPS =
      List.of(
          new Step("triage", "TRIAGED"),
          new Step("investigation", "INVESTIGATING"),
          new Step("containment", "CONTAINED"));

  @Override
  public void walk(Client client) throws Client.GaveUp {
    Client.Done event = report(client);
    String path = "/v1/security-events/" + event.id();
    String subject = "security-event/" + event.id();
    if (client.random().nextDouble() < 0.3) {
      client.act(
          RESPONDER,
          SERVICE,
          path + "/dismissal",
          Map.of("reason", "a false alarm"),
          event.version(),
          Write.to(subject, "security-event.dismissed.v1"));
      return;
    }
    Client.Done incident = promote(client, event);
    String version = incident.version();
    for (Step step : STEPS) {
      version =
          client
              .act(
                  RESPONDER,
                  SERVICE,
                  "/v1/incidents/" + incident.id() + "/" + step.path(),
                  Map.of("note", "done"),
                  version,
                  Write.to("incident/" + incident.id(), "incident.advanced.v1", step.state()))
              .version();
    }
    correct(client, incident.id(), version);
  }

  /** The triage was done when the incident was detected already. */
  private static void correct(Client client, String incident, String version) throws Client.GaveUp {
    String path = "/v1/incidents/" + incident;
    String triage =
        client
            .look(RESPONDER, SERVICE, path + "/steps")
            .body()
            .path("items")
            .path(0)
            .path("id")
            .asText();
    String detected = client.look(RESPONDER, SERVICE, path).body().path("detectedAt").asText();
    client.act(
        RESPONDER,
        SERVICE,
        path + "/steps",
        Map.of("supersedes", triage, "at", detected, "note", "chaos"),
        version,
        Write.to("incident/" + incident, "incident.step-corrected.v1"));
  }

  static Client.Done report(Client client) throws Client.GaveUp {
    String asset = AssetJourney.register(client, AssetJourney.details("SERVER")).id();
    return client.create(
        "staff",
        SERVICE,
        "/v1/security-events",
        "security-event",
        Map.of(
            "title",
            "chaos",
            "description",
            "Something looks odd.",
            "occurredAt",
            Instant.now().minusSeconds(3_600).toString(),
            "asset",
            asset),
        Write.marked("security-event.reported.v1", asset));
  }

  private static Client.Done promote(Client client, Client.Done event) throws Client.GaveUp {
    return client.act(
        RESPONDER,
        SERVICE,
        "/v1/security-events/" + event.id() + "/promotion",
        Map.of("category", "OTHER", "impact", "MEDIUM", "urgency", "MEDIUM"),
        event.version(),
        Write.to("security-event/" + event.id(), "security-event.promoted.v1"));
  }

  /** An incident that nobody has worked on yet. */
  static Client.Done open(Client client) throws Client.GaveUp {
    return promote(client, report(client));
  }
}
