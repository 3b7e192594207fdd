package io.vigie.chaos;

import java.util.Map;
import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A feed at an address where nobody answers, which the service finds out; some are given up. Or one
 * with two items, of which one is dismissed and the other waits.
 */
final class FeedJourney implements Journey {

  private static final String MANAGER = "asset-manager";
  private static final String SERVICE = "asset";

  private final FeedServer server;

  FeedJourney(FeedServer server) {
    this.server = server;
  }

  @Override
  public void walk(Client client) throws Client.GaveUp {
    String mark = UUID.randomUUID().toString();
    if (client.random().nextBoolean()) {
      lookAt(client, register(client, server.url(mark)).id());
      return;
    }
    Client.Done feed = register(client, "https://127.0.0.1:1/" + mark);
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

  private static Client.Done register(Client client, String url) throws Client.GaveUp {
    return client.create(
        MANAGER,
        SERVICE,
        "/v1/feeds",
        "feed",
        Map.of("name", "chaos", "url", url),
        Write.marked("feed.registered.v1", url));
  }

  private static void lookAt(Client client, String feed) throws Client.GaveUp {
    JsonNode notices = client.await(MANAGER, SERVICE, "/v1/notices?feed=" + feed, FeedServer.ITEMS);
    for (JsonNode notice : notices) {
      client.follows(Write.to(subject(notice), "notice.received.v1"));
    }
    JsonNode first = notices.path(0);
    String path = "/v1/notices/" + first.path("id").asText();
    client.act(
        MANAGER,
        SERVICE,
        path + "/dismissal",
        Map.of("reason", "nobody here uses it"),
        client.look(MANAGER, SERVICE, path).version(),
        Write.to(subject(first), "notice.dismissed.v1"));
  }

  private static String subject(JsonNode notice) {
    return "notice/" + notice.path("id").asText();
  }
}
