package io.vigie.chaos;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Somebody stands in for another. A campaign opens by itself about the one right of somebody, which
 * is certified, or revoked and confirmed to be gone, and closes.
 */
final class ReviewJourney implements Journey {

  private static final String MANAGER = "access-manager";
  private static final String SERVICE = "access";

  @Override
  public void walk(Client client) throws Client.GaveUp {
    String name = UUID.randomUUID().toString();
    Client.Done person = PersonJourney.join(client);
    standIn(client, person.id());
    String entitlement = PersonJourney.entitlement(client, person.id(), name);
    ProfileJourney.give(client, person.id(), entitlement);
    client.follows(Write.marked("right.granted.v1", name));
    Client.Done campaign =
        client.create(
            MANAGER,
            SERVICE,
            "/v1/campaigns",
            "campaign",
            Map.of(
                "name",
                name,
                "scope",
                Map.of("entitlements", List.of(entitlement)),
                "reviewers",
                "OWNER",
                "everyMonths",
                0),
            Write.marked("campaign.planned.v1", name));
    String path = "/v1/campaigns/" + campaign.id();
    String subject = "campaign/" + campaign.id();
    JsonNode item = client.await(MANAGER, SERVICE, path + "/items?reviewer=all", 1).path(0);
    client.follows(Write.to(subject, "campaign.opened.v1"));
    String id = item.path("id").asText();
    boolean keep = client.random().nextBoolean();
    client.act(
        MANAGER,
        SERVICE,
        path + "/decisions",
        Map.of(
            "decisions",
            List.of(
                Map.of(
                    "item",
                    id,
                    "version",
                    item.path("version").asLong(),
                    "decision",
                    keep ? "CERTIFY" : "REVOKE",
                    "reason",
                    "as it is used"))),
        null,
        Write.to("review/" + id, "review.decided.v1"));
    if (!keep) {
      client.follows(Write.to("right/" + item.path("right").asText(), "right.revoked.v1"));
      client.act(
          MANAGER,
          SERVICE,
          path + "/confirmations",
          Map.of("items", List.of(id)),
          null,
          Write.to("review/" + id, "review.confirmed.v1"));
    }
    client.act(
        MANAGER,
        SERVICE,
        path + "/closure",
        null,
        client.look(MANAGER, SERVICE, path).version(),
        Write.to(subject, "campaign.closed.v1"));
  }

  private static void standIn(Client client, String person) throws Client.GaveUp {
    String substitute = PersonJourney.join(client).id();
    Client.Done delegation =
        client.create(
            MANAGER,
            SERVICE,
            "/v1/delegations",
            "delegation",
            Map.of(
                "person",
                person,
                "substitute",
                substitute,
                "validUntil",
                Instant.now().plus(Duration.ofDays(7)).toString(),
                "reason",
                "leave"),
            Write.marked("delegation.made.v1", substitute));
    if (client.random().nextBoolean()) {
      client.act(
          MANAGER,
          SERVICE,
          "/v1/delegations/" + delegation.id() + "/revocation",
          Map.of("reason", "back early"),
          delegation.version(),
          Write.to("delegation/" + delegation.id(), "delegation.revoked.v1"));
    }
  }
}
