package io.vigie.chaos;

import java.util.Map;
import java.util.UUID;

/** A feed at an address where nobody answers, which the service finds out; some are given up. */
final class FeedJourney implements Journey {

  private static final String MANAGER = "asset-manager";
  private static final String SERVICE = "asset";

  @Override
  public void walk(Client client) throws Client.GaveUp {
    String url = "https://127.0.0.1:1/" + UUID.randomUUID();
    Client.Done feed =
        client.create(
            MANAGER,
            SERVICE,
            "/v1/feeds",
            "feed",
            Map.of("name", "chaos", "url", url),
            Write.marked("feed.registered.v1", url));
    if (client.random().nextBoolean()) {
      client.act(
          MANAGER,
          SERVICE,
          "/v1/feeds/" + feed.id() + "/ending",
          Map.of("reason", "nobody answers"),
          feed.version(),
          Write.to("feed/" + feed.id(), "feed.ended.v1"));
    }
  }
}
