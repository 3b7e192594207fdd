package io.vigie.chaos;

import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

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
    String account = account(client, PersonJourney.join(client).id());
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

  /** The account that somebody gets, by its subject. */
  static String account(Client client, String person) throws Client.GaveUp {
    return client
        .await(MANAGER, SERVICE, "/v1/people/" + person, "subject", JsonNode::isTextual)
        .asText();
  }

  /**
   * Does what somebody does at their first sign-in, once their account may do what everybody's may;
   * returns its name, under which requests can be made from then on.
   */
  static String signIn(Client client, String person) throws Client.GaveUp {
    String path = REALM + "/users/" + account(client, person);
    client.await(
        Accounts.ADMIN,
        DIRECTORY,
        path + "/role-mappings",
        "realmMappings",
        roles -> roles.findValuesAsText("name").contains("staff"));
    ObjectNode user = client.look(Accounts.ADMIN, DIRECTORY, path).body().deepCopy();
    String name = user.path("username").asText();
    client.repeat(
        Accounts.ADMIN,
        "PUT",
        DIRECTORY,
        path + "/reset-password",
        Map.of("type", "password", "value", Accounts.password(name), "temporary", false));
    user.putArray("requiredActions");
    client.repeat(Accounts.ADMIN, "PUT", DIRECTORY, path, user);
    return name;
  }

  /**
   * Lets somebody who signed in before, and gets a privileged role, go on without the second factor
   * that they are asked for once they have it.
   */
  static void spareSecondFactor(Client client, String person) throws Client.GaveUp {
    String path = REALM + "/users/" + account(client, person);
    client.await(
        Accounts.ADMIN,
        DIRECTORY,
        path,
        "requiredActions",
        actions -> actions.toString().contains("CONFIGURE_TOTP"));
    ObjectNode user = client.look(Accounts.ADMIN, DIRECTORY, path).body().deepCopy();
    user.putArray("requiredActions");
    client.repeat(Accounts.ADMIN, "PUT", DIRECTORY, path, user);
  }
}
