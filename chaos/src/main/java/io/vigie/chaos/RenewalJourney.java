package io.vigie.chaos;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * Somebody has something for a week and asks, before it ends, to keep it: an access manager
 * approves that, or refuses it, or they think better of it and the end stays. Or a review has it
 * end earlier.
 */
final class RenewalJourney implements Journey {

  private static final String MANAGER = "access-manager";

  @Override
  public void walk(Client client) throws Client.GaveUp {
    Team.Member member = Team.joinAlone(client);
    String name = UUID.randomUUID().toString();
    String entitlement = PersonJourney.entitlement(client, member.id(), name);
    Instant end = Instant.now().plus(Duration.ofDays(7));
    Client.Done asked =
        RequestJourney.ask(client, member, entitlement, name, Map.of("validUntil", end.toString()));
    Client.Done right = RequestJourney.decide(client, MANAGER, asked, "approval", null, "approved");
    if (client.random().nextDouble() < 0.3) {
      reduce(client, name, entitlement, end.minus(Duration.ofDays(3)));
    } else {
      renew(client, member, right, end.plus(Duration.ofDays(7)));
    }
  }

  private static void reduce(Client client, String name, String entitlement, Instant until)
      throws Client.GaveUp {
    ReviewJourney.Campaign campaign = ReviewJourney.open(client, name, entitlement);
    ReviewJourney.answer(client, campaign, Map.of("decision", "REDUCE", "until", until.toString()));
    client.follows(Write.to(campaign.right(), "right.reduced.v1"));
    ReviewJourney.close(client, campaign);
  }

  private static void renew(Client client, Team.Member member, Client.Done right, Instant until)
      throws Client.GaveUp {
    Client.Done renewal =
        RequestJourney.decide(
            client,
            member.account(),
            right,
            "renewal",
            Map.of("validUntil", until.toString(), "reason", "not done yet"),
            "renewal-requested");
    double outcome = client.random().nextDouble();
    if (outcome < 0.5) {
      RequestJourney.decide(client, MANAGER, renewal, "approval", null, "renewed");
    } else if (outcome < 0.75) {
      RequestJourney.decide(
          client, MANAGER, renewal, "refusal", Map.of("reason", "it is done"), "renewal-ended");
    } else {
      RequestJourney.decide(client, member.account(), renewal, "withdrawal", null, "renewal-ended");
    }
  }
}
