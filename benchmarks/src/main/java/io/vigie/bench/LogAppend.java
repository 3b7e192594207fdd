package io.vigie.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

import io.vigie.audit.intake.Appender;

/**
 * The log's writer without broker and publishing, in batches. The other side of the batches is what
 * people build by hand: a table whose trigger chains each row to the one before it by its SHA-256.
 * The other side of a large log is a small one.
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

  @Override
  public String name() {
    return "log-append";
  }

  @Override
  public List<Row> run(Bed bed) throws Exception {
    List<Row> rows = new ArrayList<>();
    try (OwnLog own = new OwnLog(bed, "bench_append")) {
      try (Statement statement = own.connection().createStatement()) {
        statement.execute(CHAIN);
      }
      Appender appender = own.appender();
      rate(appender, 1_000, bed.quick() ? 30_000 : 100_000);
      chain(own.connection(), 1_000, 3_000);
      for (int batch : new int[] {1, 100, 1_000}) {
        rows.add(beside(own, appender, batch, bed));
      }
    }
    rows.add(growth(bed));
    return rows;
  }

  private Row beside(OwnLog own, Appender appender, int batch, Bed bed) throws Exception {
    int events = Math.min(20_000, 300 * batch);
    double[] log = new double[bed.rounds()];
    double[] chain = new double[bed.rounds()];
    for (int round = 0; round < bed.rounds(); round++) {
      log[round] = rate(appender, batch, events);
      chain[round] = chain(own.connection(), batch, Math.min(5_000, events));
    }
    Row row =
        new Row(
            name() + "-" + batch,
            new Samples(log),
            "events/s",
            "hash chain by trigger, same batch",
            new Samples(chain),
            Goal.ratioAtLeast(batch == 1_000 ? 25 : 1));
    return batch == 1_000 ? row : row.notJudged("the goal is for batches of 1,000");
  }

  /** What an event costs in a log of a million entries, beside one of ten thousand. */
  private Row growth(Bed bed) throws Exception {
    int large = bed.quick() ? 200_000 : 1_000_000;
    int events = 20_000;
    double[] atLarge = new double[bed.rounds()];
    double[] atSmall = new double[bed.rounds()];
    try (OwnLog grown = new OwnLog(bed, "bench_large")) {
      BigLog.growTo(large, grown.connection());
      Appender toLarge = grown.appender();
      for (int round = 0; round < bed.rounds(); round++) {
        try (OwnLog fresh = new OwnLog(bed, "bench_small")) {
          BigLog.growTo(10_000, fresh.connection());
          atSmall[round] = 1e6 / rate(fresh.appender(), 1_000, events);
        }
        atLarge[round] = 1e6 / rate(toLarge, 1_000, events);
      }
    }
    Row row =
        new Row(
            name() + "-growth",
            new Samples(atLarge),
            "µs/event at 1 M",
            "at 10,000 entries",
            new Samples(atSmall),
            Goal.ratioAtMost(1.15));
    return bed.quick() ? row.notJudged("the goal is for 1 M entries") : row;
  }

  private static double rate(Appender appender, int batch, int events) throws Exception {
    long nanos = 0;
    for (int done = 0; done < events; done += batch) {
      nanos += appender.append(batch);
    }
    return events / (nanos / 1e9);
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
