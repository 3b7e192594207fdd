package io.vigie.kernel.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import io.vigie.kernel.web.DataSubjectResource.Held;
import io.vigie.kernel.web.DataSubjectResource.Kept;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Finds what the service's database holds of somebody: the rows of the tables that {@code
 * contracts/privacy/held.json} names, in whose columns of ids one of theirs stands. An id is found
 * wherever it stands in a column, as one of several too; ids are unique, so that is nobody else's.
 */
@ApplicationScoped
class HeldData {

  private static final String FILE = "/vigie/contracts/privacy/held.json";

  /** The first ids after ?2 of at most ?3 rows that bear one of ?1, whatever tables they are of. */
  private static final String ROWS =
      """
      select cast(id as text), name, content
      from (select cast(md5(name || content) as uuid) as id, name, content from (%s) found) named
      where id > ?2 order by id limit ?3""";

  private static final String OF_TABLE =
      """
      select '%1$s' as name, cast(to_jsonb(t) - 'published_state' as text) as content from %1$s t
      where exists (select from unnest(string_to_array(?1, ',')) as asked (id)
        where strpos(concat_ws(' ', %2$s), asked.id) > 0)""";

  private static final UUID BEFORE_ALL = new UUID(0, 0);

  private final ObjectMapper json;
  private final JsonNode contract;
  private final ObjectNode tables = JsonNodeFactory.instance.objectNode();
  private final String sql;

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
          .forEach(table -> tables.set(table.getKey(), table.getValue()));
    }
    this.sql =
        ROWS.formatted(
            tables.properties().stream()
                .filter(table -> !table.getValue().path("ids").isEmpty())
                .map(table -> OF_TABLE.formatted(table.getKey(), columns(table.getValue())))
                .collect(Collectors.joining("\nunion all\n")));
  }

  private static String columns(JsonNode table) {
    List<String> columns = new ArrayList<>();
    table.path("ids").forEach(column -> columns.add("t." + column.textValue()));
    return String.join(", ", columns);
  }

  /** As many rows as a page of {@code paging} is made of. In a session. */
  Uni<List<Held>> rows(List<UUID> ids, Paging paging) {
    String asked = ids.stream().map(UUID::toString).collect(Collectors.joining(","));
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(sql, Object[].class)
                    .setParameter(1, asked)
                    .setParameter(2, paging.after() == null ? BEFORE_ALL : paging.after())
                    .setParameter(3, paging.probe())
                    .getResultList())
        .map(rows -> rows.stream().map(this::held).toList());
  }

  private Held held(Object[] row) {
    String table = (String) row[1];
    JsonNode said = tables.path(table);
    JsonNode reason = contract.path("reasons").path(said.path("kept").asText());
    return new Held(
        UUID.fromString((String) row[0]),
        table,
        read((String) row[2]),
        said.path("erased").textValue(),
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
}
