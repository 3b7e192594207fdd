package io.vigie.audit.detect;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.mutiny.Uni;
import io.vigie.audit.detect.Memory.Key;
import io.vigie.audit.detect.Memory.State;
import org.hibernate.reactive.mutiny.Mutiny;

/** Where the rules' memory is kept between two batches. Every call is part of a transaction. */
final class MemoryRows {

  private static final String KEYS =
      "select k.rule, k.name from jsonb_to_recordset(cast(cast(%s as text) as jsonb)) as k(rule text, name text)";

  private static final String WINDOWS =
      "select rule, grp, state from detection_window where (rule, grp) in ("
          + KEYS.formatted("?1")
          + ")";

  private static final String STATES =
      "select rule, key, about, since from detection_state where (rule, key) in ("
          + KEYS.formatted("?1")
          + ") or (rule, about) in ("
          + KEYS.formatted("?2")
          + ")";

  private static final String KEEP_WINDOWS =
      """
      insert into detection_window (rule, grp, state, touched_at)
      select w.rule, w.name, w.state, cast(?2 as timestamptz)
      from jsonb_to_recordset(cast(cast(?1 as text) as jsonb)) as w(rule text, name text, state text)
      on conflict (rule, grp) do update set state = excluded.state, touched_at = excluded.touched_at""";

  private static final String BEGIN =
      """
      insert into detection_state (rule, key, about, since)
      select s.rule, s.name, s.about, s.since
      from jsonb_to_recordset(cast(cast(?1 as text) as jsonb)) as s(rule text, name text, about text, since text)
      on conflict (rule, key) do update set about = excluded.about, since = excluded.since""";

  private static final String END =
      "delete from detection_state where (rule, key) in (" + KEYS.formatted("?1") + ")";

  private static final String FORGET = "delete from detection_window where touched_at < ?1";

  private final Mutiny.Session session;
  private final ObjectMapper json;

  MemoryRows(Mutiny.Session session, ObjectMapper json) {
    this.session = session;
    this.json = json;
  }

  /** What this batch asks for. */
  Uni<Memory> load(Batch batch) {
    Memory memory = new Memory();
    return rows(WINDOWS, keys(batch.windows()))
        .invoke(
            rows ->
                rows.forEach(
                    row ->
                        memory.load(
                            new Key((String) row[0], (String) row[1]), window((String) row[2]))))
        .chain(() -> rows(STATES, keys(batch.states()), keys(batch.abouts())))
        .invoke(
            rows ->
                rows.forEach(
                    row ->
                        memory.load(
                            new Key((String) row[0], (String) row[1]),
                            new State((String) row[2], Instant.parse((String) row[3])))))
        .replaceWith(memory);
  }

  /** Keeps what changed, and forgets windows that no event can reach any more. */
  Uni<Void> store(Memory memory, Instant now) {
    ArrayNode windows = json.createArrayNode();
    memory.changedWindows().forEach((key, window) -> put(windows, key).put("state", write(window)));
    ArrayNode begun = json.createArrayNode();
    ArrayNode ended = json.createArrayNode();
    for (Map.Entry<Key, State> change : memory.changedStates().entrySet()) {
      State state = change.getValue();
      if (state == null) {
        put(ended, change.getKey());
      } else {
        put(begun, change.getKey())
            .put("about", state.about())
            .put("since", state.since().toString());
      }
    }
    return execute(KEEP_WINDOWS, windows, utc(now))
        .chain(() -> execute(BEGIN, begun))
        .chain(() -> execute(END, ended))
        .chain(
            () ->
                session
                    .createNativeQuery(FORGET)
                    .setParameter(1, utc(now.minus(Rule.LONGEST).minusSeconds(86_400)))
                    .executeUpdate())
        .replaceWithVoid();
  }

  private Uni<List<Object[]>> rows(String sql, ArrayNode... parameters) {
    boolean asksForNothing = List.of(parameters).stream().allMatch(ArrayNode::isEmpty);
    if (asksForNothing) {
      return Uni.createFrom().item(List.of());
    }
    Mutiny.SelectionQuery<Object[]> query = session.createNativeQuery(sql, Object[].class);
    for (int i = 0; i < parameters.length; i++) {
      query.setParameter(i + 1, parameters[i].toString());
    }
    return query.getResultList();
  }

  private Uni<Integer> execute(String sql, ArrayNode rows, Object... more) {
    if (rows.isEmpty()) {
      return Uni.createFrom().item(0);
    }
    Mutiny.MutationQuery query = session.createNativeQuery(sql).setParameter(1, rows.toString());
    for (int i = 0; i < more.length; i++) {
      query.setParameter(i + 2, more[i]);
    }
    return query.executeUpdate();
  }

  private ArrayNode keys(Set<Key> keys) {
    ArrayNode rows = json.createArrayNode();
    keys.forEach(key -> put(rows, key));
    return rows;
  }

  private static ObjectNode put(ArrayNode rows, Key key) {
    return rows.addObject().put("rule", key.rule()).put("name", key.name());
  }

  private Window window(String state) {
    try {
      return json.readValue(state, Window.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a detection window is not what was stored", e);
    }
  }

  private String write(Window window) {
    try {
      return json.writeValueAsString(window);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  static OffsetDateTime utc(Instant time) {
    return OffsetDateTime.ofInstant(time, ZoneOffset.UTC);
  }
}
