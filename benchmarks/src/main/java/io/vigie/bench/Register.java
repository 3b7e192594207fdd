package io.vigie.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vigie.stack.Stack;
import org.HdrHistogram.Histogram;

/**
 * A program that keeps a register of assets, and its callers: asset-service, or a peer that keeps
 * the same fields for the same accounts and tells nobody. A peer is built by itself, run as the
 * services are, and has a database of its own on the same server.
 */
final class Register implements AutoCloseable {

  private static final String HOST = "127.0.0.1";
  private static final String SERVICE = "asset";
  private static final String ENVERS = "bench_envers";
  private static final String[] KINDS = {"SERVER", "LAPTOP", "PHONE", "DATABASE"};
  private static final long PATIENCE_SECONDS = 60;

  /** Answers per second, and per second that it and the database had of a processor. */
  record Peak(double perSecond, double perProcessorSecond) {}

  /** Whether what was registered is told. */
  private interface Told {
    boolean isAll() throws SQLException;
  }

  private final Bed bed;
  private final String database;
  private final Processor processor;
  private final Load load;
  private long registered;

  private Register(Bed bed, String database, Process process, URI url) throws SQLException {
    this.bed = bed;
    this.database = database;
    this.load = new Load(url);
    try (Connection connection = bed.stack().superuser(database)) {
      this.processor = new Processor(connection, process.pid());
    }
    this.registered = number("select count(*) from asset");
  }

  /** The platform's, which must run. */
  static Register ofService(Bed bed) throws SQLException {
    return new Register(bed, SERVICE, bed.service(SERVICE), bed.stack().url(SERVICE));
  }

  /** The shape of the framework's own guide: an entity is read from JSON and persisted. */
  static Register plain(Bed bed) throws SQLException, IOException {
    String database = "bench_plain";
    URI url = freeAddress();
    return peer(
        bed,
        database,
        "plain/target/quarkus-app/quarkus-run.jar",
        url,
        Map.of(
            "QUARKUS_HTTP_PORT",
            Integer.toString(url.getPort()),
            "QUARKUS_DATASOURCE_REACTIVE_URL",
            "vertx-reactive:postgresql://" + bed.stack().address("postgresql") + "/" + database,
            "QUARKUS_DATASOURCE_USERNAME",
            database,
            "QUARKUS_DATASOURCE_PASSWORD",
            database,
            "QUARKUS_OIDC_AUTH_SERVER_URL",
            realm(bed.stack())));
  }

  /** What keeps a trail without being told how: JPA with Envers, a revision of each change. */
  static Register envers(Bed bed) throws SQLException, IOException {
    String database = ENVERS;
    URI url = freeAddress();
    return peer(
        bed,
        database,
        "envers/target/vigie-peer-envers.jar",
        url,
        Map.of(
            "SERVER_PORT",
            Integer.toString(url.getPort()),
            "SPRING_DATASOURCE_URL",
            "jdbc:postgresql://" + bed.stack().address("postgresql") + "/" + database,
            "SPRING_DATASOURCE_USERNAME",
            database,
            "SPRING_DATASOURCE_PASSWORD",
            database,
            "SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_ISSUER_URI",
            realm(bed.stack())));
  }

  private static Register peer(
      Bed bed, String database, String jar, URI url, Map<String, String> settings)
      throws SQLException {
    try (Connection server = bed.stack().superuser("postgres");
        Statement statement = server.createStatement()) {
      statement.execute("drop database if exists " + database);
      statement.execute("drop role if exists " + database);
      statement.execute(
          "create role " + database + " login replication password '" + database + "'");
      statement.execute("create database " + database + " owner " + database);
    }
    ProcessBuilder command = Peer.java(bed);
    Path program = bed.root().resolve("benchmarks/peers").resolve(jar);
    command.command().addAll(List.of("-jar", program.toString()));
    command.environment().putAll(settings);
    Process process = bed.start(database, command);
    Bed.await(database, process, url.resolve("/v1/assets"), 401);
    return new Register(bed, database, process, url);
  }

  private static String realm(Stack stack) {
    return stack.url("keycloak") + "/realms/vigie";
  }

  private static URI freeAddress() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
      return URI.create("http://" + HOST + ":" + socket.getLocalPort());
    }
  }

  /** Until the compiler rests, under load. */
  void warmUp() throws Exception {
    growTo(registered + (bed.quick() ? 100 : 60_000));
    if (!bed.quick()) {
      processor.warmUp(() -> peak(Duration.ofSeconds(5)));
    }
  }

  /** Registers until there are that many, or somewhat more; how many there are. */
  long growTo(long assets) throws Exception {
    while (registered < assets) {
      peak(Duration.ofSeconds(1));
    }
    try (Connection connection = bed.stack().superuser(database);
        Statement statement = connection.createStatement()) {
      statement.execute("vacuum analyze asset");
    }
    return registered;
  }

  List<UUID> someIds(int count) throws SQLException {
    List<UUID> ids = new ArrayList<>(count);
    try (Connection connection = bed.stack().superuser(database);
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("select id from asset order by random() limit " + count)) {
      while (rows.next()) {
        ids.add(rows.getObject(1, UUID.class));
      }
    }
    return ids;
  }

  /** Registers as fast as the callers can, until all of it is told. */
  Peak peak(Duration time) throws Exception {
    Peak peak = peak(this::registration, time);
    check();
    return peak;
  }

  /** The same, of a peer that leaves a fact about each for somebody to tell, which nobody does. */
  Peak peakWithFacts(Duration time) throws Exception {
    return peakWithFacts(time, () -> true);
  }

  private Peak peakWithFacts(Duration time, Told told) throws Exception {
    long before = unmentioned();
    Peak peak = peak(this::toldRegistration, time, told);
    requireMentioned(before);
    return peak;
  }

  /** The same, until Debezium has told the topic of each. */
  Peak peakWithFacts(Duration time, Arrivals topic) throws Exception {
    long untold = registered - topic.end();
    Peak peak = peakWithFacts(time, () -> topic.end() >= registered - untold);
    requireToldOnce(topic, untold);
    return peak;
  }

  private long unmentioned() throws SQLException {
    return registered - number("select count(*) from fact");
  }

  private void requireMentioned(long before) throws SQLException {
    check();
    if (unmentioned() != before) {
      throw new IllegalStateException("there is not a fact about each registration");
    }
  }

  private void requireToldOnce(Arrivals topic, long untold) {
    if (topic.end() != registered - untold) {
      throw new IllegalStateException("more was told than was registered");
    }
  }

  /** The facts that a peer leaves, for somebody to tell. */
  Debezium.Outbox facts() {
    return new Debezium.Outbox(
        database,
        database,
        "fact",
        "id",
        "subject",
        "type:header:ce_type,actor:header:ce_actor,occurredat:header:ce_time");
  }

  /** Is asked this as fast as the callers can, until what follows from it is told. */
  Peak peak(Supplier<Load.Request> requests, Duration time) throws Exception {
    return peak(requests, time, this::isTold);
  }

  private Peak peak(Supplier<Load.Request> requests, Duration time, Told told) throws Exception {
    Load callers = signedIn();
    double before = processor.seconds();
    long start = System.nanoTime();
    long count = callers.closed(requests, time);
    await(told);
    double seconds = (System.nanoTime() - start) / 1e9;
    return new Peak(count / seconds, count / (processor.seconds() - before));
  }

  /** Registers at this rate; nanoseconds from when each was to be sent until it was answered. */
  Histogram at(double rate, Duration time, Consumer<HttpClientResponse> taker) throws Exception {
    Histogram times = signedIn().open(this::registration, rate, time, taker);
    await(this::isTold);
    check();
    return times;
  }

  /** The same, of a peer that leaves a fact about each, while Debezium tells the topic of them. */
  Histogram atWithFacts(double rate, Duration time, Arrivals topic) throws Exception {
    long before = unmentioned();
    long untold = registered - topic.end();
    Histogram times = signedIn().open(this::toldRegistration, rate, time, answer -> {});
    await(() -> topic.end() >= registered - untold);
    requireMentioned(before);
    requireToldOnce(topic, untold);
    return times;
  }

  /** Its callers, with a token that lives for four minutes. */
  Load signedIn() throws SQLException, IOException {
    load.use(bed.token("asset-manager"));
    return load;
  }

  private Load.Request registration() {
    return registration("/v1/assets");
  }

  private Load.Request toldRegistration() {
    return registration("/v1/assets/told");
  }

  private Load.Request registration(String path) {
    registered++;
    String body =
        """
        {"name":"Bench machine %1$d","kind":"%2$s","serialNumber":"SN-%1$012d","production":%3$b}"""
            .formatted(registered, KINDS[(int) (registered % KINDS.length)], registered % 3 == 0);
    return new Load.Request(HttpMethod.POST, path, Buffer.buffer(body), 201);
  }

  /** Nothing that was registered still waits; a peer tells nobody. */
  private boolean isTold() throws SQLException {
    return !database.equals(SERVICE) || number("select count(*) from outbox") == 0;
  }

  private static void await(Told told) throws SQLException {
    long deadline = System.nanoTime() + PATIENCE_SECONDS * 1_000_000_000L;
    while (!told.isAll()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("what was registered is not told after 60 s");
      }
      LockSupport.parkNanos(5_000_000);
    }
  }

  private void check() throws SQLException {
    long stored = number("select count(*) from asset");
    if (stored != registered) {
      throw new IllegalStateException(
          "%s has %d assets, and %d were registered".formatted(database, stored, registered));
    }
    // Who keeps a trail has kept it: of each asset a fact that the broker has, or a revision.
    if (database.equals(SERVICE)) {
      requireKept(number("select last_number from relay"));
    } else if (database.equals(ENVERS)) {
      requireKept(number("select count(*) from asset_aud"));
    }
  }

  private void requireKept(long kept) {
    if (kept < registered) {
      throw new IllegalStateException(
          "%s has kept a trail of %d of %d assets".formatted(database, kept, registered));
    }
  }

  long number(String query) throws SQLException {
    try (Connection connection = bed.stack().superuser(database);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getLong(1);
    }
  }

  /** Ends a peer; the service goes on. */
  @Override
  public void close() {
    load.close();
    if (!database.equals(SERVICE)) {
      bed.stop(database);
    }
  }
}
