package io.vigie.console.register;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

import jakarta.enterprise.context.RequestScoped;

import com.fasterxml.jackson.databind.JsonNode;
import io.smallrye.mutiny.Uni;
import io.vigie.console.page.Viewer;
import io.vigie.console.register.Values.Head;
import io.vigie.console.register.Values.Row;
import org.jboss.logging.Logger;

/**
 * The lists of a page. Each is asked for by itself and may be away by itself; the names of all that
 * they show are asked for at once.
 */
@RequestScoped
class Parts {

  /** What became of asking for a list. */
  enum Asked {
    ANSWERED,
    REFUSED,
    AWAY
  }

  /**
   * @param anchor its place on the page
   * @param curves what the rows say, drawn
   * @param more where the rest is; null where this is all, or nobody has a page for it
   * @param isMore whether there is more than is shown
   */
  record Part(
      String anchor,
      String label,
      List<Head> heads,
      List<Row> rows,
      List<Curve> curves,
      Asked asked,
      String more,
      boolean isMore) {}

  /**
   * A list that a page is to have.
   *
   * @param path at the service; null where there is nothing to ask with
   * @param curves fields to draw, each with the one that has its goal
   * @param address here of what the list has, with its fields in braces; null where it has no pages
   * @param more where all of it is; null for nowhere
   */
  record Wanted(
      String name,
      String service,
      String path,
      List<String> columns,
      Map<String, String> curves,
      String address,
      String more) {}

  /**
   * @param values what reads the object that the page is about, too
   * @param lists what each part has, by its name
   */
  record Page(Values values, List<Part> parts, Map<String, List<JsonNode>> lists) {}

  private record Told(Wanted wanted, Asked asked, List<JsonNode> items, boolean isMore) {}

  /** A part that is slower than this costs its place on the page. */
  static final Duration PATIENCE = Duration.ofSeconds(2);

  private static final Logger LOG = Logger.getLogger(Parts.class);

  private final Services services;
  private final Reading reading;
  private final Viewer viewer;

  Parts(Services services, Reading reading, Viewer viewer) {
    this.services = services;
    this.reading = reading;
    this.viewer = viewer;
  }

  /**
   * @param of whose object the page is about; null where it is about nothing
   * @param object missing where that is nothing
   */
  Uni<Page> read(Register of, JsonNode object, List<Wanted> wanted) {
    Uni<List<Told>> told =
        wanted.isEmpty()
            ? Uni.createFrom().item(List.of())
            : Uni.join().all(wanted.stream().map(this::ask).toList()).andFailFast();
    return told.chain(
        all -> {
          Reading.Ids ids = reading.ids(of).in(object);
          all.forEach(each -> ids.in(each.items(), each.wanted().columns()));
          return ids.named()
              .map(
                  values ->
                      new Page(
                          values,
                          all.stream().map(each -> part(each, values)).toList(),
                          all.stream()
                              .collect(
                                  Collectors.toMap(each -> each.wanted().name(), Told::items))));
        });
  }

  private Uni<Told> ask(Wanted wanted) {
    if (wanted.path() == null) {
      return Uni.createFrom().item(new Told(wanted, Asked.ANSWERED, List.of(), false));
    }
    return services
        .get(wanted.service(), wanted.path())
        .map(
            answer ->
                answer.isOk()
                    ? new Told(wanted, Asked.ANSWERED, answer.items(), answer.next() != null)
                    : new Told(wanted, Asked.REFUSED, List.of(), false))
        .ifNoItem()
        .after(PATIENCE)
        .fail()
        .onFailure()
        .invoke(failure -> LOG.warnf("%s does not list: %s", wanted.service(), failure))
        .onFailure()
        .recoverWithItem(() -> new Told(wanted, Asked.AWAY, List.of(), false));
  }

  private Part part(Told told, Values values) {
    Wanted wanted = told.wanted();
    List<String> columns = wanted.columns();
    return new Part(
        "part-" + wanted.name(),
        DataWords.named("section." + wanted.name(), viewer.language()),
        Head.of(columns, viewer.language()),
        values.rows(
            told.items(),
            columns.subList(0, 1),
            columns.subList(1, columns.size()),
            wanted.address()),
        curves(told),
        told.asked(),
        wanted.more(),
        told.isMore());
  }

  private List<Curve> curves(Told told) {
    return told.wanted().curves().entrySet().stream()
        .map(drawn -> Curve.of(told.items(), drawn.getKey(), drawn.getValue(), viewer.language()))
        .filter(Objects::nonNull)
        .toList();
  }
}
