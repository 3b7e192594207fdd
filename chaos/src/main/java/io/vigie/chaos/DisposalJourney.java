package io.vigie.chaos;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/** A tape's way out: retired, disposed of by three people, gone once two other services agree. */
final class DisposalJourney implements Journey {

  private static final String MANAGER = "asset-manager";
  private static final String SERVICE = "asset";
  private static final Duration PAUSE = Duration.ofSeconds(5);

  /** So often the others are asked whether they agree: for a minute, as others wait. */
  private static final int PATIENCE = 12;

  @Override
  public void walk(Client client) throws Client.GaveUp {
    Client.Done asset = AssetJourney.register(client, AssetJourney.details("TAPE"));
    String mark = UUID.randomUUID().toString();
    String path = "/v1/assets/" + asset.id();
    String subject = "asset/" + asset.id();
    String classified = AssetJourney.classify(client, path, subject, asset.version());
    client.act(
        MANAGER,
        SERVICE,
        path + "/retirement",
        Map.of("reason", "full"),
        classified,
        Write.to(subject, "asset.retired.v1"));
    Client.Done disposal =
        client.create(
            MANAGER,
            SERVICE,
            "/v1/disposals",
            "disposal",
            Map.of(
                "asset",
                asset.id(),
                "reason",
                mark,
                "media",
                List.of(Map.of("medium", "TAPE", "identifier", mark))),
            Write.marked("disposal.requested.v1", mark));
    dispose(client, "/v1/disposals/" + disposal.id(), "disposal/" + disposal.id(), disposal);
  }

  private static void dispose(Client client, String path, String subject, Client.Done requested)
      throws Client.GaveUp {
    Client.Done approved =
        client.act(
            "ciso",
            SERVICE,
            path + "/approval",
            null,
            requested.version(),
            Write.to(subject, "disposal.approved.v1"));
    Client.Done sanitised =
        client.act(
            "sysadmin",
            SERVICE,
            path + "/media/1/sanitisation",
            Map.of(
                "technique",
                "DEGAUSS",
                "tool",
                "a magnet",
                "toolVersion",
                "MK II",
                "performedAt",
                Instant.now().toString()), // not before its approval
            approved.version(),
            Write.to(subject, "disposal.medium-sanitised.v1"));
    Client.Done verified =
        client.act(
            "ciso",
            SERVICE,
            path + "/media/1/verification",
            Map.of("passed", true, "how", "the drive finds nothing"),
            sanitised.version(),
            Write.to(subject, "disposal.medium-verified.v1"));
    for (int attempt = 1; attempt <= PATIENCE && !client.isStopped(); attempt++) {
      LockSupport.parkNanos(PAUSE.toNanos());
      String recycler = "recycler " + attempt;
      try {
        client.act(
            MANAGER,
            SERVICE,
            path + "/completion",
            Map.of("recipient", recycler, "leftOn", LocalDate.now(ZoneOffset.UTC).toString()),
            verified.version(),
            Write.to(subject, "disposal.completed.v1", recycler));
        return;
      } catch (Client.GaveUp refused) {
        // the others have not reported yet, or nobody answers
      }
    }
    throw new Client.GaveUp(path);
  }
}
