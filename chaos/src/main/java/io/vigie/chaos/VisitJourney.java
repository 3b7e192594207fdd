package io.vigie.chaos;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * An access manager plans a visit, which its host approves; the visitor comes, wears a badge for
 * visitors, and leaves or is still there. Or the planner tries to approve it, and the host refuses.
 */
final class VisitJourney implements Journey {

  private static final String MANAGER = "access-manager";
  private static final String SERVICE = "access";

  @Override
  public void walk(Client client) throws Client.GaveUp {
    Team.Member host = Team.joinAlone(client);
    Client.Done visit = plan(client, PremisesJourney.zone(client), host.id());
    if (client.random().nextDouble() < 0.3) {
      client.inVain(
          MANAGER,
          "POST",
          SERVICE,
          "/v1/visits/" + visit.id() + "/approval",
          null,
          Write.to("visit/" + visit.id(), "visit.approved.v1"));
      act(client, host.account(), visit, "refusal", Map.of("reason", "not today"), "refused");
      return;
    }
    Client.Done approved = act(client, host.account(), visit, "approval", null, "approved");
    Map<String, String> badge = Map.of("badge", UUID.randomUUID().toString());
    Client.Done present = act(client, MANAGER, approved, "arrival", badge, "arrived");
    if (client.random().nextBoolean()) {
      act(client, host.account(), present, "departure", null, "left");
    }
  }

  /** For today, from now on. */
  private static Client.Done plan(Client client, String zone, String host) throws Client.GaveUp {
    String purpose = UUID.randomUUID().toString();
    Instant now = Instant.now();
    return client.create(
        MANAGER,
        SERVICE,
        "/v1/visits",
        "visit",
        Map.of(
            "visitorKind",
            "VISITOR",
            "visitor",
            "Grace",
            "host",
            host,
            "zones",
            List.of(zone),
            "purpose",
            purpose,
            "plannedFrom",
            now.toString(),
            "plannedUntil",
            now.plus(Duration.ofHours(8)).toString()),
        Write.marked("visit.planned.v1", purpose));
  }

  private static Client.Done act(
      Client client, String account, Client.Done visit, String step, Object body, String event)
      throws Client.GaveUp {
    return client.act(
        account,
        SERVICE,
        "/v1/visits/" + visit.id() + "/" + step,
        body,
        visit.version(),
        Write.to("visit/" + visit.id(), "visit." + event + ".v1"));
  }
}
