package io.vigie.audit.tlog;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntFunction;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vigie.audit.checkpoint.Checkpoints;
import io.vigie.audit.checkpoint.Published;
import io.vigie.audit.merkle.Proof;
import io.vigie.audit.merkle.Tile;

/**
 * Reads the log's tiles: one statement for each question, whatever the number of tiles. Fails as
 * the reactive client does when the database is away, and with {@link IllegalStateException} when
 * hashes that the log must have are gone.
 */
@ApplicationScoped
public class TileReader {

  /**
   * A full tile is a row, and what was ever a part of it is its beginning. One that is not full yet
   * is put together from leaf hashes, or from the roots of the full tiles below. In a subquery the
   * arrays' lengths are unknown to the planner, which then plans once instead of for each of them:
   * planning takes three times as long as reading.
   */
  private static final String HASHES =
      """
      select coalesce(
        (select substr(t.hashes, 1, w.width * 32) from tile t
         where t.level = w.level and t.index = w.index),
        (select string_agg(e.leaf, '' order by e.index) from entry e
         where w.level = 0 and e.index >= w.index * 256 and e.index < w.index * 256 + w.width),
        (select string_agg(b.root, '' order by b.index) from tile b
         where b.level = w.level - 1 and b.index >= w.index * 256 and b.index < w.index * 256 + w.width),
        '')
      from unnest((select $1::int[]), (select $2::bigint[]), (select $3::int[]))
        with ordinality w(level, index, width, place)
      order by w.place""";

  private static final String ENTRIES =
      "select canonical from entry where index >= $1 and index < $2 order by index";

  private final Pool database;
  private final Checkpoints checkpoints;

  TileReader(Pool database, Checkpoints checkpoints) {
    this.database = database;
    this.checkpoints = checkpoints;
  }

  /**
   * The tree of the newest checkpoint; the empty one before the first. A failure (503) where no key
   * of the log signed that checkpoint.
   */
  public Uni<SignedTree> newest() {
    return database
        .preparedQuery("select size, note from checkpoint order by size desc limit 1")
        .execute()
        .map(RowSet::iterator)
        .map(
            rows -> {
              if (!rows.hasNext()) {
                return SignedTree.NONE;
              }
              Row row = rows.next();
              Published signed =
                  checkpoints.requireSigned(row.getLong("size"), row.getString("note"));
              return new SignedTree(signed.size(), signed.root());
            });
  }

  /** The hashes of each of these proofs about sizes that the log has or had. */
  public Uni<List<List<byte[]>>> hashes(List<Proof> proofs) {
    Set<Tile> needed = new LinkedHashSet<>();
    proofs.forEach(proof -> needed.addAll(proof.tiles()));
    return read(needed)
        .map(tiles -> proofs.stream().map(proof -> proof.hashes(tiles::get)).toList());
  }

  /** The hashes of a tile one after the other; null when no published tree has it. */
  Uni<byte[]> published(Tile tile) {
    return newest()
        .chain(
            newest -> {
              if (TilePath.smallestTree(tile) > newest.size()) {
                return Uni.createFrom().<byte[]>nullItem();
              }
              return read(Set.of(tile)).map(tiles -> tiles.get(tile));
            });
  }

  /** The entries under a tile of level 0; none when no published tree has it. */
  Uni<List<byte[]>> entries(Tile tile) {
    long first = tile.index() * Tile.FULL;
    return newest()
        .chain(
            newest -> {
              if (first + tile.width() > newest.size()) {
                return Uni.createFrom().item(List.<byte[]>of());
              }
              return rows(ENTRIES, Tuple.of(first, first + tile.width()));
            })
        .invoke(
            entries -> {
              if (!entries.isEmpty() && entries.size() < tile.width()) {
                throw new IllegalStateException("the log has lost entries under " + tile);
              }
            });
  }

  private Uni<Map<Tile, byte[]>> read(Collection<Tile> tiles) {
    Tuple values =
        Tuple.of(
            column(tiles, Tile::level, Integer[]::new),
            column(tiles, Tile::index, Long[]::new),
            column(tiles, Tile::width, Integer[]::new));
    return rows(HASHES, values)
        .map(
            found -> {
              Map<Tile, byte[]> hashes = new HashMap<>();
              int next = 0;
              for (Tile tile : tiles) {
                byte[] of = found.get(next++);
                if (of.length != tile.width() * 32) {
                  throw new IllegalStateException("the log has lost hashes of " + tile);
                }
                hashes.put(tile, of);
              }
              return hashes;
            });
  }

  private static <T> T[] column(
      Collection<Tile> tiles, Function<Tile, T> cell, IntFunction<T[]> ofLength) {
    return tiles.stream().map(cell).toArray(ofLength);
  }

  private Uni<List<byte[]>> rows(String sql, Tuple values) {
    return database
        .preparedQuery(sql)
        .execute(values)
        .map(
            rows -> {
              List<byte[]> list = new ArrayList<>(rows.size());
              rows.forEach(row -> list.add(row.getBuffer(0).getBytes()));
              return list;
            });
  }
}
