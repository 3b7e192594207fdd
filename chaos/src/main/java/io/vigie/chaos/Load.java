package io.vigie.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients at work, each on a journey of its own or on several in turns, over and over, from the
 * beginning until {@link #stop()}. A new domain's journey gets its client here.
 */
final class Load {

  private static final Duration PAUSE = Duration.ofMillis(500);

  private final Ledger ledger;
  private final Progress progress = new Progress();
  private final List<Client> clients = new ArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final FeedServer feeds = new FeedServer();

  Load(Api api, Ledger ledger, Timeline timeline, long seed) {
    this.ledger = ledger;
    AssetJourney assets = new AssetJourney();
    ContestJourney contest = new ContestJourney(); // one, so that they contest the same objects
    List<Journey> others = others(feeds);
    List<Journey> access = access();
    List<Journey> inPerson = inPerson();
    List<Journey> journeys =
        List.of(
            counted(assets),
            counted(assets),
            counted(assets),
            counted(new PersonJourney(assets)),
            turns(incidents(), 0),
            counted(new AlertJourney()),
            counted(new DisposalJourney()),
            counted(new NetworkJourney()),
            turns(List.of(new ContinuityJourney(), new VaultJourney(), new RestoreJourney()), 0),
            turns(others, 0),
            turns(others, 4),
            turns(others, 8),
            turns(access, 0),
            turns(access, 5),
            counted(contest),
            counted(contest),
            turns(watch(), 0),
            turns(inPerson, 0),
            turns(inPerson, 2));
    for (Journey journey : journeys) {
      Client client = new Client(api, ledger, timeline, seed + clients.size());
      clients.add(client);
      String who = String.format(Locale.ROOT, "client %02d", clients.size());
      threads.submit(() -> walk(who, progress.counted(who, journey), client, progress));
    }
  }

  private Journey counted(Journey journey) {
    return progress.counted(journey.getClass().getSimpleName(), journey);
  }

  private Journey turns(List<Journey> journeys, int first) {
    return new Turns(journeys.stream().map(this::counted).toList(), first);
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
        new RenameJourney(),
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

  /** Until the client is stopped, or dies. */
  static void walk(String who, Journey journey, Client client, Progress progress) {
    try {
      while (!client.isStopped()) {
        try {
          journey.walk(client);
        } catch (Client.GaveUp e) {
          // the ledger knows; on to the next
        }
        LockSupport.parkNanos(client.random().nextLong(2 * PAUSE.toNanos()));
      }
    } catch (Throwable e) { // it would be kept in a result that nobody reads
      progress.died(who, e);
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

  /** Who got nowhere while all worked for this long. */
  List<Difference> differences(Duration worked) {
    return progress.differences(ledger.count(Write.Fate.DONE), worked);
  }

  /** How far each got. */
  String line() {
    return progress.line();
  }
}
