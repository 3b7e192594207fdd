package io.vigie.chaos;

import java.util.Map;
import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Monitoring tells that something is wrong, and tells it again; somebody looks after it, and then
 * monitoring tells that it is over.
 */
final class AlertJourney implements Journey {

  private static final String RESPONDER = "responder";
  private static final String SERVICE = "incident";
  private static final String ALERTS = "/v1/alerts";

  @Override
  public void walk(Client client) throws Client.GaveUp {
    String rule = UUID.randomUUID().toString();
    client.act(
        Accounts.TOOL,
        SERVICE,
        ALERTS,
        signal(rule, "FIRING"),
        null,
        Write.marked("monitoring-alert.fired.v1", rule));
    client.repeat(Accounts.TOOL, "POST", SERVICE, ALERTS, signal(rule, "FIRING"));
    JsonNode alert = client.await(RESPONDER, SERVICE, ALERTS + "?rule=" + rule, 1).path(0);
    String subject = "monitoring-alert/" + alert.path("id").asText();
    if (client.random().nextBoolean()) {
      client.act(
          RESPONDER,
          SERVICE,
          ALERTS + "/" + alert.path("id").asText() + "/acknowledgement",
          Map.of("note", "chaos"),
          "\"" + alert.path("version").asText() + "\"",
          Write.to(subject, "monitoring-alert.acknowledged.v1"));
    }
    client.act(
        Accounts.TOOL,
        SERVICE,
        ALERTS,
        signal(rule, "RESOLVED"),
        null,
        Write.to(subject, "monitoring-alert.resolved.v1"));
  }

  private static Map<String, String> signal(String rule, String status) {
    return Map.of("source", "chaos", "rule", rule, "status", status, "severity", "INFO");
  }
}
