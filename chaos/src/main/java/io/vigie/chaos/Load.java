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
    List<Journey> others = others(feeds);
    List<Journey> access = access();
    List<Journey> inPerson = inPerson();
    List<Journey> journeys =
        List.of(
            assets,
            assets,
            assets,
            new PersonJourney(assets),
            new Turns(incidents(), 0),
            new AlertJourney(),
            new DisposalJourney(),
            new NetworkJourney(),
            new Turns(
                List.of(new ContinuityJourney(), new VaultJourney(), new RestoreJourney()), 0),
            new Turns(others, 0),
            new Turns(others, 4),
            new Turns(others, 8),
            new Turns(access, 0),
            new Turns(access, 4),
            new ContestJourney(),
            new ContestJourney(),
            new Turns(watch(), 0),
            new Turns(inPerson, 0),
            new Turns(inPerson, 2));
    for (Journey journey : journeys) {
      Client client = new Client(api, ledger, timeline, seed + clients.size());
      clients.add(client);
      threads.submit(() -> walk(journey, client));
    }
  }

  /** On what the agency has, and who supplies it. */
  private static List<Journey> others(FeedServer feeds) {
    return List.of(
        new SupplierJourney(),
        new SoftwareJourney(),
        new DocumentJourney(),
        new PostureJourney(),
        new DependencyJourney(),
        new BackupJourney(),
        new DeploymentJourney(),
        new DiscoveryJourney(),
        new ClosureJourney(),
        new AuditJourney(),
        new ExceptionJourney(),
        new TableJourney(),
        new FeedJourney(feeds));
  }

  /** On what hangs on people. */
  private static List<Journey> access() {
    return List.of(
        new ProfileJourney(),
        new ConflictJourney(),
        new ReviewJourney(),
        new StaffTableJourney(),
        new MoveJourney(),
        new PremisesJourney(),
        new TrainingJourney(),
        new ClientDataJourney(),
        new AccountJourney());
  }

  /** On what people do themselves, signed in under accounts that they were given. */
  private static List<Journey> inPerson() {
    return List.of(
        new RequestJourney(),
        new EmergencyJourney(),
        new CustodyJourney(),
        new RenewalJourney(),
        new VisitJourney());
  }

  private static List<Journey> incidents() {
    return List.of(
        new IncidentJourney(),
        new ResponseJourney(),
        new EvidenceJourney(),
        new CompromiseJourney());
  }

  private static List<Journey> watch() {
    return List.of(
        new MonitorJourney(),
        new ScanJourney(),
        new OnCallJourney(),
        // Of one client alone: two would answer and attest the same.
        new ReevaluationJourney(),
        new AttestationJourney());
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
