package io.vigie.audit;

import java.io.InputStream;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.vigie.audit.intake.Records;
import io.vigie.audit.intake.Records.Draft;
import io.vigie.audit.merkle.Edge;
import io.vigie.audit.merkle.MerkleTree;
import io.vigie.audit.merkle.TreeHash;
import io.vigie.testkit.Infrastructure;
import io.vigie.testkit.Rest;
import io.vigie.testkit.Tokens;
import io.vigie.verifier.ExportVerifier;
import io.vigie.verifier.ExportVerifier.Verdict;
import io.vigie.verifier.InclusionProof;
import org.awaitility.Awaitility;

/** The log as its database's superuser and an outside auditor see it. */
public final class LogDatabase {

  private static final int VALID_SECONDS = 10;

  /** Sessions that asked something and changed nothing: whoever awaits something asks often. */
  private static final Deque<Connection> IDLE = new ConcurrentLinkedDeque<>();

  private LogDatabase() {}

  public static long number(String query) {
    String text = text(query);
    return text == null ? 0 : new BigDecimal(text).longValue();
  }

  /** The first column of the first row. */
  public static String text(String query) {
    try {
      Connection database = session();
      String text;
      try (Statement sql = database.createStatement();
          ResultSet row = sql.executeQuery(query)) {
        row.next();
        text = row.getString(1);
      } catch (SQLException e) {
        database.close();
        throw e;
      }
      IDLE.push(database);
      return text;
    } catch (SQLException e) {
      throw new IllegalStateException(query, e);
    }
  }

  /** One that has ended meanwhile is replaced. */
  private static Connection session() throws SQLException {
    Connection idle = IDLE.poll();
    return idle != null && idle.isValid(VALID_SECONDS)
        ? idle
        : Infrastructure.running().superuser("audit");
  }

  /** Changes rows as somebody whom neither grants nor triggers stop. */
  public static void tamper(String statement) throws SQLException {
    execute("set session_replication_role = replica", statement);
  }

  /** Runs statements as the superuser, or as whom they turn into, in one session. */
  public static void execute(String... statements) throws SQLException {
    try (Connection database = Infrastructure.running().superuser("audit");
        Statement sql = database.createStatement()) {
      for (String statement : statements) {
        sql.execute(statement);
      }
    }
  }

  /** Every source says that it has sent all it ever committed, and no number of it is missing. */
  public static void allIsSent() throws SQLException {
    execute(
        """
        insert into source (name, heard_at, sent_until)
        select '/vigie/' || name, now(), now() + interval '1 hour'
        from unnest(array['asset', 'access', 'incident', 'backup', 'audit']) name
        on conflict (name) do update
        set heard_at = excluded.heard_at, sent_until = excluded.sent_until, first_missing = null""");
  }

  public static long entriesOf(UUID eventId) {
    return number("select count(*) from entry where event_id = '" + eventId + "'");
  }

  public static long size() {
    return number("select size from head");
  }

  /** Downloads the export and verifies it as an outsider would. */
  public static Verdict verifyExport() {
    Response export = Rest.as(Tokens.of("auditor")).get("/v1/log/export");
    export.then().statusCode(200);
    try (InputStream lines = export.asInputStream()) {
      return ExportVerifier.verify(lines);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** The keys that verify what the log publishes, as it gives them out. */
  public static List<String> verifierKeys() {
    return Rest.anonymous().get("/log/vkey").asString().lines().toList();
  }

  /** Waits until what the log holds now is published. Returns its size. */
  public static long published() {
    long size = size();
    Awaitility.await()
        .atMost(Duration.ofMinutes(3))
        .until(() -> number("select coalesce(max(size), 0) from checkpoint") >= size);
    return size;
  }

  /** Sends events and waits until all are logged and published. Returns the index of each. */
  public static List<Long> logged(List<Draft> drafts) {
    Records.publish(drafts);
    String ids =
        drafts.stream().map(draft -> "'" + draft.id() + "'").collect(Collectors.joining(","));
    Awaitility.await()
        .atMost(Duration.ofMinutes(3))
        .until(
            () ->
                number("select count(*) from event_id where id in (" + ids + ")") == drafts.size());
    published();
    return drafts.stream()
        .map(draft -> number("select index from event_id where id = '" + draft.id() + "'"))
        .toList();
  }

  public static long logged(Draft draft) {
    return logged(List.of(draft)).get(0);
  }

  /** That many events, logged and published. */
  public static List<Long> logged(int count) {
    return logged(IntStream.range(0, count).mapToObj(i -> Records.registration()).toList());
  }

  /** What completes a tile takes in leaves as they are: none is completed while they are others. */
  public static void leaveRoomInTheTile() {
    int left = (int) (256 - size() % 256);
    if (left < 50) {
      logged(left);
    }
  }

  /** Whether an inclusion proof, as the service answers it, satisfies the independent verifier. */
  public static boolean holds(JsonPath proof) {
    return InclusionProof.verify(
        proof.getLong("index"),
        proof.getLong("size"),
        bytes(proof.getString("leafHash")),
        hashes(proof),
        bytes(proof.getString("root")));
  }

  public static List<byte[]> hashes(JsonPath proof) {
    return proof.getList("hashes", String.class).stream().map(LogDatabase::bytes).toList();
  }

  public static byte[] bytes(String base64) {
    return Base64.getDecoder().decode(base64);
  }

  /** The root of the first entries, computed from what they say. */
  public static byte[] root(long size) {
    List<byte[]> leaves = new ArrayList<>();
    TreeHash hash = new TreeHash();
    try (Connection database = Infrastructure.running().superuser("audit");
        Statement sql = database.createStatement();
        ResultSet rows =
            sql.executeQuery(
                "select canonical from entry where index < " + size + " order by index")) {
      while (rows.next()) {
        leaves.add(hash.leaf(rows.getBytes(1)));
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return MerkleTree.append(Edge.EMPTY, leaves.size()).apply(leaves, tile -> null).edge().root();
  }

  /**
   * The edge and the root, as SQL values, of a tree whose leaves are all of the entry {@code x}.
   */
  public static String headOfOtherLeaves(long size) {
    byte[] leaf = new TreeHash().leaf(new byte[] {'x'});
    Edge edge =
        MerkleTree.append(Edge.EMPTY, (int) size)
            .apply(Collections.nCopies((int) size, leaf), tile -> null)
            .edge();
    return "'\\x%s', '\\x%s'"
        .formatted(HexFormat.of().formatHex(edge.bytes()), HexFormat.of().formatHex(edge.root()));
  }
}
