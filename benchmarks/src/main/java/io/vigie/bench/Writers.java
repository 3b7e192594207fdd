package io.vigie.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import java.util.function.IntToLongFunction;

/**
 * Services at work: connections, each of which writes a row of state and the fact about it in one
 * transaction, and then says that it has committed. Each has objects of its own, so that the events
 * of one follow each other. Where facts are read from the database's log, they may be removed in
 * the transaction that writes them.
 */
final class Writers implements AutoCloseable {

  private static final int CONNECTIONS = 8;
  private static final int OBJECTS = 50;

  private final List<Connection> connections = new ArrayList<>();
  private final ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);
  private final Runnable committed;
  private final boolean removing;

  Writers(OwnOutbox outbox, Runnable committed) throws SQLException {
    this(outbox, committed, false);
  }

  Writers(OwnOutbox outbox, Runnable committed, boolean removing) throws SQLException {
    this.committed = committed;
    this.removing = removing;
    try (Connection owner = outbox.connect();
        Statement statement = owner.createStatement()) {
      statement.execute(
          "create table if not exists state"
              + " (id bigint generated always as identity primary key, object uuid, body text)");
    }
    for (int i = 0; i < CONNECTIONS; i++) {
      Connection connection = outbox.connect();
      connection.setAutoCommit(false);
      connections.add(connection);
    }
  }

  /**
   * Writes at a steady rate, which nobody's slowness lowers; the first one is due at once. {@code
   * done} hears of each place when its transaction has committed.
   */
  void write(int count, IntToLongFunction due, IntConsumer done) throws Exception {
    each(
        writer -> {
          try (Transaction transaction = new Transaction(connections.get(writer))) {
            for (int i = 0; place(writer, i) < count; i++) {
              long left;
              while ((left = due.applyAsLong(place(writer, i)) - System.nanoTime()) > 0) {
                LockSupport.parkNanos(left);
              }
              transaction.run(writer, i);
              done.accept(place(writer, i));
            }
            return 0;
          }
        });
  }

  /** Writes as fast as it goes until that time. Returns how many transactions there were. */
  int writeUntil(long end) throws Exception {
    return each(
        writer -> {
          try (Transaction transaction = new Transaction(connections.get(writer))) {
            int i = 0;
            while (System.nanoTime() < end) {
              transaction.run(writer, i++);
            }
            return i;
          }
        });
  }

  /** The place, in the order in which they were due, of the transaction behind a fact. */
  static int place(String key, int number) {
    UUID object = UUID.fromString(key);
    return place(
        (int) object.getMostSignificantBits(),
        (number - 1) * OBJECTS + (int) object.getLeastSignificantBits());
  }

  /** The object that the fact of a place is about. */
  static UUID object(int place) {
    return new UUID(place % CONNECTIONS, place / CONNECTIONS % OBJECTS);
  }

  /** Its number among those of its object. */
  static int number(int place) {
    return place / CONNECTIONS / OBJECTS + 1;
  }

  private static int place(int writer, int i) {
    return i * CONNECTIONS + writer;
  }

  private interface Work {
    int of(int writer) throws Exception;
  }

  private int each(Work work) throws Exception {
    List<Callable<Integer>> all = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      int writer = i;
      all.add(() -> work.of(writer));
    }
    int sum = 0;
    for (Future<Integer> done : threads.invokeAll(all)) {
      sum += done.get();
    }
    return sum;
  }

  private final class Transaction implements AutoCloseable {
    private final Connection connection;
    private final PreparedStatement state;
    private final PreparedStatement fact;
    private final PreparedStatement removal;

    Transaction(Connection connection) throws SQLException {
      this.connection = connection;
      this.state = connection.prepareStatement("insert into state (object, body) values (?, ?)");
      this.fact =
          connection.prepareStatement(
              """
              insert into outbox
                (event_id, type, subject, message_key, event_number, payload, actor, occurred_at)
              values (?, 'asset.registered.v1', ?, ?, ?, ?, '11111111-2222-3333-4444-555555555555', now())""");
      this.removal =
          connection.prepareStatement("delete from outbox where id = (select lastval())");
    }

    void run(int writer, int i) throws SQLException {
      UUID object = new UUID(writer, i % OBJECTS);
      String payload = Facts.payload(object.toString());
      state.setObject(1, object);
      state.setString(2, payload);
      state.executeUpdate();
      fact.setObject(1, UUID.randomUUID());
      fact.setString(2, "asset/" + object);
      fact.setString(3, object.toString());
      fact.setLong(4, i / OBJECTS + 1);
      fact.setString(5, payload);
      fact.executeUpdate();
      if (removing) {
        removal.executeUpdate();
      }
      connection.commit();
      committed.run();
    }

    @Override
    public void close() throws SQLException {
      state.close();
      fact.close();
      removal.close();
    }
  }

  @Override
  public void close() throws SQLException {
    threads.shutdownNow();
    for (Connection connection : connections) {
      connection.close();
    }
  }
}
