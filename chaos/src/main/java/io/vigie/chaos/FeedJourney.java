package io.vigie.chaos;

import java.util.Map;
import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A feed at an address where nobody answers, which the service finds out; some are given up. Or one
 * with two items, of which one is dismissed and the other waits. Or an index of two advisories,
 * which the service takes in.
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
      if (client.random().nextBoolean()) {
        lookAt(client, register(client, server.url(mark), "NEWS").id());
      } else {
        register(client, server.index(mark), "OSV");
        takenIn(client, mark);
      }
      return;
    }
    Client.Done feed = register(client, "https://127.0.0.1:1/" + mark, "CSAF");
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

  private static void takenIn(Client client, String mark) throws Client.GaveUp {
    for (int number = 1; number <= FeedServer.ITEMS; number++) {
      String identifier = FeedServer.advisory(mark, number);
      JsonNode known = client.await(MANAGER, SERVICE, "/v1/advisories?identifier=" + identifier, 1);
      client.follows(
          Write.to("advisory/" + known.path(0).path("id").asText(), "advisory.received.v1"));
    }
  }

  private static Client.Done register(Client client, String url, String format)
      throws Client.GaveUp {
    return client.create(
        MANAGER,
        SERVICE,
        "/v1/feeds",
        "feed",
        Map.of("name", "chaos", "url", url, "format", format),
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
