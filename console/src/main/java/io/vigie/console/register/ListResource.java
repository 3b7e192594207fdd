package io.vigie.console.register;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.ForbiddenException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.RedirectionException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;

import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import io.vigie.console.page.Roles;
import io.vigie.console.page.ServiceProblem;
import io.vigie.console.page.Viewer;
import io.vigie.console.register.Inputs.Field;
import io.vigie.console.register.Inputs.Filled;
import io.vigie.console.register.Register.Input;
import io.vigie.console.register.RegisterResource.Link;
import io.vigie.console.register.SavedViews.View;
import io.vigie.console.register.Services.Answer;
import io.vigie.console.register.Values.Head;
import io.vigie.console.register.Values.Row;
import io.vigie.console.register.ViewResource.Said;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestMulti;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.Status;

import static io.vigie.console.register.RegisterResource.REGISTER;
import static io.vigie.console.register.RegisterResource.page;

/** Lists of what the services have, and each as a table to take away. */
@Path("/")
@RolesAllowed(Roles.STAFF)
@Produces(MediaType.TEXT_HTML)
public class ListResource {

  /** The registers of a part of the policy. */
  record Group(String label, List<Link> registers) {}

  /**
   * @param saved filters that they gave names, in any register
   */
  record Overview(List<Group> groups, List<Link> saved) implements TemplateInstance {}

  /**
   * Filters that who is there gave names.
   *
   * @param views those of the register
   * @param chosen the filter that is shown now; empty where there is none
   * @param said what became of one just now; null for nothing
   */
  record Saved(List<Link> views, String chosen, Said said) {}

  /**
   * What is asked of a register.
   *
   * @param typed what was chosen, by the names of the filters
   */
  private record Question(Register of, Map<String, String> typed, List<View> views, Said said) {

    /** The filters as in the register's address. */
    String chosen() {
      return chosenBut("");
    }

    String chosenBut(String filter) {
      return typed.entrySet().stream()
          .filter(each -> !each.getValue().isBlank() && !each.getKey().equals(filter))
          .map(each -> each.getKey() + "=" + Values.encoded(each.getValue()))
          .collect(Collectors.joining("&"));
    }

    Saved saved() {
      return new Saved(
          views.stream()
              .filter(view -> view.register().equals(of.name()))
              .map(ListResource::link)
              .toList(),
          chosen(),
          said);
    }
  }

  /**
   * @param label of the register
   * @param views what is asked often
   * @param isFiltered whether the address has filters
   * @param heads what the columns have, the object itself first
   * @param next what the next page is asked with; null where there is none
   * @param first what the first page is asked with; null on the first page
   * @param export where all of it is a table; null where the service does not answer this
   * @param imports where tables are brought in; null where that is not for them, or none are
   * @param create where a new one is made; null as for tables
   * @param saved filters of their own
   * @param refusal why the service does not answer this; null where it does
   * @param isAway whether the service does not answer at all
   */
  record Rows(
      String name,
      String label,
      List<Link> views,
      List<Field> filters,
      boolean isFiltered,
      List<Head> heads,
      List<Row> rows,
      String next,
      String first,
      String export,
      String imports,
      Link create,
      Saved saved,
      ServiceProblem refusal,
      boolean isAway)
      implements TemplateInstance {}

  private static final Logger LOG = Logger.getLogger(ListResource.class);

  private final Registers registers;
  private final Services services;
  private final Reading reading;
  private final Inputs inputs;
  private final Tables tables;
  private final SavedViews saved;
  private final Me me;
  private final Viewer viewer;

  ListResource(
      Registers registers,
      Services services,
      Reading reading,
      Inputs inputs,
      Tables tables,
      SavedViews saved,
      Me me,
      Viewer viewer) {
    this.registers = registers;
    this.services = services;
    this.reading = reading;
    this.inputs = inputs;
    this.tables = tables;
    this.saved = saved;
    this.me = me;
    this.viewer = viewer;
  }

  @GET
  @Path("registers")
  public Uni<TemplateInstance> overview() {
    Map<String, List<Link>> groups = new LinkedHashMap<>();
    registers.all().stream()
        .filter(register -> register.isListed() && me.hasOneOf(register.roles()))
        .forEach(
            register ->
                groups
                    .computeIfAbsent(register.group(), any -> new ArrayList<>())
                    .add(new Link(word("register." + register.name()), "/" + register.name())));
    groups
        .computeIfAbsent("network", any -> new ArrayList<>())
        .add(new Link(word("link.matrix"), "/network"));
    return views()
        .map(
            views ->
                new Overview(
                    groups.entrySet().stream()
                        .map(group -> new Group(word("group." + group.getKey()), group.getValue()))
                        .toList(),
                    views.stream()
                        .filter(view -> registers.named(view.register()) != null)
                        .map(this::linkWithItsRegister)
                        .toList()));
  }

  /** Lists are there without them. */
  private Uni<List<View>> views() {
    return saved
        .of(me.account())
        .onFailure()
        .invoke(failure -> LOG.warnf("Nobody tells saved views: %s", failure))
        .onFailure()
        .recoverWithItem(List.of());
  }

  private static Link link(View view) {
    return new Link(view.name(), "/" + view.register() + "?" + view.query());
  }

  private Link linkWithItsRegister(View view) {
    return new Link(word("register." + view.register()) + ": " + view.name(), link(view).href());
  }

  /**
   * A page of a list, by the filters of the address; of others that it names nothing is asked.
   *
   * @param said what became of a saved view just now
   */
  @GET
  @Path(REGISTER)
  public Uni<RestResponse<Object>> list(
      @RestPath String register,
      @RestQuery UUID after,
      @RestQuery("saved") Said said,
      UriInfo uri) {
    Register of = me.requireReader(registers.named(register));
    if (!of.isListed()) {
      throw new NotFoundException();
    }
    Map<String, String> typed = typed(of.filters(), uri.getQueryParameters());
    return views().chain(views -> list(new Question(of, typed, views, said), after));
  }

  private Uni<RestResponse<Object>> list(Question question, UUID after) {
    Register of = question.of();
    Map<String, String> typed = question.typed();
    return inputs
        .fill(wanted(of.filters(), typed), typed)
        .chain(
            filled ->
                filled.isWhole()
                    ? services
                        .get(of.service(), of.path() + query(filled, after))
                        .chain(answer -> listed(question, filled, after, answer))
                    : Uni.createFrom()
                        .item(page(Status.BAD_REQUEST, rows(question, filled, after))))
        .onFailure(RegisterResource::isNoRefusal)
        .recoverWithItem(failure -> away(question, failure));
  }

  /** Only what was chosen: a box that was not ticked is no wish for what does not have it. */
  private static List<Input> wanted(List<Input> filters, Map<String, String> typed) {
    return filters.stream()
        .filter(filter -> !typed.getOrDefault(filter.name(), "").isBlank())
        .toList();
  }

  private static Map<String, String> typed(
      List<Input> filters, MultivaluedMap<String, String> query) {
    Map<String, String> typed = new LinkedHashMap<>();
    filters.forEach(
        filter -> {
          String text = query.getFirst(filter.name());
          if (text != null) {
            typed.put(filter.name(), text);
          }
        });
    return typed;
  }

  private static String query(Filled filled, UUID after) {
    List<String> parts = new ArrayList<>();
    filled
        .body()
        .properties()
        .forEach(each -> parts.add(each.getKey() + "=" + Values.encoded(each.getValue().asText())));
    if (after != null) {
      parts.add("after=" + after);
    }
    return parts.isEmpty() ? "" : "?" + String.join("&", parts);
  }

  private Uni<RestResponse<Object>> listed(
      Question question, Filled filled, UUID after, Answer answer) {
    if (answer.status() == 403) {
      throw new ForbiddenException();
    }
    if (!answer.isOk()) {
      Rows none = rows(question, filled, after);
      return Uni.createFrom()
          .item(
              page(
                  Status.BAD_REQUEST,
                  new Rows(
                      none.name(),
                      none.label(),
                      none.views(),
                      none.filters(),
                      true,
                      none.heads(),
                      List.of(),
                      null,
                      none.first(),
                      null,
                      none.imports(),
                      none.create(),
                      none.saved(),
                      answer.problem(),
                      false)));
    }
    Register of = question.of();
    return reading
        .ids(of)
        .in(answer.items(), Stream.of(of.title(), of.columns()).flatMap(List::stream).toList())
        .named()
        .map(
            values ->
                page(
                    Status.OK,
                    rows(
                        question,
                        filled,
                        after,
                        values.rows(answer.items(), of.title(), of.columns(), address(of)),
                        answer.next(),
                        false)));
  }

  private static String address(Register of) {
    return of.item() == null ? null : of.address();
  }

  private RestResponse<Object> away(Question question, Throwable failure) {
    LOG.warnf("%s-service does not list: %s", question.of().service(), failure);
    return page(Status.SERVICE_UNAVAILABLE, rows(question, null, null, List.of(), null, true));
  }

  private Rows rows(Question question, Filled filled, UUID after) {
    return rows(question, filled, after, List.of(), null, false);
  }

  private Rows rows(
      Question question, Filled filled, UUID after, List<Row> rows, String next, boolean isAway) {
    Register of = question.of();
    String here = "/" + of.name();
    String chosen = question.chosen();
    return new Rows(
        of.name(),
        word("register." + of.name()),
        of.views().entrySet().stream()
            .map(view -> new Link(word("view." + view.getKey()), here + "?" + view.getValue()))
            .toList(),
        inputs.fields(of.filters(), question.typed(), filled),
        !chosen.isEmpty(),
        heads(question),
        rows,
        next == null ? null : here + "?" + chosen + (chosen.isEmpty() ? "" : "&") + "after=" + next,
        after == null ? null : address(of.name(), chosen),
        address(of.name() + "/export.csv", chosen),
        of.imports() == null || !me.hasOneOf(of.imports().roles()) ? null : here + "/import",
        of.create() == null || !me.hasOneOf(of.create().roles())
            ? null
            : new Link(word("action." + of.create().name()), here + "/new"),
        question.saved(),
        null,
        isAway);
  }

  /** Of the fields that name an object to people the last sorts. */
  private List<Head> heads(Question question) {
    Register of = question.of();
    List<Head> heads = new ArrayList<>();
    String title = Values.inLanguage(of.title().get(of.title().size() - 1), viewer.language());
    heads.add(head(question, title, word("object." + of.name())));
    of.columns()
        .forEach(
            column ->
                heads.add(
                    head(
                        question,
                        column,
                        DataWords.ofField(Values.lastName(column), viewer.language()))));
    return heads;
  }

  private static Head head(Question question, String field, String label) {
    if (!question.of().sorts().contains(field)) {
      return new Head(label, null, null);
    }
    String sort = question.typed().getOrDefault(Register.SORT, "");
    boolean isUp = sort.equals(field);
    String others = question.chosenBut(Register.SORT);
    return new Head(
        label,
        "/"
            + question.of().name()
            + "?"
            + others
            + (others.isEmpty() ? "" : "&")
            + "sort="
            + (isUp ? "-" : "")
            + field,
        isUp ? "ascending" : sort.equals("-" + field) ? "descending" : null);
  }

  /**
   * What the filters of the address let through, in its order, as a table; where the service writes
   * one, as it writes it. What cannot be asked so leads to the list, which says why.
   */
  @GET
  @Path(REGISTER + "/export.csv")
  @Produces("text/csv")
  public RestMulti<byte[]> export(
      @RestPath String register, UriInfo uri, @Context HttpServerRequest request) {
    Register of = me.requireReader(registers.named(register));
    if (!of.isListed()) {
      throw new NotFoundException();
    }
    Map<String, String> typed = typed(of.filters(), uri.getQueryParameters());
    URI list = URI.create(address(of.name(), new Question(of, typed, List.of(), null).chosen()));
    if (of.export() != null) {
      typed.remove(Register.SORT);
    }
    Multi<byte[]> table =
        inputs
            .fill(wanted(of.filters(), typed), typed)
            .toMulti()
            .onItem()
            .transformToMultiAndConcatenate(
                filled ->
                    !filled.isWhole()
                        ? Multi.createFrom().failure(explained(list))
                        : of.export() == null
                            ? tables.of(of, query(filled, null))
                            : services.file(of.service(), of.export() + query(filled, null)))
            .onFailure(Tables.Refused.class)
            .transform(refusal -> explained(list));
    return RegisterResource.file(of.name() + ".csv", table, request);
  }

  private static RedirectionException explained(URI list) {
    return new RedirectionException(Response.Status.SEE_OTHER, list);
  }

  private static String address(String register, String chosen) {
    return "/" + register + (chosen.isEmpty() ? "" : "?" + chosen);
  }

  private String word(String key) {
    return DataWords.named(key, viewer.language());
  }
}
