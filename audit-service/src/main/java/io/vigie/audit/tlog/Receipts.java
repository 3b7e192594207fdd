package io.vigie.audit.tlog;

import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vigie.audit.checkpoint.Checkpoints;
import io.vigie.audit.merkle.MerkleTree;
import io.vigie.kernel.Problem;

/** Proofs that single entries are in the log, as files. */
@ApplicationScoped
public class Receipts {

  private static final String ENTRY =
      """
      select e.index, e.actor, e.canonical, c.size, c.note,
        coalesce(
          (select string_agg(s.line || E'\\n', '' order by s.witness) from cosignature s where s.size = c.size),
          '') as cosignatures
      from entry e
      left join (select size, note from checkpoint order by size desc limit 1) c on c.size > e.index
      where e.index =\s""";

  /**
   * An entry, and the newest checkpoint if that covers it.
   *
   * @param actor null where the record was no event
   * @param size of the checkpoint, 0 where the entry is not published yet
   * @param note the checkpoint as the table has it, not verified; null as well
   * @param cosignatures those that it has by now
   */
  public record Found(
      long index, String actor, byte[] canonical, long size, String note, String cosignatures) {

    /** Whether a checkpoint covers the entry, so that there is something to prove. */
    public boolean isPublished() {
      return note != null;
    }
  }

  private final Pool database;
  private final TileReader tiles;
  private final Checkpoints checkpoints;

  Receipts(Pool database, TileReader tiles, Checkpoints checkpoints) {
    this.database = database;
    this.tiles = tiles;
    this.checkpoints = checkpoints;
  }

  /** The entry at an index, or null. */
  public Uni<Found> ofIndex(long index) {
    return find("$1", index);
  }

  /** The entry of an event, or null. */
  Uni<Found> ofEvent(UUID id) {
    return find("(select index from event_id where id = $1)", id);
  }

  /**
   * The proof that a published entry stands in the tree of its checkpoint.
   *
   * @throws Problem 503 where no key of the log signed that checkpoint
   */
  public Uni<String> file(Found entry) {
    return file(entry, entry.canonical());
  }

  /** The same with what the entry commits to, for who may read it. */
  public Uni<String> file(Found entry, byte[] salt, byte[] payload) {
    return file(entry, TlogProof.extra(entry.canonical(), salt, payload));
  }

  private Uni<String> file(Found entry, byte[] extra) {
    String note =
        checkpoints.requireSigned(entry.size(), entry.note()).note() + entry.cosignatures();
    return tiles
        .hashes(List.of(MerkleTree.inclusion(entry.index(), entry.size())))
        .map(hashes -> TlogProof.of(extra, entry.index(), hashes.get(0), note));
  }

  private Uni<Found> find(String index, Object value) {
    return database
        .preparedQuery(ENTRY + index)
        .execute(Tuple.of(value))
        .map(RowSet::iterator)
        .map(rows -> rows.hasNext() ? found(rows.next()) : null);
  }

  private static Found found(Row row) {
    Long size = row.getLong("size");
    return new Found(
        row.getLong("index"),
        row.getString("actor"),
        row.getBuffer("canonical").getBytes(),
        size == null ? 0 : size,
        row.getString("note"),
        row.getString("cosignatures"));
  }
}
