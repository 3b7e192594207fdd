package io.vigie.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import io.vigie.audit.intake.Appender;

/**
 * The log's writer without broker and publishing, in batches. The other side is what people build
 * by hand: a table whose trigger chains each row to the one before it by its SHA-256, written as
 * they write to it, a row in each transaction of several clients, and once more in batches as large
 * as the log's. The other side of a large log is a small one.
 */
final class LogAppend implements Benchmark {

  private static final String CHAIN =
      """
      create table chain (id bigint generated always as identity primary key, body bytea not null, hash bytea not null);
      create table chain_head (hash bytea not null);
      insert into chain_head values ('');
      create function chain() returns trigger language plpgsql as $$
      begin
        select sha256(hash || new.body) into new.hash from chain_head for update;
        update chain_head set hash = new.hash;
        return new;
      end
      $$;
      create trigger chain before insert on chain for each row execute function chain()""";
  private static final int BODY = 700;
  private static final int CLIENTS = 8;

  @Override
  public String name() {
    return "log-append";
  }

  @Override
  public List<Row> run(Bed bed) throws Exception {
    bed.only();
    List<Row> rows = new ArrayList<>();
    try (OwnLog own = new OwnLog(bed, "bench_append")) {
      try (Statement statement = own.connection().createStatement()) {
        statement.execute(CHAIN);
      }
      Appender appender = own.appender();
      rate(appender, 1_000, bed.quick() ? 30_000 : 100_000);
      chain(own.connection(), 1_000, 3_000);
      rows.addAll(besideClients(own, appender, bed));
      for (int batch : new int[] {1, 100, 1_000}) {
        rows.add(beside(own, appender, batch, bed));
      }
      requireWhole(own);
    }
    rows.addAll(growth(bed));
    return rows;
  }

  /**
   * What the log takes in at once, what many can put into a chain, each by itself, and what the
   * database takes in as fast of what the log has made of it.
   */
  private List<Row> besideClients(OwnLog own, Appender appender, Bed bed) throws Exception {
    double[] log = new double[bed.rounds()];
    double[] chain = new double[bed.rounds()];
    double[] limit = new double[bed.rounds()];
    int events = events(bed);
    clients(own, 1_000);
    for (int round = 0; round < bed.rounds(); round++) {
      long before = entries(own);
      log[round] = rate(appender, 1_000, events);
      tidy(own);
      chain[round] = clients(own, events);
      limit[round] = FinishedRows.copied(own.connection(), bed, before, events, 1_000);
    }
    return List.of(
        new Row(
            name() + "-1000",
            new Samples(log),
            "events/s",
            "hash chain by trigger, one row a transaction, " + CLIENTS + " clients",
            new Samples(chain),
            Goal.ratioAtLeast(25)),
        new Row(
                name() + "-1000-limit",
                new Samples(log),
                "events/s",
                "binary COPY of the log's finished rows into its tables, same batch",
                new Samples(limit),
                Goal.ratioAtLeast(1))
            .notJudged(
                "what is left when nothing is read, checked or hashed: a limit, not a goal"));
  }

  /** So many in each turn. */
  private static int events(Bed bed) {
    return bed.quick() ? 5_000 : 20_000;
  }

  private Row beside(OwnLog own, Appender appender, int batch, Bed bed) throws Exception {
    int events = Math.min(events(bed), 300 * batch);
    double[] log = new double[bed.rounds()];
    double[] chain = new double[bed.rounds()];
    for (int round = 0; round < bed.rounds(); round++) {
      log[round] = rate(appender, batch, events);
      tidy(own);
      chain[round] = chain(own.connection(), batch, Math.min(5_000, events));
    }
    Row row =
        new Row(
            name() + "-" + batch + "-same",
            new Samples(log),
            "events/s",
            "hash chain by trigger, same batch",
            new Samples(chain),
            Goal.ratioAtLeast(1));
    return row.notJudged("the goal is set against one row a transaction");
  }

  /**
   * What an event costs in a log of a million entries, beside one of ten thousand; then in one of
   * ten million, beside that of a million.
   */
  private List<Row> growth(Bed bed) throws Exception {
    Sides sides = new Sides(bed.rounds());
    try (OwnLog large = new OwnLog(bed, "bench_large")) {
      BigLog.growTo(bed.quick() ? 50_000 : 1_000_000, large.connection());
      Appender toLarge = large.appender();
      for (int round = 0; round < bed.rounds(); round++) {
        double atSmall;
        try (OwnLog small = new OwnLog(bed, "bench_small")) {
          BigLog.growTo(10_000, small.connection());
          atSmall = micros(small.appender());
          requireWhole(small);
        }
        sides.set(round, micros(toLarge), atSmall);
      }
      Row row =
          sides.row(
              name() + "-growth", "µs/event at 1 M", "at 10,000 entries", Goal.ratioAtMost(1.15));
      List<Row> rows =
          bed.quick()
              ? List.of(row.notJudged("the goal is for 1 M entries"))
              : List.of(row, tenfold(toLarge, bed));
      requireWhole(large);
      return rows;
    }
  }

  private Row tenfold(Appender toLarge, Bed bed) throws Exception {
    Sides sides = new Sides(bed.rounds());
    try (OwnLog huge = new OwnLog(bed, "bench_huge")) {
      BigLog.growTo(10_000_000, huge.connection());
      Appender toHuge = huge.appender();
      micros(toHuge);
      micros(toLarge); // whose pages have made room for the other's
      for (int round = 0; round < bed.rounds(); round++) {
        sides.set(round, micros(toHuge), micros(toLarge));
      }
      requireWhole(huge);
    }
    return sides.row(
        name() + "-growth-tenfold", "µs/event at 10 M", "at 1 M entries", Goal.ratioAtMost(1.15));
  }

  private static double micros(Appender appender) throws Exception {
    return 1e6 / rate(appender, 1_000, 20_000);
  }

  private static void requireWhole(OwnLog own) throws SQLException {
    try (Connection log = own.another()) {
      WholeLog.require(log);
    }
  }

  private static double rate(Appender appender, int batch, int events) throws Exception {
    long nanos = 0;
    for (int done = 0; done < events; done += batch) {
      nanos += appender.append(batch);
    }
    return events / (nanos / 1e9);
  }

  private static double clients(OwnLog own, int rows) throws Exception {
    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    List<Connection> connections = new ArrayList<>();
    try {
      for (int i = 0; i < CLIENTS; i++) {
        connections.add(own.another());
      }
      long before = chained(own);
      long start = System.nanoTime();
      List<Callable<Double>> work = new ArrayList<>();
      connections.forEach(each -> work.add(() -> chain(each, 1, rows / CLIENTS)));
      for (Future<Double> done : clients.invokeAll(work)) {
        done.get();
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      if (chained(own) - before != rows) {
        throw new IllegalStateException("the chain has not all rows");
      }
      return rows / seconds;
    } finally {
      clients.shutdown();
      for (Connection connection : connections) {
        connection.close();
      }
    }
  }

  /** The head has a dead row for each one of the chain: no turn is to pay for those before. */
  private static void tidy(OwnLog own) throws SQLException {
    try (Statement statement = own.connection().createStatement()) {
      statement.execute("vacuum full chain_head");
    }
  }

  private static long chained(OwnLog own) throws SQLException {
    return number(own, "select count(*) from chain");
  }

  private static long entries(OwnLog own) throws SQLException {
    return number(own, "select size from head");
  }

  private static long number(OwnLog own, String query) throws SQLException {
    try (Statement statement = own.connection().createStatement();
        ResultSet number = statement.executeQuery(query)) {
      number.next();
      return number.getLong(1);
    }
  }

  private static double chain(Connection connection, int batch, int rows) throws SQLException {
    byte[][] bodies = new byte[batch][BODY];
    long start = System.nanoTime();
    try (PreparedStatement insert =
        connection.prepareStatement("insert into chain (body) select * from unnest(?::bytea[])")) {
      for (int done = 0; done < rows; done += batch) {
        insert.setArray(1, connection.createArrayOf("bytea", bodies));
        insert.executeUpdate();
      }
    }
    return rows / ((System.nanoTime() - start) / 1e9);
  }
}
