package io.vigie.audit.checkpoint;

import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vigie.kernel.Problem;

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

  /** Nearly all that is asked is about the newest checkpoint: one is remembered. */
  private volatile Published verified;

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
        .map(this::served)
        .onFailure()
        .recoverWithItem(Optional.empty())
        .map(stored -> later(stored, publisher.newest()));
  }

  /** The row, unless it is not what a key of the log signed: then as though it were not there. */
  private Optional<Newest> served(RowSet<Row> rows) {
    if (rows.size() == 0) {
      return Optional.empty();
    }
    Row row = rows.iterator().next();
    return signed(row.getLong("size"), row.getString("note"))
        .map(signed -> new Newest(signed.size(), signed.note() + row.getString("cosignatures")));
  }

  /**
   * What a row of the table says, where a key of the log signed that; empty where none did. A note
   * that was the last to be verified is not verified again.
   */
  public Optional<Published> signed(long size, String note) {
    Published signed = verified;
    boolean isKnown =
        signed != null && signed.note().equals(note) && note.startsWith(keys.origin() + "\n");
    if (!isKnown) {
      try {
        signed = keys.verified(note);
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
      verified = signed;
    }
    return Optional.of(signed).filter(checkpoint -> checkpoint.size() == size);
  }

  /**
   * The same for whoever serves or proves what the checkpoint covers.
   *
   * @throws Problem 503 where no key of the log signed it
   */
  public Published requireSigned(long size, String note) {
    return signed(size, note)
        .orElseThrow(
            () ->
                Problem.unavailable(
                    "The newest checkpoint in the log's database is none that the log signed: what it"
                        + " covers is not served. Tell whoever operates the platform."));
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
