package io.vigie.audit.control;

import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vigie.testkit.Infrastructure;

/**
 * Queries of controls asked of objects that this test alone sees, by nothing but PostgreSQL, and
 * the exceptions among these, by nothing but Java.
 */
final class Judgement implements AutoCloseable {

  record Verdict(
      String kind, boolean holds, String why, String owner, Instant turnsAt, UUID exception) {

    static Verdict of(ResultSet row, UUID exception) throws SQLException {
      OffsetDateTime turnsAt = row.getObject("turns_at", OffsetDateTime.class);
      return new Verdict(
          row.getString("kind"),
          row.getBoolean("holds"),
          row.getString("why"),
          row.getString("owner"),
          turnsAt == null ? null : turnsAt.toInstant(),
          exception);
    }

    /** The same without a time to turn at that was there already. */
    Verdict from(Instant now) {
      boolean isToCome = turnsAt != null && turnsAt.isAfter(now);
      return new Verdict(kind, holds, why, owner, isToCome ? turnsAt : null, exception);
    }

    /** The same under an exception, at whose end it turns at the latest. */
    Verdict under(Exempt exempt) {
      boolean isFirst = turnsAt == null || exempt.endsAt.isBefore(turnsAt);
      return new Verdict(kind, holds, why, owner, isFirst ? exempt.endsAt : turnsAt, exempt.id);
    }
  }

  /** An exception that somebody approved. */
  private record Exempt(UUID id, String rule, String object, Instant endsAt) {

    static Optional<Exempt> of(UUID id, JsonNode state) {
      return state.path("stage").asText().equals("APPROVED") && state.has("endsAt")
          ? Optional.of(
              new Exempt(
                  id,
                  state.path("rule").asText(),
                  state.path("object").textValue(),
                  Instant.parse(state.get("endsAt").textValue())))
          : Optional.empty();
    }

    boolean covers(String ofRule, String failing, Instant now) {
      return rule.equals(ofRule)
          && (object == null || object.equals(failing))
          && endsAt.isAfter(now);
    }
  }

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Connection connection;

  private Judgement(Connection connection) {
    this.connection = connection;
  }

  /** Of these states, each by {@code <kind>/<id>}. */
  static Judgement of(Map<String, JsonNode> objects) throws SQLException {
    Connection connection = Infrastructure.running().superuser("audit");
    try (Statement create = connection.createStatement();
        PreparedStatement insert = insertion(connection, create)) {
      for (var object : objects.entrySet()) {
        String[] name = object.getKey().split("/");
        insert.setString(1, name[0]);
        insert.setObject(2, UUID.fromString(name[1]));
        insert.setString(3, object.getValue().toString());
        insert.addBatch();
      }
      insert.executeBatch();
    }
    return new Judgement(connection);
  }

  private static PreparedStatement insertion(Connection connection, Statement create)
      throws SQLException {
    create.execute("create temporary table object (like object including all)");
    return connection.prepareStatement(
        """
        insert into object (kind, id, service, state, number, event, changed_at)
        values (?, ?, 'test', ?::jsonb, 1, gen_random_uuid(), now())""");
  }

  /** Also of the objects of these kinds that the service keeps. */
  Judgement withKept(Set<String> kinds) throws SQLException {
    try (PreparedStatement copy =
        connection.prepareStatement(
            "insert into object select * from public.object where kind = any(?) on conflict do nothing")) {
      copy.setArray(1, connection.createArrayOf("text", kinds.toArray()));
      copy.execute();
    }
    return this;
  }

  /** What the service keeps of verdicts on these objects. */
  static Map<UUID, Verdict> kept(String rule, Set<String> objects) throws SQLException {
    try (Connection connection = Infrastructure.running().superuser("audit");
        PreparedStatement kept =
            connection.prepareStatement(
                "select * from verdict where rule = ? and kind || '/' || id = any(?)")) {
      kept.setString(1, rule);
      kept.setArray(2, connection.createArrayOf("text", objects.toArray()));
      Map<UUID, Verdict> verdicts = new TreeMap<>();
      try (ResultSet rows = kept.executeQuery()) {
        while (rows.next()) {
          verdicts.put(
              rows.getObject("id", UUID.class),
              Verdict.of(rows, rows.getObject("exception", UUID.class)));
        }
      }
      return verdicts;
    }
  }

  Map<UUID, Verdict> all(Control control, Instant now) throws SQLException {
    return ask(control, now, null);
  }

  Map<UUID, Verdict> of(Control control, Instant now, UUID id) throws SQLException {
    return ask(control, now, id);
  }

  private Map<UUID, Verdict> ask(Control control, Instant now, UUID id) throws SQLException {
    String query =
        "select q.* from (select ?::timestamptz as at) n cross join lateral (%s\n) q where ?::uuid is null or q.id = ?::uuid"
            .formatted(inJdbc(control.query()).replaceAll(":now\\b", "n.at"));
    try (PreparedStatement ask = connection.prepareStatement(query)) {
      ask.setObject(1, now.atOffset(ZoneOffset.UTC));
      ask.setObject(2, id);
      ask.setObject(3, id);
      Map<UUID, Verdict> verdicts = new TreeMap<>();
      try (ResultSet rows = ask.executeQuery()) {
        while (rows.next()) {
          verdicts.put(rows.getObject("id", UUID.class), Verdict.of(rows, null).from(now));
        }
      }
      List<Exempt> exceptions = exceptions();
      verdicts.replaceAll((of, verdict) -> excepted(exceptions, control.rule(), of, verdict, now));
      return verdicts;
    }
  }

  private List<Exempt> exceptions() throws SQLException {
    List<Exempt> exceptions = new ArrayList<>();
    try (Statement ask = connection.createStatement();
        ResultSet rows =
            ask.executeQuery("select id, state from object where kind = 'control-exception'")) {
      while (rows.next()) {
        Exempt.of(rows.getObject("id", UUID.class), JSON.readTree(rows.getString("state")))
            .ifPresent(exceptions::add);
      }
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
    return exceptions;
  }

  /** Of several exceptions the one that ends last counts. */
  private static Verdict excepted(
      List<Exempt> exceptions, String rule, UUID id, Verdict verdict, Instant now) {
    return exceptions.stream()
        .filter(each -> !verdict.holds && each.covers(rule, verdict.kind + "/" + id, now))
        .min(
            Comparator.comparing(Exempt::endsAt)
                .reversed()
                .thenComparing(each -> each.id.toString()))
        .map(verdict::under)
        .orElse(verdict);
  }

  /** A question mark that is an operator is doubled there. */
  private static String inJdbc(String query) {
    return query.replace(" ? ", " ?? ").replace(" ?| ", " ??| ");
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
