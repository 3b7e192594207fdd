package io.vigie.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients at work, each on a journey of its own or on several in turns, over and over, from the
 * beginning until {@link #stop()}. A new domain's journey gets its client here.
 */
final class Load {

  private static final Duration PAUSE = Duration.ofMillis(150);

  private final List<Client> clients = new ArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final FeedServer feeds = new FeedServer();

  Load(Api api, Ledger ledger, Timeline timeline, long seed) {
    AssetJourney assets = new AssetJourney();
    List<Journey> others =
        List.of(
            new SupplierJourney(),
            new SoftwareJourney(),
            new DocumentJourney(),
            new PostureJourney(),
            new BackupJourney(),
            new DeploymentJourney(),
            new DiscoveryJourney(),
            new ClosureJourney(),
            new FeedJourney(feeds));
    List<Journey> access =
        List.of(
            new ProfileJourney(),
            new ConflictJourney(),
            new ReviewJourney(),
            new PremisesJourney(),
            new TrainingJourney(),
            new ClientDataJourney(),
            new AccountJourney());
    List<Journey> incidents =
        List.of(new IncidentJourney(), new ResponseJourney(), new CompromiseJourney());
    List<Journey> journeys =
        List.of(
            assets,
            assets,
            assets,
            new PersonJourney(assets),
            new Turns(incidents, 0),
            new AlertJourney(),
            new DisposalJourney(),
            new NetworkJourney(),
            new Turns(
                List.of(new ContinuityJourney(), new VaultJourney(), new RestoreJourney()), 0),
            new Turns(others, 0),
            new Turns(others, 3),
            new Turns(others, 6),
            new Turns(access, 0),
            new Turns(access, 3),
            new ContestJourney(),
            new ContestJourney(),
            new Turns(List.of(new MonitorJourney(), new ScanJourney()), 0));
    for (Journey journey : journeys) {
      Client client = new Client(api, ledger, timeline, seed + clients.size());
      clients.add(client);
      threads.submit(() -> walk(journey, client));
    }
  }

  private static void walk(Journey journey, Client client) {
    while (!client.isStopped()) {
      try {
        journey.walk(client);
      } catch (Client.GaveUp e) {
        // the ledger knows; on to the next
      }
      LockSupport.parkNanos(client.random().nextLong(2 * PAUSE.toNanos()));
    }
  }

  /** Returns when every client has had the answer to its last request, or none in time. */
  void stop() throws InterruptedException {
    clients.forEach(Client::stop);
    threads.shutdown();
    if (!threads.awaitTermination(2, TimeUnit.MINUTES)) {
      throw new IllegalStateException("clients do not end");
    }
    feeds.close();
  }
}
