package io.vigie.system;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.vigie.stack.Stack;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Two replicas of services, of which those at work are killed while clients write. */
@OnOneMachine("kills services")
class ReplicasTest {

  /**
   * From a kill to the first that somebody sees of what the killed one would have done. Of that a
   * session at the broker takes 4 s, and a second more until the others hear that it is over; what
   * is left is for the load of a test that has a dozen JVMs on a machine of two processors.
   */
  private static final Duration TAKE_OVER = Duration.ofSeconds(10);

  /** For all that has to be caught up with. */
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** With each of the three that are killed a third of 2,000 writes. */
  private static final int WRITERS = 5;

  private static final int ASSETS_EACH = 27;

  /** So many people join by each writer. */
  private static final int JOIN_EACH = 3;

  /** So many plans of backups are made by each writer. */
  private static final int PLANS_EACH = 20;

  /** So many writes are done when one is killed. */
  private static final int BEFORE = 100;

  /** Of each topic of events. */
  private static final int PARTITIONS = 3;

  /** So many objects that each partition has some of them. */
  private static final int SOME = 12;

  private static final String REGISTERED = "asset.registered.v1";
  private static final String PLANNED = "backup-plan.created.v1";

  /** Until a job that calls every ten seconds, the shortest interval, is late. */
  private static final Duration LATE = Duration.ofSeconds(11);

  /** A plan is suspended for so long: until whoever suspended it was killed. */
  private static final Duration SUSPENSION = Duration.ofSeconds(8);

  /** From one look of the clock of plans to the next ({@code vigie.backup.look-every}). */
  private static final Duration LOOK = Duration.ofSeconds(10);

  /** From one look of the clock of monitors to the next ({@code vigie.monitors.look-every}). */
  private static final Duration LOOK_AT_MONITORS = Duration.ofSeconds(5);

  private final Stack stack = Platform.stack();
  private final Assets assets = new Assets();
  private final List<String> lost = new ArrayList<>();
  private final List<String> jobs = new ArrayList<>();
  private final Set<String> plans = ConcurrentHashMap.newKeySet();
  private final ExecutorService writers = Executors.newFixedThreadPool(WRITERS);

  @AfterEach
  void nobodyWritesAnyMore() {
    writers.shutdownNow();
  }

  @Test
  void whoIsKilledUnderTwoThousandWritesIsReplacedInTenSecondsAndNothingIsLostTwiceOrOutOfOrder()
      throws Exception {
    // When, of two replicas that make accounts in the directory, one is killed
    Newcomers newcomers = new Newcomers();
    try (Replica access = Replica.start("access", Map.of())) {
      killWhoMakesAccounts(access, newcomers);
    }
    // and, of two that keep plans of backups, the one that relays
    String suspended;
    try (Replica backup = Replica.start("backup", Map.of())) {
      suspended = killTheRelayOfPlansWithItsClocks(backup);
    }
    // and then, of two each, those at work: the second waits for the relay, and both read
    try (Replica asset = Replica.start("asset", Map.of());
        Replica audit = Replica.start("audit", Map.of());
        Replica incident = Replica.start("incident", Map.of())) {
      List<String> replicas = List.of(stack.url("asset").toString(), asset.address());
      awaitTwoReaders("audit", "audit-log");
      awaitTwoReaders("incident", "incident-reactions");
      killTheRelay(asset, replicas);
      killALogWriter(audit, replicas);
      killAConsumerWithItsClocks(incident, replicas);
    }

    // Then
    newcomers.assertEachGotOneAccountWithEachOfItsRolesOnce();
    assets.assertLoggedExactlyOnceInOrder();
    for (String id : lost) {
      assertEquals(1, securityEvents(stack.url("incident").toString(), id), "about " + id);
    }
    for (String id : plans) {
      assertLoggedOnce("backup-plan", id, PLANNED);
    }
    assertLoggedOnce("backup-plan", suspended, "backup-plan.resumed.v1");
    for (String id : jobs) {
      retire(id);
      await()
          .atMost(PATIENCE)
          .until(() -> history("monitor", id), types -> types.contains("monitor.retired.v1"));
      assertLoggedOnce("monitor", id, "monitor.failed.v1");
    }
    for (String service : List.of("asset", "access", "incident", "backup", "audit")) {
      await(service)
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  Platform.as("sysadmin", service)
                      .get("/v1/operator/outbox")
                      .then()
                      .body("waiting", equalTo(0)));
    }
    Platform.Verdict verdict = Platform.verify();
    assertEquals(0, verdict.exit(), verdict.output());
  }

  /**
   * Both work on the queue of accounts. The one that the killed one had in hand waits until its
   * claim ends, which takes a minute: it is looked at with all the others at the end. The rest of
   * the queue goes on.
   */
  private void killWhoMakesAccounts(Replica other, Newcomers newcomers) {
    List<String> replicas = List.of(stack.url("access").toString(), other.address());
    CompletableFuture<Void> joining =
        together(() -> IntStream.range(0, JOIN_EACH).forEach(i -> newcomers.join(replicas)));
    await().atMost(PATIENCE).until(() -> newcomers.joined() >= WRITERS);

    Instant killed = kill("access");
    try {
      String person = newcomers.join(List.of(other.address()));
      await()
          .atMost(within(killed))
          .ignoreExceptions()
          .until(() -> Newcomers.account(other.address(), person) != null);
    } finally {
      stack.start("access");
    }
    joining.join();
  }

  /**
   * A suspension is over while the first one is away: a clock that has no holder finds that out.
   *
   * @return the plan that was suspended
   */
  private String killTheRelayOfPlansWithItsClocks(Replica other) throws IOException {
    assertFalse(relays("backup", other), "the first one relays");
    List<String> replicas = List.of(stack.url("backup").toString(), other.address());
    String suspended = plan(List.of(other.address())); // a first answer takes long: not timed
    Instant over = Instant.now().plus(SUSPENSION);
    suspend(suspended, over);
    CompletableFuture<Void> planning =
        together(() -> IntStream.range(0, PLANS_EACH).forEach(i -> plan(replicas)));
    await().atMost(PATIENCE).until(() -> plans.size() > WRITERS);

    Instant killed = kill("backup");
    try {
      List<String> written = List.of(plan(List.of(other.address())));
      awaitAll(
          written, within(killed), () -> logged(stack.url("audit").toString(), PLANNED, killed));
      assertTrue(relays("backup", other), "the second one relays");
      await()
          .atMost(within(over.plus(LOOK)))
          .ignoreExceptions()
          .until(() -> state(other.address(), suspended), equalTo("ACTIVE"));
    } finally {
      stack.start("backup");
    }
    planning.join();
    return suspended;
  }

  private void killTheRelay(Replica other, List<String> replicas) throws IOException {
    assertFalse(relays("asset", other), "the first one relays");
    CompletableFuture<Void> writing = write(replicas);

    Instant killed = kill("asset");
    try {
      List<String> written = List.of(register(other.address()));
      awaitAll(
          written, within(killed), () -> logged(stack.url("audit").toString(), REGISTERED, killed));
      assertTrue(relays("asset", other), "the second one relays");
    } finally {
      stack.start("asset");
    }
    writing.join();
  }

  /** Whether it ever said so. */
  private static boolean relays(String service, Replica replica) throws IOException {
    return Files.readString(replica.log().toPath())
        .contains("relaying vigie." + service + ".events");
  }

  private void killALogWriter(Replica other, List<String> replicas) {
    CompletableFuture<Void> writing = write(replicas);
    logged(
        other.address(),
        REGISTERED,
        Instant.now()); // a first answer takes long, and is not what is timed

    Instant killed = kill("audit");
    try {
      List<String> written = registerInEachPartition(replicas.get(0));
      awaitFirst(written, within(killed), () -> logged(other.address(), REGISTERED, killed));
      awaitAll(written, PATIENCE, () -> logged(other.address(), REGISTERED, killed));
    } finally {
      stack.start("audit");
    }
    writing.join();
  }

  /**
   * Jobs are late while the first one is away: they are made last, since the second one would leave
   * what the first one has begun to try until that claim ends.
   */
  private void killAConsumerWithItsClocks(Replica other, List<String> replicas) {
    CompletableFuture<Void> writing = write(replicas);
    String asset = stack.url("asset").toString();
    Stream.generate(() -> register(asset)).limit(SOME).forEach(this::lose);
    List<String> meanwhile = registerInEachPartition(asset);
    toldOf(other.address()); // a first answer takes long, and is not what is timed
    failing(other.address());
    for (int i = 0; i < SOME; i++) {
      jobs.add(awaitJob());
    }
    Instant late = Instant.now().plus(LATE);

    Instant killed = kill("incident");
    try {
      meanwhile.forEach(this::lose);
      awaitFirst(meanwhile, within(killed), () -> toldOf(other.address()));
      awaitAll(jobs, within(late.plus(LOOK_AT_MONITORS)), () -> failing(other.address()));
      awaitAll(lost, PATIENCE, () -> toldOf(other.address()));
    } finally {
      stack.start("incident");
    }
    writing.join();
  }

  private Instant kill(String service) {
    Instant killed = Instant.now();
    stack.kill(service);
    return killed;
  }

  /** What is left of the time in which another has to take over. */
  private static Duration within(Instant since) {
    return Duration.between(Instant.now(), since.plus(TAKE_OVER));
  }

  /** Begins a third of all writes, and returns when some of them are done. */
  private CompletableFuture<Void> write(List<String> replicas) {
    int before = assets.acknowledged();
    CompletableFuture<Void> writing = together(() -> assets.write(replicas, ASSETS_EACH));
    await().atMost(PATIENCE).until(() -> assets.acknowledged() >= before + BEFORE);
    return writing;
  }

  /** Has each writer do this. */
  private CompletableFuture<Void> together(Runnable work) {
    return CompletableFuture.allOf(
        IntStream.range(0, WRITERS)
            .mapToObj(writer -> CompletableFuture.runAsync(work, writers))
            .toArray(CompletableFuture[]::new));
  }

  /**
   * Until something of each partition is known, whichever of them the killed one had. No more than
   * that is timed: how long it takes to catch up is a matter of the load.
   */
  private static void awaitFirst(
      List<String> ids, Duration within, Supplier<? extends Collection<String>> known) {
    await()
        .atMost(within)
        .ignoreExceptions()
        .until(
            () -> partitions(known.get().stream().filter(ids::contains)),
            equalTo(partitions(ids.stream())));
  }

  /** In which partitions the events of these objects stand, by the way that Kafka has with keys. */
  private static Set<Integer> partitions(Stream<String> ids) {
    return ids.map(id -> Utils.toPositive(Utils.murmur2(id.getBytes(UTF_8))) % PARTITIONS)
        .collect(Collectors.toSet());
  }

  /** Asks for all of them at once: whoever took over has little time to answer. */
  private static void awaitAll(
      List<String> ids, Duration within, Supplier<? extends Collection<String>> known) {
    await().atMost(within).ignoreExceptions().until(() -> known.get().containsAll(ids));
  }

  /** Until both replicas of a service, and nobody from before, have partitions to read. */
  private void awaitTwoReaders(String service, String group) {
    try (Admin admin = Admin.create(stack.kafkaClient(service + "-kafka"))) {
      await(group)
          .atMost(PATIENCE)
          .ignoreExceptions()
          .until(
              () ->
                  admin
                      .describeConsumerGroups(List.of(group))
                      .describedGroups()
                      .get(group)
                      .get(10, TimeUnit.SECONDS)
                      .members()
                      .stream()
                      .map(member -> member.assignment().topicPartitions().isEmpty())
                      .toList(),
              equalTo(List.of(false, false)));
    }
  }

  private static String register(String address) {
    return Platform.at("asset-manager", address)
        .body(Map.of("name", "replicas", "kind", "SERVER", "production", false))
        .post("/v1/assets")
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

  /** No more assets than it takes: whoever takes over is timed meanwhile. */
  private static List<String> registerInEachPartition(String address) {
    List<String> ids = new ArrayList<>();
    do {
      ids.add(register(address));
    } while (partitions(ids.stream()).size() < PARTITIONS);
    return ids;
  }

  /** Plans the backups of an asset of its own through these replicas; the plan's id. */
  private String plan(List<String> replicas) {
    String key = UUID.randomUUID().toString();
    Map<String, ?> body =
        Map.of(
            "asset",
            key,
            "name",
            "replicas",
            "site",
            "elsewhere",
            "schedule",
            Map.of("interval", "P1D", "tolerance", "PT6H"));
    String id =
        Platform.persist(
                replicas,
                replica ->
                    Platform.at("sysadmin", replica)
                        .header("Idempotency-Key", key)
                        .body(body)
                        .post("/v1/plans"))
            .path("id");
    plans.add(id);
    return id;
  }

  private static void suspend(String plan, Instant until) {
    Platform.as("sysadmin", "backup")
        .header("If-Match", "*")
        .body(Map.of("reason", "tested", "until", until.toString()))
        .post("/v1/plans/" + plan + "/suspension")
        .then()
        .statusCode(200);
  }

  private static String state(String address, String plan) {
    return Platform.at("sysadmin", address).get("/v1/plans/" + plan).path("state");
  }

  private void lose(String asset) {
    Platform.as("auditor", "asset")
        .body(
            Map.of(
                "stolen",
                false,
                "circumstances",
                "left in a train",
                "occurredAt",
                Instant.now().minusSeconds(60).toString()))
        .post("/v1/assets/" + asset + "/loss")
        .then()
        .statusCode(200);
    lost.add(asset);
  }

  private static int securityEvents(String address, String asset) {
    return Platform.at("responder", address)
        .get("/v1/security-events?asset=" + asset)
        .then()
        .statusCode(200)
        .extract()
        .jsonPath()
        .getList("items")
        .size();
  }

  /** A monitor that waits for a job, which never calls. */
  private static String awaitJob() {
    return Platform.create(
        "sysadmin",
        "incident",
        "/v1/monitors",
        Map.of(
            "asset",
            UUID.randomUUID(),
            "name",
            "replicas-" + UUID.randomUUID(),
            "type",
            "HEARTBEAT",
            "target",
            Map.of("graceSeconds", 1),
            "everySeconds",
            10));
  }

  /** The newest assets of which the loss is a security event. */
  private static List<String> toldOf(String address) {
    return list(
        "responder",
        address,
        "/v1/security-events?category=OTHER&sort=-reportedAt&limit=200",
        "items.asset");
  }

  private static List<String> failing(String address) {
    return list("sysadmin", address, "/v1/monitors?failing=true&limit=200", "items.id");
  }

  private static void retire(String monitor) {
    Platform.as("sysadmin", "incident")
        .header("If-Match", "*")
        .body(Map.of("reason", "tested"))
        .post("/v1/monitors/" + monitor + "/retirement")
        .then()
        .statusCode(200);
  }

  /** What this happened to since then, of that of which the log has it. */
  private static List<String> logged(String audit, String type, Instant since) {
    return list(
            "auditor",
            audit,
            "/v1/log/entries?type=" + type + "&order=desc&limit=200&from=" + since,
            "items.entry.subject")
        .stream()
        .map(subject -> subject.substring(subject.indexOf('/') + 1))
        .toList();
  }

  private static List<String> list(String who, String address, String path, String what) {
    return Platform.at(who, address)
        .get(path)
        .then()
        .statusCode(200)
        .extract()
        .jsonPath()
        .getList(what, String.class);
  }

  private void assertLoggedOnce(String kind, String id, String type) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertEquals(1, Collections.frequency(history(kind, id), type), kind + " " + id));
  }

  private List<String> history(String kind, String id) {
    return history(stack.url("audit").toString(), kind, id);
  }

  /** The types of what the log has of an object; nothing where it has nothing. */
  private static List<String> history(String audit, String kind, String id) {
    List<String> types =
        Platform.at("auditor", audit)
            .get("/v1/objects/" + kind + "/" + id + "/history")
            .jsonPath()
            .getList("items.type", String.class);
    return types == null ? List.of() : types;
  }
}
