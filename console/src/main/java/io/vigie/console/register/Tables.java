package io.vigie.console.register;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.ForbiddenException;
import jakarta.ws.rs.ServiceUnavailableException;

import com.fasterxml.jackson.databind.JsonNode;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.console.page.Viewer;
import io.vigie.console.register.Services.Answer;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Registers as tables (CSV): the fields of their objects by their names, as the services write
 * them, so that whoever takes a table gets the same; with the names of people, assets and zones
 * beside their ids. The service is asked page by page, as fast as the browser takes them.
 */
@RequestScoped
class Tables {

  /** The rows of a table at most: one that ends there says so in its last line. */
  static final int MOST = 50_000;

  /** As many as a service lists at once. */
  private static final int PAGE = 200;

  /** Why there is no table: the list has the words. */
  static final class Refused extends RuntimeException {
    private Refused() {
      super("The service refuses what is asked of the list.", null, false, false);
    }
  }

  /** Lines of a table. */
  private record Part(byte[] lines, boolean isLast) {}

  private final Registers registers;
  private final Services services;
  private final Names names;
  private final Viewer viewer;

  Tables(Registers registers, Services services, Names names, Viewer viewer) {
    this.registers = registers;
    this.services = services;
    this.names = names;
    this.viewer = viewer;
  }

  /**
   * All that the list has. Fails where the service does, be it half way.
   *
   * @param query of the list, with its question mark; empty for none
   * @throws Refused (as a failure) where the service refuses the query
   * @throws ForbiddenException (as a failure) where it is not for them
   */
  Multi<byte[]> of(Register of, String query) {
    return Multi.createBy()
        .repeating()
        .<Table, Part>uni(() -> new Table(of, query), Table::next)
        .whilst(part -> !part.isLast())
        .map(Part::lines);
  }

  private final class Table {

    private final Register of;
    private final String query;
    private final Map<String, String> called = new HashMap<>();
    private String after;
    private int rows;

    private Table(Register of, String query) {
      this.of = of;
      this.query = query + (query.isEmpty() ? "?" : "&") + "limit=" + PAGE;
    }

    /** The next page's rows, the header before the first. */
    Uni<Part> next() {
      return services
          .get(of.service(), of.path() + query + (after == null ? "" : "&after=" + after))
          .map(this::page)
          .chain(page -> named(page.items()).map(any -> part(page)));
    }

    private Answer page(Answer answer) {
      if (answer.isOk()) {
        return answer;
      }
      if (answer.status() == 403) {
        throw new ForbiddenException();
      }
      if (answer.status() == 400) {
        throw new Refused();
      }
      throw new ServiceUnavailableException();
    }

    private Part part(Answer page) {
      StringBuilder lines = new StringBuilder(after == null ? Csv.row(header()) : "");
      page.items().forEach(object -> lines.append(Csv.row(cells(object))));
      rows += page.items().size();
      after = page.next();
      boolean isCut = after != null && rows >= MOST;
      if (isCut) {
        String words = DataWords.of("table.cut", viewer.language());
        lines.append(Csv.row(List.of(words.formatted(viewer.number(rows)))));
      }
      return new Part(lines.toString().getBytes(UTF_8), after == null || isCut);
    }

    private List<String> header() {
      return of.fields().stream()
          .flatMap(field -> isNamed(field) ? Stream.of(field, field + ".name") : Stream.of(field))
          .toList();
    }

    private List<String> cells(JsonNode object) {
      List<String> cells = new ArrayList<>();
      for (String field : of.fields()) {
        List<String> values = values(object, field);
        cells.add(String.join(", ", values));
        if (isNamed(field)) {
          cells.add(
              values.stream()
                  .map(id -> called.getOrDefault(id, ""))
                  .filter(name -> !name.isEmpty())
                  .collect(Collectors.joining(", ")));
        }
      }
      return cells;
    }

    private boolean isNamed(String field) {
      String name = Values.lastName(field);
      Register register = registers.referredTo(of, name);
      return register == null
          ? registers.namesAccount(of, name)
          : Names.NAMED.contains(register.name());
    }

    /** Learns the names that the page needs and that nobody was asked for yet. */
    private Uni<Void> named(List<JsonNode> objects) {
      Map<String, Set<String>> wanted = new HashMap<>();
      for (String field : of.fields().stream().filter(this::isNamed).toList()) {
        Register register = registers.referredTo(of, Values.lastName(field));
        objects.stream()
            .flatMap(object -> values(object, field).stream())
            .filter(id -> Values.ID.matcher(id).matches() && called.putIfAbsent(id, "") == null)
            .forEach(
                id ->
                    wanted
                        .computeIfAbsent(
                            register == null ? "people" : register.name(), any -> new TreeSet<>())
                        .add(id));
      }
      return names.ofAll(wanted).invoke(called::putAll).replaceWithVoid();
    }
  }

  /** What a plain field has; of a list, each. */
  private static List<String> values(JsonNode object, String field) {
    JsonNode value = Registers.at(object, field);
    return (value.isArray() ? value.valueStream() : Stream.of(value))
        .filter(each -> each.isValueNode() && !each.isNull() && !each.isMissingNode())
        .map(JsonNode::asText)
        .toList();
  }
}
