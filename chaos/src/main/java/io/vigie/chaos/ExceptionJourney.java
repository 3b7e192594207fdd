package io.vigie.chaos;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * Somebody asks that a rule need not be kept for a time; it is refused, or granted and given up.
 */
final class ExceptionJourney implements Journey {

  private static final String CISO = "ciso";
  private static final String SERVICE = "audit";

  @Override
  public void walk(Client client) throws Client.GaveUp {
    String object = "asset/" + UUID.randomUUID();
    Client.Done exception =
        client.create(
            "sysadmin",
            SERVICE,
            "/v1/control-exceptions",
            "control-exception",
            Map.of(
                "rule",
                "R12.1",
                "object",
                object,
                "reason",
                "chaos",
                "endsAt",
                // Clocks of services are moved, but not that far.
                Instant.now().plus(Duration.ofDays(200)).toString()),
            Write.marked("control-exception.requested.v1", object));
    String path = "/v1/control-exceptions/" + exception.id();
    String subject = "control-exception/" + exception.id();
    if (client.random().nextBoolean()) {
      client.act(
          CISO,
          SERVICE,
          path + "/refusal",
          Map.of("reason", "chaos"),
          exception.version(),
          Write.to(subject, "control-exception.refused.v1"));
      return;
    }
    Client.Done approved =
        client.act(
            CISO,
            SERVICE,
            path + "/approval",
            null,
            exception.version(),
            Write.to(subject, "control-exception.approved.v1"));
    client.act(
        CISO,
        SERVICE,
        path + "/withdrawal",
        Map.of("reason", "chaos"),
        approved.version(),
        Write.to(subject, "control-exception.withdrawn.v1"));
  }
}
