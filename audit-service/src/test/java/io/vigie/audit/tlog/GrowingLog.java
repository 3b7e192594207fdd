package io.vigie.audit.tlog;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;

import io.quarkus.test.junit.QuarkusTestProfile;
import io.vigie.audit.SigningEnvironment;
import io.vigie.audit.merkle.Append;
import io.vigie.audit.merkle.Edge;
import io.vigie.audit.merkle.FullTile;
import io.vigie.audit.merkle.MerkleTree;
import io.vigie.audit.merkle.Tile;
import io.vigie.audit.merkle.TreeHash;
import io.vigie.audit.note.Checkpoint;
import io.vigie.audit.note.Note;
import io.vigie.audit.note.SigningKey;
import io.vigie.testkit.Infrastructure;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * A log of a test's own, empty at first, that grows at once to any size and is signed when the test
 * says so.
 */
final class GrowingLog implements AutoCloseable {

  private static final String NAME = "growing";

  /**
   * A service whose database nobody else fills: it listens to itself alone, says and signs nothing.
   */
  public static final class Profile implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "vigie.name",
          NAME,
          "vigie.log.sources",
          NAME,
          "vigie.relay.enabled",
          "false",
          "quarkus.scheduler.enabled",
          "false");
    }
  }

  private final Connection database;
  private final List<byte[]> entries = new ArrayList<>();
  private final Map<Tile, byte[]> roots = new HashMap<>();
  private final TreeHash hash = new TreeHash();
  private Edge edge = Edge.EMPTY;

  GrowingLog() throws SQLException {
    database = Infrastructure.running().superuser(NAME);
    try (Statement sql = database.createStatement()) {
      sql.execute("set session_replication_role = replica");
      sql.execute(
          "truncate entry, payload, tile, event_id, alert, checkpoint, cosignature, source");
      sql.execute("update head set size = 0, edge = '', root = sha256('')");
    }
  }

  /** What verifies its checkpoints. */
  static String verifierKey() {
    return key().verifier().toString();
  }

  /** The service's own: it serves nothing that another signed. */
  private static SigningKey key() {
    Path file = ConfigProvider.getConfig().getValue("vigie.log.key-file", Path.class);
    try {
      return SigningKey.parse(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<byte[]> entries() {
    return entries;
  }

  /** Appends entries of some length, until there are that many. */
  void growTo(int size) throws SQLException {
    List<byte[]> batch =
        IntStream.range(entries.size(), size)
            .mapToObj(i -> "{\"id\":\"%d\",\"more\":\"%s\"}".formatted(i, "x".repeat(i % 300)))
            .map(entry -> entry.getBytes(StandardCharsets.UTF_8))
            .toList();
    Append append = MerkleTree.append(edge, batch.size());
    Append.Outcome grown = append.apply(batch.stream().map(hash::leaf).toList(), this::partial);
    insertEntries(batch);
    entries.addAll(batch);
    insertTiles(grown.tiles());
    edge = grown.edge();
    try (PreparedStatement head =
        database.prepareStatement("update head set size = ?, edge = ?, root = ?")) {
      head.setLong(1, edge.size());
      head.setBytes(2, edge.bytes());
      head.setBytes(3, edge.root());
      head.executeUpdate();
    }
  }

  /** Makes the entry at {@code index} that of an event. */
  void identify(long index, UUID event, String actor) throws SQLException {
    execute("update entry set event_id = '%s', actor = '%s' where index = %d", event, actor, index);
    execute("insert into event_id values ('%s', %d)", event, index);
  }

  /** The one source has sent all that it committed before this time, and a number is missing. */
  void heard(Instant sentUntil, Long firstMissing) throws SQLException {
    execute("delete from source");
    execute(
        "insert into source (name, sent_until, first_missing) values ('/vigie/%s', '%s', %s)",
        NAME, sentUntil, firstMissing);
  }

  void execute(String statement, Object... values) throws SQLException {
    try (Statement sql = database.createStatement()) {
      sql.execute(statement.formatted(values));
    }
  }

  /** Signs the log as it stands. Returns the checkpoint. */
  String publish() throws SQLException {
    String text = new Checkpoint(SigningEnvironment.ORIGIN, edge.size(), edge.root()).text();
    String note = Note.sign(text, List.of(key())).toString();
    try (PreparedStatement insert =
        database.prepareStatement("insert into checkpoint values (?, ?, ?, now())")) {
      insert.setLong(1, edge.size());
      insert.setBytes(2, edge.root());
      insert.setString(3, note);
      insert.executeUpdate();
    }
    return note;
  }

  /**
   * Has a witness, of whom nobody asks who it is, cosign the newest checkpoint. Returns its line.
   */
  String cosign() throws SQLException {
    execute("insert into cosignature values (%d, 'w', '— w AAAA', now())", edge.size());
    return "— w AAAA\n";
  }

  private byte[] partial(Tile tile) {
    byte[] hashes = new byte[tile.width() * TreeHash.LENGTH];
    for (int i = 0; i < tile.width(); i++) {
      long at = tile.index() * Tile.FULL + i;
      byte[] one =
          tile.level() == 0
              ? hash.leaf(entries.get((int) at))
              : roots.get(new Tile(tile.level() - 1, at, Tile.FULL));
      System.arraycopy(one, 0, hashes, i * TreeHash.LENGTH, TreeHash.LENGTH);
    }
    return hashes;
  }

  private void insertEntries(List<byte[]> batch) throws SQLException {
    Object[] indexes =
        IntStream.range(entries.size(), entries.size() + batch.size())
            .mapToObj(Long::valueOf)
            .toArray();
    try (PreparedStatement insert =
        database.prepareStatement(
            """
            insert into entry (index, canonical, leaf, logged_at)
            select i, c, sha256('\\x00'::bytea || c), now() from unnest(?::bigint[], ?::bytea[]) e(i, c)""")) {
      insert.setArray(1, database.createArrayOf("int8", indexes));
      insert.setArray(2, database.createArrayOf("bytea", batch.toArray(new byte[0][])));
      insert.executeUpdate();
    }
  }

  private void insertTiles(List<FullTile> tiles) throws SQLException {
    try (PreparedStatement insert =
        database.prepareStatement("insert into tile values (?, ?, ?, ?)")) {
      for (FullTile tile : tiles) {
        roots.put(new Tile(tile.level(), tile.index(), Tile.FULL), tile.root());
        insert.setInt(1, tile.level());
        insert.setLong(2, tile.index());
        insert.setBytes(3, tile.hashes());
        insert.setBytes(4, tile.root());
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  @Override
  public void close() throws SQLException {
    database.close();
  }
}
