package io.vigie.chaos;

import java.util.Map;
import java.util.Random;
import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Monitoring tells that something is wrong, and tells it again; somebody looks after it, and then
 * monitoring tells that it is over. Some are critical, and so is the first, which fires before any
 * fault strikes: mail tells of them whatever the hour, and once more when they are over, so that
 * the balance has mails at night, too, and in the shortest of runs.
 */
final class AlertJourney implements Journey {

  private static final String RESPONDER = "responder";
  private static final String SERVICE = "incident";
  private static final String ALERTS = "/v1/alerts";
  private static final String CRITICAL = "CRITICAL";
  private static final int ONE_CRITICAL_IN = 8;

  /** Each is a mail or two, and more where nobody resolves it; the mail server keeps thousands. */
  static final int MOST_CRITICAL = 200;

  private int critical;

  @Override
  public void walk(Client client) throws Client.GaveUp {
    String rule = UUID.randomUUID().toString();
    String severity = severity(client.random());
    client.act(
        Accounts.TOOL,
        SERVICE,
        ALERTS,
        signal(rule, severity, "FIRING"),
        null,
        Write.marked("monitoring-alert.fired.v1", rule));
    client.repeat(Accounts.TOOL, "POST", SERVICE, ALERTS, signal(rule, severity, "FIRING"));
    JsonNode alert = client.await(RESPONDER, SERVICE, ALERTS + "?rule=" + rule, 1).path(0);
    String subject = "monitoring-alert/" + alert.path("id").asText();
    String path = ALERTS + "/" + alert.path("id").asText();
    if (severity.equals(CRITICAL)) {
      client.await(RESPONDER, SERVICE, path, "mails", mails -> mails.asInt() > 0);
    }
    if (client.random().nextBoolean()) {
      client.act(
          RESPONDER,
          SERVICE,
          path + "/acknowledgement",
          Map.of("note", "chaos"),
          client.look(RESPONDER, SERVICE, path).version(),
          Write.to(subject, "monitoring-alert.acknowledged.v1"));
    }
    client.act(
        Accounts.TOOL,
        SERVICE,
        ALERTS,
        signal(rule, severity, "RESOLVED"),
        null,
        Write.to(subject, "monitoring-alert.resolved.v1"));
  }

  /** Of the next alert. */
  String severity(Random random) {
    if (critical == MOST_CRITICAL || critical > 0 && random.nextInt(ONE_CRITICAL_IN) > 0) {
      return "INFO";
    }
    critical++;
    return CRITICAL;
  }

  private static Map<String, String> signal(String rule, String severity, String status) {
    return Map.of("source", "chaos", "rule", rule, "status", status, "severity", severity);
  }
}
