package io.vigie.chaos;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.UUID;

/**
 * Somebody is to have another manager and another site in a month. Whoever leads them then cannot
 * be led by them after that. Perhaps they leave before, and move nowhere.
 */
final class MoveJourney implements Journey {

  private static final String MANAGER = "access-manager";
  private static final String SERVICE = "access";

  @Override
  public void walk(Client client) throws Client.GaveUp {
    String boss = PersonJourney.join(client).id();
    String next = PersonJourney.join(client).id();
    String mover = PersonJourney.joinUnder(client, boss).id();
    String path = "/v1/people/" + mover;
    LocalDate day = LocalDate.now(ZoneOffset.UTC).plusDays(30);
    client.act(
        MANAGER,
        SERVICE,
        path + "/move",
        Map.of("movesOn", day.toString(), "manager", next, "site", UUID.randomUUID().toString()),
        // Which changes once the directory has made the account.
        client.look(MANAGER, SERVICE, path).version(),
        planned(mover));
    client.inVain(
        MANAGER,
        "POST",
        SERVICE,
        "/v1/people/" + next + "/move",
        Map.of("movesOn", day.plusDays(1).toString(), "manager", mover),
        planned(next));
    if (client.random().nextBoolean()) {
      client.act(
          MANAGER,
          SERVICE,
          path + "/departure",
          Map.of(),
          client.look(MANAGER, SERVICE, path).version(),
          Write.to("person/" + mover, "person.left.v1"));
    }
  }

  /** Of somebody of whom it is said once. */
  private static Write planned(String person) {
    return Write.to("person/" + person, "person.changed.v1", "plannedMove");
  }
}
