package io.vigie.chaos;

import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Somebody gets an account, and a role in the directory that nobody approved: it is found, and put
 * right or left.
 */
final class AccountJourney implements Journey {

  private static final String MANAGER = "access-manager";
  private static final String SERVICE = "access";
  private static final String DIRECTORY = "keycloak";
  private static final String REALM = "/admin/realms/vigie";

  /** A role that Vigie gives and takes. */
  static final String ROLE = "responder";

  @Override
  public void walk(Client client) throws Client.GaveUp {
    String person = PersonJourney.join(client).id();
    String account =
        client
            .await(MANAGER, SERVICE, "/v1/people/" + person, "subject", JsonNode::isTextual)
            .asText();
    JsonNode role = client.look(Accounts.ADMIN, DIRECTORY, REALM + "/roles/" + ROLE).body();
    client.repeat(
        Accounts.ADMIN,
        "POST",
        DIRECTORY,
        REALM + "/users/" + account + "/role-mappings/realm",
        List.of(Map.of("id", role.path("id").asText(), "name", ROLE)));
    client.follows(Write.marked("drift.found.v1", account));
    if (client.random().nextBoolean()) {
      return;
    }
    String drift =
        client
            .await(MANAGER, SERVICE, "/v1/drifts?live=true&account=" + account, 1)
            .path(0)
            .path("id")
            .asText();
    client.act(
        MANAGER,
        SERVICE,
        "/v1/drifts/" + drift + "/repair",
        null,
        client.look(MANAGER, SERVICE, "/v1/drifts/" + drift).version(),
        Write.to("drift/" + drift, "drift.repair-ordered.v1"));
    client.follows(Write.to("drift/" + drift, "drift.repaired.v1"));
  }
}
