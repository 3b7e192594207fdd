package io.vigie.audit.verification;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Base64;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vigie.audit.checkpoint.Checkpoints;
import io.vigie.audit.intake.NumberRanges;
import io.vigie.audit.intake.RecordReader;
import io.vigie.audit.payload.DataSubjects;
import io.vigie.audit.payload.Payloads;
import io.vigie.audit.payload.Payloads.Kept;
import io.vigie.audit.payload.PersonKeys.KeyId;
import io.vigie.audit.search.WordList;

/**
 * The log as its tables hold it, in the format of an export, row by row as it is read; and beside
 * that, what the tables hold and no export shows. One snapshot of the database; memory as {@link
 * DestroyedKeys} needs it and for the holes in source numbers, and else constant.
 */
final class StoredLog implements Enumeration<InputStream>, AutoCloseable {

  /** The first entry that something beside the log contradicts; null where no single one is. */
  record Problem(Long index, String reason) {}

  private static final String ROWS =
      """
      select e.*, p.person, p.key, p.salt, p.body, i.index as id_index, a.kind
      from entry e left join payload p on p.index = e.index
        left join event_id i on i.id = e.event_id left join alert a on a.index = e.index
      where e.index < ? order by e.index""";

  private static final String STRAY_ID =
      """
      select i.index from event_id i where not exists (select from entry e
        where e.index = i.index and e.event_id = i.id and e.alert is distinct from 'id-reused')
      order by 1 limit 1""";
  private static final String STRAY_ALERT =
      """
      select a.index from alert a where not exists (select from entry e
        where e.index = a.index and e.alert = a.kind)
      order by 1 limit 1""";
  private static final String STRAY_TILE =
      """
      select t.index from tile t, head h
      where t.index >= h.size >> (8 * (t.level + 1)) or t.index < 0 or t.level < 0
      order by 1 limit 1""";
  private static final String STRAY_ENTRY =
      "select e.index from entry e, head h where e.index >= h.size or e.index < 0 order by 1 limit 1";

  /** Those of the last hour may be on their way into the log. */
  private static final String ACKNOWLEDGED =
      """
      select a.source, a.subject, a.first, a.last, told.body
      from gap_acknowledgement a left join lateral (
        select p.body from entry e join payload p using (index)
        where e.subject = any(array['log-gap/' || a.id])
          and e.type = 'audit.log-gap-acknowledged.v1' and e.alert is null
        order by index limit 1) told on true
      where a.acknowledged_at not between now() - interval '1 hour' and now()
      order by a.source, a.subject, a.first""";

  /** Controls that are about to begin anew read from the beginning, whatever the row says. */
  private static final String BEYOND =
      """
      select reader, position, size from (
        select 'the detection rules' as reader, greatest(position, resume_at) as position from detection
        union all select 'the controls', position from control_reading where reads <> ''
        union all select 'SIEM ' || target, greatest(next_index, resume_at) from siem_position) readers, head
      where position > size order by reader limit 1""";

  /** No row is a position of 0. */
  private static final String UNREAD =
      """
      select position, published from (
        select coalesce((select position from detection), 0) as position, max(size) as published
        from checkpoint where signed_at < now() - interval '1 hour') rules
      where position < published""";

  private final Connection database;
  private final Payloads payloads;
  private final ObjectMapper json;
  private final Checkpoints checkpoints;
  private final DestroyedKeys destroyed;
  private final TreeCheck tree;
  private final FoundBy found;
  private final Statement statement;
  private final Map<String, NumberRanges> numbers = new HashMap<>();
  private long size;
  private byte[] root;
  private byte[] edge;
  private Long signedSize;
  private byte[] signedRoot;
  private String signedNote;
  private ResultSet rows;
  private OffsetDateTime loggedBefore;
  private boolean begun;
  private Problem problem;

  /** Takes a connection in a transaction that sees one snapshot. */
  StoredLog(
      Connection database,
      Payloads payloads,
      DestroyedKeys destroyed,
      ObjectMapper json,
      Checkpoints checkpoints)
      throws SQLException {
    this.database = database;
    this.payloads = payloads;
    this.json = json;
    this.checkpoints = checkpoints;
    this.destroyed = destroyed;
    this.tree = new TreeCheck(database);
    this.found = new FoundBy(database, this::report);
    this.statement = database.createStatement();
    try (ResultSet head = statement.executeQuery("select size, root, edge from head")) {
      head.next();
      size = head.getLong(1);
      root = head.getBytes(2);
      edge = head.getBytes(3);
    }
    try (ResultSet signed =
        statement.executeQuery(
            "select size, root, note from checkpoint order by size desc limit 1")) {
      if (signed.next()) {
        signedSize = signed.getLong(1);
        signedRoot = signed.getBytes(2);
        signedNote = signed.getString(3);
      }
    }
  }

  long size() {
    return size;
  }

  byte[] root() {
    return root;
  }

  Long signedSize() {
    return signedSize;
  }

  /** The export. What goes wrong in the database fails the reading of it. */
  InputStream export() throws SQLException {
    PreparedStatement select = database.prepareStatement(ROWS);
    select.setLong(1, size);
    select.setFetchSize(100);
    rows = select.executeQuery();
    rows.next();
    return new SequenceInputStream(this);
  }

  /**
   * What the tables beside the export contradict, the first by index; null where nothing does. To
   * be asked after the export was read.
   */
  Problem problem() throws SQLException {
    checkSigned(size);
    if (problem == null && !Arrays.equals(tree.edge().bytes(), edge)) {
      report(null, "the head's right edge does not follow from the leaves");
    }
    if (signedSize != null && checkpoints.signed(signedSize, signedNote).isEmpty()) {
      report(null, "no key of the log signed the checkpoint of %d entries".formatted(signedSize));
    } else if (signedSize != null && signedSize > size) {
      report(
          size,
          "is missing: a checkpoint of %d entries is signed, the log has %d"
              .formatted(signedSize, size));
    }
    if (tree.edge().size() == size) {
      found.end();
      checkSources();
      checkAcknowledged();
    }
    String overfull = destroyed.overfull(database);
    if (overfull != null) {
      report(null, overfull);
    }
    stray(STRAY_ID, "has an event id that leads to it and is not its own");
    stray(STRAY_ALERT, "has an alert beside it that is not its own");
    stray(STRAY_ENTRY, "is outside the log that the head describes");
    try (ResultSet tile = statement.executeQuery(STRAY_TILE)) {
      if (tile.next()) {
        report(null, "tile " + tile.getLong(1) + " is one that the tree does not have");
      }
    }
    checkReaders();
    return problem;
  }

  /**
   * The alarm about gaps goes by what table source says was logged: a number there that no entry
   * has hides that its event is missing. One that is not there, though an entry has it, raises the
   * alarm itself.
   */
  private void checkSources() throws SQLException {
    try (ResultSet row =
        statement.executeQuery("select name, numbers::text from source order by name")) {
      while (row.next()) {
        NumberRanges logged = numbers.getOrDefault(row.getString(1), new NumberRanges());
        Long claimed = NumberRanges.parse(row.getString(2)).firstBeyond(logged);
        if (claimed != null) {
          report(
              null,
              "table source says that number %d of %s was logged, and no entry has it"
                  .formatted(claimed, row.getString(1)));
        }
      }
    }
  }

  /** An acknowledgement that nobody told the log of hides a gap, and so does one that says more. */
  private void checkAcknowledged() throws SQLException {
    try (ResultSet row = statement.executeQuery(ACKNOWLEDGED)) {
      while (row.next()) {
        String source = row.getString(1);
        String subject = row.getString(2);
        long first = row.getLong(3);
        long last = row.getLong(4);
        if (!acknowledges(row.getBytes(5), source, subject, first, last)) {
          report(
              null,
              "table gap_acknowledgement says that numbers %d to %d of %s will not come, and no entry says so"
                  .formatted(first, last, subject.isEmpty() ? source : subject));
        }
      }
    }
  }

  private boolean acknowledges(byte[] body, String source, String subject, long first, long last) {
    try {
      JsonNode data = json.readTree(body == null ? new byte[0] : body);
      return source.equals(data.path("source").textValue())
          && subject.equals(data.path("subject").asText())
          && data.path("first").longValue() == first
          && data.path("last").longValue() == last;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Who reads the log goes by a position: one beyond its end hides what comes until there, and
   * rules that do not read raise no alert.
   */
  private void checkReaders() throws SQLException {
    try (ResultSet row = statement.executeQuery(BEYOND)) {
      if (row.next()) {
        report(
            null,
            "the position of %s is %d, the log has %d entries"
                .formatted(row.getString(1), row.getLong(2), row.getLong(3)));
      }
    }
    try (ResultSet row = statement.executeQuery(UNREAD)) {
      if (row.next()) {
        report(
            null,
            "the detection rules have read %d entries, and %d were published an hour ago"
                .formatted(row.getLong(1), row.getLong(2)));
      }
    }
  }

  private void stray(String sql, String reason) throws SQLException {
    try (ResultSet row = statement.executeQuery(sql)) {
      if (row.next()) {
        report(row.getLong(1), reason);
      }
    }
  }

  private void report(Long index, String reason) {
    boolean isFirst =
        problem == null || index != null && (problem.index == null || index < problem.index);
    if (isFirst) {
      problem = new Problem(index, reason);
    }
  }

  @Override
  public boolean hasMoreElements() {
    try {
      return !begun || rows.getRow() > 0;
    } catch (SQLException e) {
      throw new IllegalStateException("the log cannot be read", e);
    }
  }

  @Override
  public InputStream nextElement() {
    try {
      ObjectNode line;
      if (!begun) {
        begun = true;
        line = firstLine();
      } else if (hasMoreElements()) {
        check();
        line = line();
        rows.next();
      } else {
        throw new NoSuchElementException();
      }
      return new ByteArrayInputStream((line + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (SQLException e) {
      throw new IllegalStateException("the log cannot be read", e);
    }
  }

  private void check() throws SQLException {
    long index = rows.getLong("index");
    checkSigned(index);
    String alert = rows.getString("alert");
    boolean ownsItsId = rows.getString("event_id") != null && !"id-reused".equals(alert);
    if (ownsItsId && rows.getObject("id_index", Long.class) == null) {
      report(index, "is not found by its event id");
    } else if (ownsItsId && rows.getLong("id_index") != index) {
      report(index, "is not found by its event id: it leads to " + rows.getLong("id_index"));
    }
    if (alert != null && !alert.equals(rows.getString("kind"))) {
      report(index, "has the alert " + alert + ", the table of alerts says otherwise");
    }
    OffsetDateTime logged = rows.getObject("logged_at", OffsetDateTime.class);
    // After a succession the first entry is the one that was logged last.
    if (index > 1 && loggedBefore != null && logged.isBefore(loggedBefore)) {
      report(index, "has another time of logging: the entry before it was logged later");
    }
    loggedBefore = logged;
    Long number = rows.getObject("source_number", Long.class);
    if (number != null) {
      numbers.computeIfAbsent(rows.getString("source"), source -> new NumberRanges()).add(number);
    }
    String tile = tree.add(rows.getBytes("leaf"));
    if (tile != null) {
      report(index, "completes a tile that is wrong: " + tile);
    }
  }

  private void checkSigned(long index) {
    if (signedSize != null
        && signedSize == index
        && tree.edge().size() == index
        && !Arrays.equals(tree.edge().root(), signedRoot)) {
      report(null, "the first %d entries are not those that were signed".formatted(signedSize));
    }
  }

  private ObjectNode firstLine() {
    return json.createObjectNode()
        .put("format", "vigie-export/1")
        .put("origin", checkpoints.origin())
        .put("size", Long.toString(size))
        .put("root", base64(root));
  }

  private ObjectNode line() throws SQLException {
    long index = rows.getLong("index");
    byte[] canonical = rows.getBytes("canonical");
    Kept stored =
        new Kept(
            rows.getString("person"),
            rows.getObject("key", Integer.class),
            rows.getBytes("salt"),
            rows.getBytes("body"));
    Kept kept = payloads.open(index, stored);
    List<String> by = WordList.tellers(rows.getString("actor"), rows.getString("source"));
    if (kept.salt() == null || kept.body() == null) {
      checkErased(index, stored);
      found.add(index, null, by);
    } else {
      found.add(index, RecordReader.found(canonical, kept.body()), by);
    }
    return json.createObjectNode()
        .put("index", rows.getString("index"))
        .put("entry", new String(canonical, StandardCharsets.UTF_8))
        .put("columns", columns().toString())
        .put("leaf", base64(rows.getBytes("leaf")))
        .put("salt", base64(kept.salt()))
        .put("payload", base64(kept.body()));
  }

  /** An erasure destroys a key, and leaves the row that it had sealed. */
  private void checkErased(long index, Kept stored) throws SQLException {
    if (problem != null && problem.index != null) {
      return; // an earlier one is named already
    }
    if (stored.key() == null || stored.salt() == null || stored.body() == null) {
      report(index, "has lost its payload: an erasure would have left it, unreadable");
    } else if (!DataSubjects.canBeAboutSomebody(rows.getString("type"))) {
      report(index, "is about nobody, and its payload is under the key of a person");
    } else if (!destroyed.isOrdered(new KeyId(stored.person(), stored.key()))) {
      report(index, "has a payload whose key was destroyed, and the log knows of no such order");
    }
  }

  private ObjectNode columns() throws SQLException {
    ObjectNode columns = json.createObjectNode();
    put(columns, "alert", "alert");
    put(columns, "id", "event_id");
    put(columns, "source", "source");
    put(columns, "type", "type");
    put(columns, "subject", "subject");
    put(columns, "actor", "actor");
    put(columns, "eventNumber", "event_number");
    put(columns, "sourceNumber", "source_number");
    OffsetDateTime time = rows.getObject("event_time", OffsetDateTime.class);
    if (time != null) {
      columns.put("time", time.toInstant().toString());
    }
    return columns;
  }

  private void put(ObjectNode columns, String name, String column) throws SQLException {
    if (rows.getString(column) != null) {
      columns.put(name, rows.getString(column));
    }
  }

  private static String base64(byte[] bytes) {
    return bytes == null ? null : Base64.getEncoder().encodeToString(bytes);
  }

  @Override
  public void close() throws SQLException {
    statement.close();
  }
}
