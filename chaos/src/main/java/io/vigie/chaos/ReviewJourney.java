package io.vigie.chaos;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
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

  /** One that is open about one right. */
  record Campaign(String path, JsonNode item) {

    String right() {
      return "right/" + item.path("right").asText();
    }

    private String review() {
      return "review/" + item.path("id").asText();
    }
  }

  @Override
  public void walk(Client client) throws Client.GaveUp {
    String name = UUID.randomUUID().toString();
    Client.Done person = PersonJourney.join(client);
    standIn(client, person.id());
    String entitlement = PersonJourney.entitlement(client, person.id(), name);
    ProfileJourney.give(client, person.id(), entitlement);
    client.follows(Write.marked("right.granted.v1", name));
    Campaign campaign = open(client, name, entitlement);
    if (client.random().nextBoolean()) {
      answer(client, campaign, Map.of("decision", "CERTIFY"));
    } else {
      answer(client, campaign, Map.of("decision", "REVOKE"));
      client.follows(Write.to(campaign.right(), "right.revoked.v1"));
      client.act(
          MANAGER,
          SERVICE,
          campaign.path() + "/confirmations",
          Map.of("items", List.of(campaign.item().path("id").asText())),
          null,
          Write.to(campaign.review(), "review.confirmed.v1"));
    }
    close(client, campaign);
  }

  /** A campaign about whoever has this, which is one. */
  static Campaign open(Client client, String name, String entitlement) throws Client.GaveUp {
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
    client.follows(Write.to("campaign/" + campaign.id(), "campaign.opened.v1"));
    String path = "/v1/campaigns/" + campaign.id();
    JsonNode item = client.await(MANAGER, SERVICE, path + "/items?reviewer=all", 1).path(0);
    return new Campaign(path, item);
  }

  static void answer(Client client, Campaign campaign, Map<String, String> answer)
      throws Client.GaveUp {
    Map<String, Object> line = new HashMap<>(answer);
    line.put("item", campaign.item().path("id").asText());
    line.put("version", campaign.item().path("version").asLong());
    line.put("reason", "as it is used");
    client.act(
        MANAGER,
        SERVICE,
        campaign.path() + "/decisions",
        Map.of("decisions", List.of(line)),
        null,
        Write.to(campaign.review(), "review.decided.v1"));
  }

  static void close(Client client, Campaign campaign) throws Client.GaveUp {
    client.act(
        MANAGER,
        SERVICE,
        campaign.path() + "/closure",
        null,
        client.look(MANAGER, SERVICE, campaign.path()).version(),
        Write.to(campaign.path().replace("/v1/campaigns/", "campaign/"), "campaign.closed.v1"));
  }

  private static void standIn(Client client, String person) throws Client.GaveUp {
    String substitute = PersonJourney.join(client).id();
    AccountJourney.account(client, substitute); // as whoever stands in for another must have
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
