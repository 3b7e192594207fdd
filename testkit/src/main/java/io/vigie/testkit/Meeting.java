package io.vigie.testkit;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import javax.sql.DataSource;

import io.restassured.response.Response;
import org.postgresql.PGConnection;

import static org.awaitility.Awaitility.await;

/**
 * Calls that are in flight at the same time: each comes as far as a lock that the test holds, and
 * all go on once as many wait there as there are calls, and have done so for half a second. A job
 * of the service that waits there too counts for one; then the last call has that time to come as
 * far. So that they meet is certain of a lock that no job asks for, and as good as certain of any.
 */
public final class Meeting {

  private static final Duration GRACE = Duration.ofMillis(500);

  /** Whoever waits for the holder, or for somebody who does. */
  private static final String WAITING =
      """
      with recursive waiting(pid) as (
        select ?::int
        union
        select a.pid from pg_stat_activity a join waiting w on w.pid = any(pg_blocking_pids(a.pid)))
      select count(*) - 1 from waiting""";

  private Meeting() {}

  /** Has all calls wait for what this statement locks; what they answer, in the same order. */
  public static List<Response> of(DataSource database, String lock, List<Supplier<Response>> calls)
      throws SQLException {
    List<CompletableFuture<Response>> answers = new ArrayList<>();
    ExecutorService callers = Executors.newFixedThreadPool(calls.size());
    try (Connection holder = database.getConnection()) {
      holder.setAutoCommit(false);
      try (Statement statement = holder.createStatement()) {
        statement.execute(lock);
      }
      calls.forEach(call -> answers.add(CompletableFuture.supplyAsync(call, callers)));
      int pid = holder.unwrap(PGConnection.class).getBackendPID();
      // a job of the service may wait there as well, in place of a call that is on its way
      await().during(GRACE).until(() -> waiting(database, pid) >= calls.size());
      holder.rollback();
    } finally {
      callers.shutdown();
    }
    return answers.stream().map(CompletableFuture::join).toList();
  }

  private static int waiting(DataSource database, int holder) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(WAITING)) {
      statement.setInt(1, holder);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getInt(1);
      }
    }
  }
}
