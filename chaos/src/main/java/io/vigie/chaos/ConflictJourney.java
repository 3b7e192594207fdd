package io.vigie.chaos;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A rule keeps two rights apart that a profile gives together: the conflict is found, excepted
 * perhaps, and resolved when the rule is retired.
 */
final class ConflictJourney implements Journey {

  private static final String MANAGER = "access-manager";
  private static final String CISO = "ciso";
  private static final String SERVICE = "access";

  @Override
  public void walk(Client client) throws Client.GaveUp {
    String one = UUID.randomUUID().toString();
    String other = UUID.randomUUID().toString();
    String person = PersonJourney.join(client).id();
    String orders = PersonJourney.entitlement(client, person, one);
    String pays = PersonJourney.entitlement(client, person, other);
    Client.Done rule = rule(client, orders, pays);
    ProfileJourney.give(client, person, orders, pays);
    client.follows(Write.marked("right.granted.v1", one));
    client.follows(Write.marked("right.granted.v1", other));
    client.follows(Write.marked("duty-conflict.found.v1", rule.id()));
    JsonNode conflict =
        client.await(MANAGER, SERVICE, "/v1/duty-conflicts?rule=" + rule.id(), 1).path(0);
    String id = conflict.path("id").asText();
    String subject = "duty-conflict/" + id;
    if (client.random().nextBoolean()) {
      String path = "/v1/duty-conflicts/" + id;
      client.act(
          CISO,
          SERVICE,
          path + "/exception",
          Map.of(
              "reason",
              "two people run the office",
              "compensatingControl",
              "somebody else looks each week",
              "until",
              Instant.now().plus(Duration.ofDays(30)).toString()),
          client.look(CISO, SERVICE, path).version(),
          Write.to(subject, "duty-conflict.excepted.v1"));
    }
    client.act(
        CISO,
        SERVICE,
        "/v1/duty-rules/" + rule.id() + "/retirement",
        Map.of("reason", "one system does both"),
        rule.version(),
        Write.to("duty-rule/" + rule.id(), "duty-rule.retired.v1"));
    client.follows(Write.to(subject, "duty-conflict.resolved.v1"));
  }

  private static Client.Done rule(Client client, String orders, String pays) throws Client.GaveUp {
    String name = UUID.randomUUID().toString();
    return client.create(
        CISO,
        SERVICE,
        "/v1/duty-rules",
        "duty-rule",
        Map.of(
            "name",
            name,
            "explanation",
            "Whoever orders does not pay.",
            "sides",
            List.of(
                Map.of("name", "orders", "entitlements", List.of(orders)),
                Map.of("name", "pays", "entitlements", List.of(pays))),
            "scope",
            "ANYWHERE",
            "mode",
            "RECORD"),
        Write.marked("duty-rule.created.v1", name));
  }
}
