package io.vigie.chaos;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.UUID;

/** A site with something in it that is to close: it does once that is elsewhere, or it stays. */
final class ClosureJourney implements Journey {

  private static final String MANAGER = "asset-manager";
  private static final String SERVICE = "asset";

  @Override
  public void walk(Client client) throws Client.GaveUp {
    String site = AssetJourney.register(client, AssetJourney.details("PREMISES")).id();
    Map<String, Object> details = AssetJourney.details("LAPTOP");
    details.put("site", site);
    Client.Done laptop = AssetJourney.register(client, details);
    String mark = UUID.randomUUID().toString();
    Client.Done closure =
        client.create(
            MANAGER,
            SERVICE,
            "/v1/site-closures",
            "site-closure",
            Map.of(
                "site",
                site,
                "closesOn",
                LocalDate.now(ZoneOffset.UTC).plusDays(30).toString(),
                "reason",
                mark),
            Write.marked("site-closure.announced.v1", mark));
    String path = "/v1/site-closures/" + closure.id();
    String subject = "site-closure/" + closure.id();
    if (client.random().nextDouble() < 0.2) {
      client.act(
          MANAGER,
          SERVICE,
          path + "/cancellation",
          Map.of("reason", "it stays"),
          closure.version(),
          Write.to(subject, "site-closure.cancelled.v1"));
      return;
    }
    details.remove("site");
    client.put(
        MANAGER,
        SERVICE,
        "/v1/assets/" + laptop.id(),
        details,
        laptop.version(),
        Write.to("asset/" + laptop.id(), "asset.described.v1"));
    client.act(
        MANAGER,
        SERVICE,
        path + "/completion",
        null,
        closure.version(),
        Write.to(subject, "site-closure.completed.v1"));
  }
}
