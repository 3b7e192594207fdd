package io.vigie.audit.control;

import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vigie.kernel.MergePatch;

/**
 * The services' objects as their events tell them: each event's merge patch (RFC 7396) is applied
 * to what the ones before it came to, and a snapshot replaces it, unless it is older. Of the states
 * only those members are kept that some control or figure reads. For one batch and one transaction.
 */
final class ObjectStates {

  record Key(String kind, UUID id) {}

  /** An event of an object, with what it says. */
  record Told(
      Key object,
      UUID event,
      String source,
      String type,
      long number,
      OffsetDateTime at,
      JsonNode data) {}

  private record Kept(JsonNode state, long number, Told last) {}

  private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  private static final String LOAD =
      """
      select kind, id, state::text, number from object
      where (kind, id) in (select * from unnest($1::text[], $2::uuid[]))""";

  /** What the database cannot hold, such as a text with a zero in it, must stop no control. */
  private static final String STORE =
      """
      insert into object (kind, id, service, state, number, event, changed_at)
      select kind, id, service, case when pg_input_is_valid(state, 'jsonb') then state::jsonb else '{}' end,
        number, event, changed_at
      from unnest($1::text[], $2::uuid[], $3::text[], $4::text[], $5::bigint[], $6::uuid[], $7::timestamptz[])
        as o(kind, id, service, state, number, event, changed_at)
      on conflict (kind, id) do update set state = excluded.state, number = excluded.number,
        event = excluded.event, changed_at = excluded.changed_at""";

  private final Map<String, Set<String>> reads;
  private final ObjectMapper json;
  private final Map<Key, Kept> kept = new HashMap<>();

  ObjectStates(Map<String, Set<String>> reads, ObjectMapper json) {
    this.reads = reads;
    this.json = json;
  }

  /** The id that a text is, in the one form in which services write them. */
  static Optional<UUID> id(String text) {
    return ID.matcher(text).matches() ? Optional.of(UUID.fromString(text)) : Optional.empty();
  }

  /** The object that an event is about; empty where no control asks for such. */
  Optional<Key> object(String subject) {
    int slash = subject == null ? -1 : subject.indexOf('/');
    if (slash < 0 || !reads.containsKey(subject.substring(0, slash))) {
      return Optional.empty();
    }
    return id(subject.substring(slash + 1)).map(id -> new Key(subject.substring(0, slash), id));
  }

  /** Takes events in, in the order of the log. Returns what they changed. */
  Uni<List<Change>> take(SqlConnection connection, List<Told> events) {
    if (events.isEmpty()) {
      return Uni.createFrom().item(List.of());
    }
    Set<Key> named = new LinkedHashSet<>();
    events.forEach(event -> named.add(event.object));
    return connection
        .preparedQuery(LOAD)
        .execute(
            Tuple.of(
                named.stream().map(Key::kind).toArray(String[]::new),
                named.stream().map(Key::id).toArray(UUID[]::new)))
        .invoke(rows -> rows.forEach(this::load))
        .map(
            rows -> {
              List<Change> changes = new ArrayList<>();
              events.forEach(event -> fold(event).ifPresent(changes::add));
              return changes;
            })
        .call(changes -> store(connection, changes));
  }

  private void load(Row row) {
    try {
      kept.put(
          new Key(row.getString("kind"), row.getUUID("id")),
          new Kept(json.readTree(row.getString("state")), row.getLong("number"), null));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an object's state is not what was stored", e);
    }
  }

  private Optional<Change> fold(Told event) {
    Kept now = kept.get(event.object);
    JsonNode before = now == null ? null : now.state;
    JsonNode after = after(now, event);
    if (after == null || after.equals(before)) {
      return Optional.empty();
    }
    long number = Math.max(now == null ? 0 : now.number, event.number);
    kept.put(event.object, new Kept(after, number, event));
    return Optional.of(new Change(event.object.kind, event.object.id, before, after, event.event));
  }

  private JsonNode after(Kept now, Told event) {
    boolean isSnapshot = event.type.endsWith(".snapshot.v1");
    JsonNode told = event.data.path(isSnapshot ? "state" : "changes");
    if (!told.isObject() || isSnapshot && now != null && event.number < now.number) {
      return null;
    }
    ObjectNode read = ((ObjectNode) told).deepCopy().retain(reads.get(event.object.kind));
    return MergePatch.apply(isSnapshot || now == null ? null : now.state, read);
  }

  private Uni<Void> store(SqlConnection connection, List<Change> changes) {
    if (changes.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    Map<Key, Kept> changed = new LinkedHashMap<>();
    changes.forEach(
        change -> {
          Key key = new Key(change.kind(), change.id());
          changed.put(key, kept.get(key));
        });
    Collection<Kept> states = changed.values();
    return connection
        .preparedQuery(STORE)
        .execute(
            Tuple.tuple()
                .addArrayOfString(changed.keySet().stream().map(Key::kind).toArray(String[]::new))
                .addArrayOfUUID(changed.keySet().stream().map(Key::id).toArray(UUID[]::new))
                .addArrayOfString(states.stream().map(k -> service(k.last)).toArray(String[]::new))
                .addArrayOfString(
                    states.stream().map(k -> k.state.toString()).toArray(String[]::new))
                .addArrayOfLong(states.stream().map(Kept::number).toArray(Long[]::new))
                .addArrayOfUUID(states.stream().map(k -> k.last.event).toArray(UUID[]::new))
                .addArrayOfOffsetDateTime(
                    states.stream().map(k -> k.last.at).toArray(OffsetDateTime[]::new)))
        .replaceWithVoid();
  }

  private static String service(Told event) {
    return event.source.substring(event.source.lastIndexOf('/') + 1);
  }
}
