package io.vigie.chaos;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Somebody asks for something sensitive, which their manager and then an access manager approve.
 * One of the two may refuse it, after who asked has tried to approve it themselves.
 */
final class RequestJourney implements Journey {

  private static final String MANAGER = "access-manager";
  private static final String SERVICE = "access";

  @Override
  public void walk(Client client) throws Client.GaveUp {
    Team team = Team.join(client);
    String name = UUID.randomUUID().toString();
    String entitlement = PersonJourney.sensitive(client, team.manager().id(), name);
    Client.Done asked = ask(client, team.member(), entitlement, name, Map.of());
    double end = client.random().nextDouble();
    if (end < 0.3) {
      client.inVain(
          team.member().account(),
          "POST",
          SERVICE,
          "/v1/rights/" + asked.id() + "/approval",
          null,
          Write.to("right/" + asked.id(), "right.endorsed.v1"));
      refuse(client, team.manager().account(), asked);
      return;
    }
    Client.Done endorsed =
        decide(client, team.manager().account(), asked, "approval", null, "endorsed");
    if (end < 0.5) {
      client.inVain(
          team.manager().account(),
          "POST",
          SERVICE,
          "/v1/rights/" + asked.id() + "/approval",
          null,
          Write.to("right/" + asked.id(), "right.approved.v1"));
      refuse(client, MANAGER, endorsed);
    } else {
      decide(client, MANAGER, endorsed, "approval", null, "approved");
    }
  }

  /**
   * Asks for something for themselves.
   *
   * @param name of what is asked for, which nothing else has
   * @param end of what is asked for; nothing for as late as can be
   */
  static Client.Done ask(
      Client client, Team.Member member, String entitlement, String name, Map<String, String> end)
      throws Client.GaveUp {
    Map<String, String> request = new HashMap<>(end);
    request.put("person", member.id());
    request.put("entitlement", entitlement);
    request.put("reason", "a new task");
    return client.create(
        member.account(),
        SERVICE,
        "/v1/rights",
        "right",
        request,
        Write.marked("right.requested.v1", name));
  }

  private static void refuse(Client client, String account, Client.Done right)
      throws Client.GaveUp {
    decide(client, account, right, "refusal", Map.of("reason", "not needed"), "refused");
  }

  /**
   * Has somebody decide about a right.
   *
   * @param event what happens to the right, once at most
   */
  static Client.Done decide(
      Client client, String account, Client.Done right, String step, Object body, String event)
      throws Client.GaveUp {
    return client.act(
        account,
        SERVICE,
        "/v1/rights/" + right.id() + "/" + step,
        body,
        right.version(),
        Write.to("right/" + right.id(), "right." + event + ".v1"));
  }
}
