package io.vigie.chaos;

import java.util.Map;
import java.util.UUID;

/**
 * Somebody needs something now. They ask for two hours of it, a role in the directory, and have it
 * from its approval on; or they take it without one, say why, and the CISO accepts that.
 */
final class EmergencyJourney implements Journey {

  private static final String MANAGER = "access-manager";
  private static final String CISO = "ciso";
  private static final String SERVICE = "access";
  private static final String ROLE = "auditor";

  @Override
  public void walk(Client client) throws Client.GaveUp {
    Team.Member member = Team.joinAlone(client);
    String name = UUID.randomUUID().toString();
    if (client.random().nextBoolean()) {
      justInTime(client, member, name);
    } else {
      breakGlass(client, member, name);
    }
  }

  private static void justInTime(Client client, Team.Member member, String name)
      throws Client.GaveUp {
    String entitlement = PersonJourney.role(client, member.id(), name, ROLE);
    Client.Done asked =
        RequestJourney.ask(client, member, entitlement, name, Map.of("duration", "PT2H"));
    RequestJourney.decide(client, MANAGER, asked, "approval", null, "approved");
  }

  private static void breakGlass(Client client, Team.Member member, String name)
      throws Client.GaveUp {
    String entitlement = PersonJourney.entitlement(client, member.id(), name);
    Client.Done taken =
        client.create(
            member.account(),
            SERVICE,
            "/v1/rights/break-glass",
            "right",
            Map.of("entitlement", entitlement, "reason", "the site is down", "duration", "PT2H"),
            Write.marked("right.broken-glass.v1", name));
    Client.Done justified =
        RequestJourney.decide(
            client,
            member.account(),
            taken,
            "justification",
            Map.of("reason", "nobody else was there"),
            "justified");
    RequestJourney.decide(
        client, CISO, justified, "justification/acceptance", null, "justification-accepted");
  }
}
