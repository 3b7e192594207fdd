package io.vigie.chaos;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** Clients that change the same few objects at the same time: some are told that they came late. */
final class ContestJourney implements Journey {

  private static final int CONTESTED = 4;

  private interface Making {
    String path(Client client) throws Client.GaveUp;
  }

  /**
   * Objects of one kind.
   *
   * @param part what is replaced, below an object's path
   * @param event of a change
   * @param body of a change, by what its event has and no other
   */
  private record Contest(
      String account,
      String service,
      Making making,
      String part,
      String event,
      Function<String, Map<String, Object>> body,
      List<String> paths) {}

  private final List<Contest> contests =
      List.of(
          new Contest(
              "asset-manager",
              "asset",
              client ->
                  "/v1/assets/"
                      + AssetJourney.register(client, AssetJourney.details("SERVER")).id(),
              "/owner",
              "asset.owner-assigned.v1",
              owner -> Map.of("owner", owner),
              new CopyOnWriteArrayList<>()),
          new Contest(
              "access-manager",
              "access",
              client ->
                  "/v1/business-profiles/"
                      + ProfileJourney.profile(client, UUID.randomUUID().toString()).id(),
              "",
              "business-profile.changed.v1",
              name -> Map.of("name", name, "entitlements", List.of()),
              new CopyOnWriteArrayList<>()),
          new Contest(
              MonitorJourney.ADMINISTRATOR,
              "incident",
              client ->
                  "/v1/monitors/"
                      + MonitorJourney.create(
                              client, UUID.randomUUID().toString(), MonitorJourney.DAY_SECONDS)
                          .id(),
              "",
              "monitor.changed.v1",
              name -> MonitorJourney.content(name, MonitorJourney.DAY_SECONDS),
              new CopyOnWriteArrayList<>()));

  @Override
  public void walk(Client client) throws Client.GaveUp {
    Random random = client.random();
    Contest contest = contests.get(random.nextInt(contests.size()));
    List<String> paths = contest.paths();
    if (paths.size() < CONTESTED) {
      paths.add(contest.making().path(client));
    }
    String mark = UUID.randomUUID().toString();
    client.contend(
        contest.account(),
        contest.service(),
        paths.get(random.nextInt(paths.size())),
        contest.part(),
        contest.body().apply(mark),
        Write.marked(contest.event(), mark));
  }
}
