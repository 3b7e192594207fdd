package io.vigie.kernel.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import jakarta.enterprise.context.ApplicationScoped;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;
import io.vigie.kernel.web.DataSubjectResource.Held;
import io.vigie.kernel.web.DataSubjectResource.Kept;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Finds what the service's database holds of somebody: the rows of the tables that {@code
 * contracts/privacy/held.json} names, in whose columns of ids one of theirs stands, alone or, in
 * some, within a text. Table by table, each in the order of its primary key: no page looks at what
 * another did, and none skips a row because that changes meanwhile.
 */
@ApplicationScoped
class HeldData {

  private static final String FILE = "/vigie/contracts/privacy/held.json";

  /** The columns of all tables: name, type, and place in the primary key. */
  private static final String COLUMNS =
      """
      select cast(c.relname as text), cast(a.attname as text), format_type(a.atttypid, null),
        array_position(cast(i.indkey as int2[]), a.attnum)
      from pg_class c
        join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        left join pg_index i on i.indrelid = c.oid and i.indisprimary
      where c.relnamespace = (select oid from pg_namespace where nspname = current_schema())
        and c.relkind in ('r', 'p') and not c.relispartition
      order by 1, 4""";

  /** At most ?2 rows that bear one of ?1, behind a key where that is given: ?3 and on. */
  private static final String ROWS =
      """
      select cast(jsonb_build_array('%1$s', %2$s) as text),
        cast(to_jsonb(t) - 'published_state' as text)
      from %1$s t where (%3$s) %4$s order by %5$s limit ?2""";

  private static final String WITHIN =
      """
      exists (select from unnest(cast(?1 as text[])) as asked (id)
        where strpos(concat_ws(' ', %s), asked.id) > 0)""";

  /**
   * A table that holds something of somebody.
   *
   * @param matches whether a row bears one of the ids, in SQL
   * @param key the types of the primary key's columns, by name and in order
   */
  private record Table(String name, JsonNode said, String matches, Map<String, String> key) {

    String sql(boolean isBegun) {
      return ROWS.formatted(
          name,
          key.keySet().stream()
              .map("cast(t.%s as text)"::formatted)
              .collect(Collectors.joining(", ")),
          matches,
          isBegun ? "and (" + columns() + ") > (" + values() + ")" : "",
          columns());
    }

    private String columns() {
      return key.keySet().stream().map("t."::concat).collect(Collectors.joining(", "));
    }

    private String values() {
      List<String> types = List.copyOf(key.values());
      return IntStream.range(0, types.size())
          .mapToObj(i -> "cast(cast(?%d as text) as %s)".formatted(i + 3, types.get(i)))
          .collect(Collectors.joining(", "));
    }
  }

  /** Behind the row of {@code table} with this primary key; before all where the table is "". */
  private record Place(String table, List<String> key) {}

  private final ObjectMapper json;
  private final JsonNode contract;
  private final Map<String, JsonNode> said = new TreeMap<>();
  private volatile List<Table> tables;

  HeldData(ObjectMapper json, @ConfigProperty(name = "vigie.name") String service) {
    this.json = json;
    try (InputStream file = HeldData.class.getResourceAsStream(FILE)) {
      this.contract = json.readTree(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (String name : List.of(service, "every")) {
      contract
          .at("/services/" + name + "/tables")
          .properties()
          .forEach(table -> said.put(table.getKey(), table.getValue()));
    }
  }

  /**
   * The first rows. In a session.
   *
   * @param after the id of a row that they come behind; null for the first of all
   * @throws Problem 400 when nothing has such an id
   */
  Uni<List<Held>> rows(List<UUID> ids, /* nullable */ String after, int most) {
    String[] asked = ids.stream().map(UUID::toString).toArray(String[]::new);
    return Panache.getSession()
        .chain(
            session ->
                tables(session)
                    .chain(
                        all -> {
                          Place place = place(after, all);
                          Iterator<Table> left =
                              all.stream()
                                  .filter(table -> table.name().compareTo(place.table()) >= 0)
                                  .iterator();
                          return read(session, left, place, asked, most, new ArrayList<>());
                        }));
  }

  private Uni<List<Held>> read(
      Mutiny.Session session,
      Iterator<Table> left,
      Place after,
      String[] asked,
      int most,
      List<Held> found) {
    if (found.size() == most || !left.hasNext()) {
      return Uni.createFrom().item(found);
    }
    Table table = left.next();
    List<String> key = table.name().equals(after.table()) ? after.key() : List.of();
    var query =
        session
            .createNativeQuery(table.sql(!key.isEmpty()), Object[].class)
            .setParameter(1, asked)
            .setParameter(2, most - found.size());
    for (int i = 0; i < key.size(); i++) {
      query.setParameter(i + 3, key.get(i));
    }
    return query
        .getResultList()
        .invoke(rows -> rows.forEach(row -> found.add(held(table, row))))
        .chain(() -> read(session, left, after, asked, most, found));
  }

  /** By name. What the database is made of changes with the service alone: it is read once. */
  private Uni<List<Table>> tables(Mutiny.Session session) {
    return tables != null
        ? Uni.createFrom().item(tables)
        : session
            .createNativeQuery(COLUMNS, Object[].class)
            .getResultList()
            .map(this::described)
            .invoke(read -> tables = read);
  }

  private List<Table> described(List<Object[]> columns) {
    Map<String, Map<String, String>> types = new TreeMap<>();
    Map<String, Map<String, String>> keys = new TreeMap<>();
    for (Object[] column : columns) {
      String table = (String) column[0];
      types
          .computeIfAbsent(table, any -> new TreeMap<>())
          .put((String) column[1], (String) column[2]);
      if (column[3] != null) {
        keys.computeIfAbsent(table, any -> new LinkedHashMap<>())
            .put((String) column[1], (String) column[2]);
      }
    }
    return said.entrySet().stream()
        .filter(table -> !matches(table.getValue(), Map.of()).isEmpty())
        .map(
            table ->
                new Table(
                    table.getKey(),
                    table.getValue(),
                    matches(table.getValue(), types.get(table.getKey())),
                    keys.get(table.getKey())))
        .toList();
  }

  /** Alone an id is found by an index, where there is one. */
  private static String matches(JsonNode said, Map<String, String> types) {
    List<String> alternatives = new ArrayList<>();
    for (JsonNode column : said.path("ids")) {
      String name = column.textValue();
      alternatives.add(
          "uuid".equals(types.get(name))
              ? "t.%s = any(cast(cast(?1 as text[]) as uuid[]))".formatted(name)
              : "t.%s = any(cast(?1 as text[]))".formatted(name));
    }
    List<String> within = new ArrayList<>();
    said.path("within").forEach(column -> within.add("t." + column.textValue()));
    if (!within.isEmpty()) {
      alternatives.add(WITHIN.formatted(String.join(", ", within)));
    }
    return String.join(" or ", alternatives);
  }

  private Held held(Table table, Object[] row) {
    JsonNode reason = contract.path("reasons").path(table.said().path("kept").asText());
    return new Held(
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(((String) row[0]).getBytes(StandardCharsets.UTF_8)),
        table.name(),
        read((String) row[1]),
        table.said().path("erased").textValue(),
        reason.isMissingNode()
            ? null
            : new Kept(
                reason.path("because").textValue(),
                reason.path("legal").textValue(),
                reason.path("until").textValue()));
  }

  private JsonNode read(String content) {
    try {
      return json.readTree(content);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What {@link #held} made an id of; whoever asks may have made up another. */
  private Place place(/* nullable */ String id, List<Table> all) {
    if (id == null) {
      return new Place("", List.of());
    }
    try {
      JsonNode said = json.readTree(Base64.getUrlDecoder().decode(id));
      Table table =
          all.stream()
              .filter(each -> each.name().equals(said.path(0).textValue()))
              .findFirst()
              .orElseThrow(IllegalArgumentException::new);
      List<String> key = new ArrayList<>();
      for (String type : table.key().values()) {
        key.add(value(said.path(key.size() + 1).textValue(), type));
      }
      return new Place(table.name(), key);
    } catch (IOException | IllegalArgumentException e) {
      throw Problem.invalid(List.of(new FieldError("after", "is the id of a row that was listed")));
    }
  }

  private static String value(/* nullable */ String text, String type) {
    if (text == null || text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException();
    }
    return switch (type) {
      case "uuid" -> UUID.fromString(text).toString();
      case "integer" -> Integer.toString(Integer.parseInt(text));
      case "bigint" -> Long.toString(Long.parseLong(text));
      default -> text;
    };
  }
}
