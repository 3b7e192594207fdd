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
   * the database is away or has lost it, or holds another that no key of the log signed, it is the
   * one that this replica knows.
   */
  public Uni<Optional<Newest>> newest() {
    return database
        .query(
            """
            select size, note,
              coalesce((select string_agg(line || E'\\n', '' order by witness) from cosignature s where s.size = c.size), '')
                as cosignatures
            from checkpoint c order by size desc limit 1""")
        .execute()
        .map(rows -> Stream.of(rows).flatMap(this::signed).findFirst())
        .onFailure()
        .recoverWithItem(Optional.empty())
        .map(stored -> later(stored, publisher.newest()));
  }

  /** The row, unless it is not what a key of the log signed. */
  private Stream<Newest> signed(RowSet<Row> rows) {
    for (Row row : rows) {
      String note = row.getString("note");
      try {
        if (keys.verified(note).size() == row.getLong("size")) {
          return Stream.of(new Newest(row.getLong("size"), note + row.getString("cosignatures")));
        }
      } catch (IllegalArgumentException e) {
        // as though it were not there
      }
    }
    return Stream.empty();
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
