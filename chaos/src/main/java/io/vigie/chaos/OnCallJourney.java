package io.vigie.chaos;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Somebody is to be on call, years ahead, or not after all; and mail of something known is silenced
 * for an hour, or until it is mended.
 */
final class OnCallJourney implements Journey {

  private static final String RESPONDER = "responder";
  private static final String SERVICE = "incident";
  private static final Duration A_YEAR = Duration.ofDays(365);
  private static final int TEN_YEARS_OF_HOURS = 87_600;

  @Override
  public void walk(Client client) throws Client.GaveUp {
    plan(client);
    silence(client);
  }

  private static void plan(Client client) throws Client.GaveUp {
    String person = UUID.randomUUID().toString();
    Instant from =
        Instant.now()
            .plus(A_YEAR)
            .plus(Duration.ofHours(client.random().nextInt(TEN_YEARS_OF_HOURS)));
    Client.Done shift =
        client.create(
            RESPONDER,
            SERVICE,
            "/v1/rota",
            "rota",
            Map.of(
                "person",
                person,
                "from",
                from.toString(),
                "until",
                from.plus(Duration.ofHours(1)).toString()),
            Write.marked("rota.planned.v1", person));
    if (client.random().nextBoolean()) {
      client.act(
          RESPONDER,
          SERVICE,
          "/v1/rota/" + shift.id() + "/withdrawal",
          Map.of("reason", "on leave"),
          shift.version(),
          Write.to("rota/" + shift.id(), "rota.withdrawn.v1"));
    }
  }

  private static void silence(Client client) throws Client.GaveUp {
    String rule = UUID.randomUUID().toString();
    String end = Instant.now().plus(Duration.ofHours(1)).truncatedTo(ChronoUnit.MILLIS).toString();
    Client.Done silence =
        client.create(
            RESPONDER,
            SERVICE,
            "/v1/silences",
            "silence",
            Map.of(
                "matchers",
                List.of(Map.of("label", "rule", "is", "EQUAL", "value", rule)),
                "reason",
                "being mended",
                "endsAt",
                end),
            Write.marked("silence.created.v1", end));
    if (client.random().nextBoolean()) {
      client.act(
          RESPONDER,
          SERVICE,
          "/v1/silences/" + silence.id() + "/lifting",
          null,
          silence.version(),
          Write.to("silence/" + silence.id(), "silence.ended.v1"));
    }
  }
}
