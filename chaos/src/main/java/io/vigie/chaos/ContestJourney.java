package io.vigie.chaos;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/** Clients that change the same few assets at the same time: some are told that they came late. */
final class ContestJourney implements Journey {

  private static final int CONTESTED = 4;

  private final List<String> paths = new CopyOnWriteArrayList<>();

  @Override
  public void walk(Client client) throws Client.GaveUp {
    if (paths.size() < CONTESTED) {
      paths.add("/v1/assets/" + AssetJourney.register(client, AssetJourney.details("SERVER")).id());
    }
    Random random = client.random();
    String owner = UUID.randomUUID().toString();
    client.contend(
        "asset-manager",
        "asset",
        paths.get(random.nextInt(paths.size())),
        "owner",
        Map.of("owner", owner),
        Write.marked("asset.owner-assigned.v1", owner));
  }
}
