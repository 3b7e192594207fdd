package io.vigie.audit.checkpoint;

import java.util.Optional;
import java.util.stream.Stream;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;

/** The checkpoints that were published. */
@ApplicationScoped
public class Checkpoints {

  /**
   * A checkpoint as it is served.
   *
   * @param size entries that it covers
   * @param note the signed note, with the cosignatures that it has by now
   */
  public record Newest(long size, String note) {}

  private final Pool database;
  private final Publisher publisher;
  private final LogKeys keys;

  Checkpoints(Pool database, Publisher publisher, LogKeys keys) {
    this.database = database;
    this.publisher = publisher;
    this.keys = keys;
  }

  /** The name of the log in force: another than the configured one after a succession. */
  public String origin() {
    return keys.origin();
  }

  /**
   * The newest one, whichever replica signed it; empty before the first. It never goes back: while
   * the database is away or has lost it, it is the one that this replica knows.
   */
  public Uni<Optional<Newest>> newest() {
    return database
        .query(
            """
            select size, note || coalesce(
                (select string_agg(line || E'\\n', '' order by witness) from cosignature s where s.size = c.size),
                '') as note
            from checkpoint c order by size desc limit 1""")
        .execute()
        .map(Checkpoints::first)
        .onFailure()
        .recoverWithItem(Optional.empty())
        .map(stored -> later(stored, publisher.newest()));
  }

  private static Optional<Newest> first(RowSet<Row> rows) {
    return Stream.of(rows)
        .filter(found -> found.size() > 0)
        .map(found -> found.iterator().next())
        .map(row -> new Newest(row.getLong("size"), row.getString("note")))
        .findFirst();
  }

  private static Optional<Newest> later(Optional<Newest> stored, Optional<Published> known) {
    return known
        .filter(
            own ->
                stored.isEmpty()
                    || own.size() > stored.get().size()
                    || own.size() == stored.get().size()
                        && !stored.get().note().startsWith(own.note()))
        .map(own -> new Newest(own.size(), own.note()))
        .or(() -> stored);
  }
}
