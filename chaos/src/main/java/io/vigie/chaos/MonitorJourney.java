package io.vigie.chaos;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A job is waited for. Some call in time; others do not, which is found out, and then do. Then
 * there is maintenance, and at last nobody waits any more.
 */
final class MonitorJourney implements Journey {

  static final String ADMINISTRATOR = "sysadmin";
  static final int DAY_SECONDS = 86_400;
  private static final String SERVICE = "incident";

  @Override
  public void walk(Client client) throws Client.GaveUp {
    String name = UUID.randomUUID().toString();
    boolean calls = client.random().nextBoolean();
    String id = create(client, name, calls ? DAY_SECONDS : 10).id();
    String path = "/v1/monitors/" + id;
    String subject = "monitor/" + id;
    if (calls) {
      client.repeat(Accounts.TOOL, "POST", SERVICE, "/v1/heartbeats/" + id, null);
    } else {
      callLate(client, name, id, path, subject);
    }
    act(client, path + "/pause", Map.of("reason", "chaos"), subject, "monitor.paused.v1");
    act(client, path + "/resumption", null, subject, "monitor.resumed.v1");
    act(client, path + "/retirement", Map.of("reason", "chaos"), subject, "monitor.retired.v1");
  }

  /** One of a job that is to call so often. */
  static Client.Done create(Client client, String name, int everySeconds) throws Client.GaveUp {
    Map<String, Object> monitor = new HashMap<>(content(name, everySeconds));
    monitor.put("asset", UUID.randomUUID());
    monitor.put("type", "HEARTBEAT");
    return client.create(
        ADMINISTRATOR,
        SERVICE,
        "/v1/monitors",
        "monitor",
        monitor,
        Write.marked("monitor.created.v1", name));
  }

  /** What can be changed. */
  static Map<String, Object> content(String name, int everySeconds) {
    return Map.of("name", name, "target", Map.of("graceSeconds", 1), "everySeconds", everySeconds);
  }

  /** It fails once: before the job calls, it is given a day until the next time. */
  private static void callLate(Client client, String name, String id, String path, String subject)
      throws Client.GaveUp {
    client.follows(Write.to(subject, "monitor.failed.v1"));
    client.await(ADMINISTRATOR, SERVICE, path, "failingSince", JsonNode::isTextual);
    client.put(
        ADMINISTRATOR,
        SERVICE,
        path,
        content(name, DAY_SECONDS),
        "*",
        Write.to(subject, "monitor.changed.v1"));
    client.act(
        Accounts.TOOL,
        SERVICE,
        "/v1/heartbeats/" + id,
        null,
        null,
        Write.to(subject, "monitor.recovered.v1"));
  }

  private static void act(
      Client client, String path, Map<String, String> body, String subject, String event)
      throws Client.GaveUp {
    client.act(ADMINISTRATOR, SERVICE, path, body, "*", Write.to(subject, event));
  }
}
