package io.vigie.console.register;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.ForbiddenException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.ServiceUnavailableException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.UriInfo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.console.page.Roles;
import io.vigie.console.page.Viewer;
import io.vigie.console.register.Inputs.Field;
import io.vigie.console.register.Inputs.Filled;
import io.vigie.console.register.Register.Action;
import io.vigie.console.register.Register.Input;
import io.vigie.console.register.Register.Section;
import io.vigie.console.register.Services.Answer;
import io.vigie.console.register.Values.Line;
import io.vigie.console.register.Values.Row;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestMulti;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jboss.resteasy.reactive.RestResponse.Status;
import org.jboss.resteasy.reactive.server.core.CurrentRequestManager;
import org.jboss.resteasy.reactive.server.core.multipart.FormData;

/** Lists of what the services have, each object's page, and what may be done with it. */
@Path("/")
@RolesAllowed(Roles.STAFF)
@Produces(MediaType.TEXT_HTML)
public class RegisterResource {

  record Link(String label, String href) {}

  /** The registers of a part of the policy. */
  record Group(String label, List<Link> registers) {}

  record Overview(List<Group> groups) implements TemplateInstance {}

  /**
   * @param label of the register
   * @param views what is asked often
   * @param isFiltered whether the address has filters
   * @param heads what the columns have, the object itself first
   * @param next what the next page is asked with; null where there is none
   * @param first what the first page is asked with; null on the first page
   * @param export null where there is none
   * @param refusal why the service does not answer this; null where it does
   * @param isAway whether the service does not answer at all
   */
  record Rows(
      String name,
      String label,
      List<Link> views,
      List<Field> filters,
      boolean isFiltered,
      List<String> heads,
      List<Row> rows,
      String next,
      String first,
      String export,
      String refusal,
      boolean isAway)
      implements TemplateInstance {}

  /** What became of asking for a section. */
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
      List<String> heads,
      List<Row> rows,
      List<Curve> curves,
      Asked asked,
      String more,
      boolean isMore) {}

  /**
   * An action's form.
   *
   * @param key made with the form: sent twice, it is done once
   * @param version of the object that it is about
   * @param isOpen whether it was sent, and is to be mended
   */
  record Form(
      String name,
      String label,
      String to,
      boolean severe,
      List<Field> fields,
      String key,
      String version,
      boolean isOpen) {}

  /** Why something was not done, or nobody can say yet. */
  enum Problem {
    INCOMPLETE,
    CONFLICT,
    REFUSED,
    /** What was sent before under the same key was taken, and this was not. */
    TAKEN,
    /** It is being done, or too much is asked at once. */
    UNDER_WAY,
    AWAY
  }

  /**
   * @param action what was not done, as its form calls it
   * @param words the service's own
   * @param typed what was typed into a form that is not there any more
   */
  record Failed(Problem problem, String action, List<String> words, List<String> typed) {}

  /**
   * @param done what was done just now; null for nothing
   * @param receipt the event that it made; null where that is not known
   * @param failed null for a page that nothing was sent to
   * @param timeline what happened to it; null for who does not read that
   */
  record Detail(
      String register,
      String label,
      String title,
      String id,
      List<Line> lines,
      List<Part> parts,
      List<Form> forms,
      List<Link> links,
      String done,
      UUID receipt,
      Failed failed)
      implements TemplateInstance {}

  /** What was sent to an action's form; null in place of one where nothing was. */
  private record Sent(Action action, Map<String, String> typed, Filled filled, Failed failed) {}

  static final List<String> READ_TIMELINES =
      List.of(
          "asset-manager",
          "access-manager",
          "responder",
          "sysadmin",
          "ciso",
          "auditor",
          "third-party-auditor");

  private static final Logger LOG = Logger.getLogger(RegisterResource.class);

  /** A part that is slower than this costs its place on the page. */
  static final Duration PATIENCE = Duration.ofSeconds(2);

  private static final String REGISTER = "{register:(?:" + Registers.NAMES + ")}";
  private static final String PREFIX = "f.";

  private final Registers registers;
  private final Services services;
  private final Reading reading;
  private final Inputs inputs;
  private final Allowed allowed;
  private final Me me;
  private final Viewer viewer;

  RegisterResource(
      Registers registers,
      Services services,
      Reading reading,
      Inputs inputs,
      Allowed allowed,
      Me me,
      Viewer viewer) {
    this.registers = registers;
    this.services = services;
    this.reading = reading;
    this.inputs = inputs;
    this.allowed = allowed;
    this.me = me;
    this.viewer = viewer;
  }

  @GET
  @Path("registers")
  public TemplateInstance overview() {
    Map<String, List<Link>> groups = new LinkedHashMap<>();
    registers.all().stream()
        .filter(register -> me.hasOneOf(register.roles()))
        .forEach(
            register ->
                groups
                    .computeIfAbsent(register.group(), any -> new ArrayList<>())
                    .add(new Link(word("register." + register.name()), "/" + register.name())));
    groups
        .computeIfAbsent("network", any -> new ArrayList<>())
        .add(new Link(word("link.matrix"), "/network"));
    return new Overview(
        groups.entrySet().stream()
            .map(group -> new Group(word("group." + group.getKey()), group.getValue()))
            .toList());
  }

  /** A page of a list, by the filters of the address; of others that it names nothing is asked. */
  @GET
  @Path(REGISTER)
  public Uni<RestResponse<Object>> list(
      @RestPath String register, @RestQuery UUID after, UriInfo uri) {
    Register of = readable(register);
    Map<String, String> typed = typed(of.filters(), uri.getQueryParameters());
    return inputs
        .fill(wanted(of.filters(), typed), typed)
        .chain(
            filled ->
                filled.isWhole()
                    ? services
                        .get(of.service(), of.path() + query(filled, after))
                        .chain(answer -> listed(of, typed, filled, after, answer))
                    : Uni.createFrom()
                        .item(page(Status.BAD_REQUEST, rows(of, typed, filled, after))))
        .onFailure(RegisterResource::isNoRefusal)
        .recoverWithItem(failure -> away(of, typed, failure));
  }

  static boolean isNoRefusal(Throwable failure) {
    return !(failure instanceof ForbiddenException || failure instanceof NotFoundException);
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
      Register of, Map<String, String> typed, Filled filled, UUID after, Answer answer) {
    if (answer.status() == 403) {
      throw new ForbiddenException();
    }
    if (!answer.isOk()) {
      Rows none = rows(of, typed, filled, after);
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
                      String.join(" ", words(answer)),
                      false)));
    }
    return reading
        .of(answer.items(), Stream.of(of.title(), of.columns()).flatMap(List::stream).toList())
        .map(
            values ->
                page(
                    Status.OK,
                    rows(
                        of,
                        typed,
                        filled,
                        after,
                        values.rows(answer.items(), of.title(), of.columns(), address(of)),
                        answer.next(),
                        false)));
  }

  private static String address(Register of) {
    return of.item() == null ? null : of.address();
  }

  private RestResponse<Object> away(Register of, Map<String, String> typed, Throwable failure) {
    LOG.warnf("%s-service does not list: %s", of.service(), failure);
    return page(Status.SERVICE_UNAVAILABLE, rows(of, typed, null, null, List.of(), null, true));
  }

  private Rows rows(Register of, Map<String, String> typed, Filled filled, UUID after) {
    return rows(of, typed, filled, after, List.of(), null, false);
  }

  private Rows rows(
      Register of,
      Map<String, String> typed,
      Filled filled,
      UUID after,
      List<Row> rows,
      String next,
      boolean isAway) {
    String here = "/" + of.name();
    String chosen =
        typed.entrySet().stream()
            .filter(each -> !each.getValue().isBlank())
            .map(each -> each.getKey() + "=" + Values.encoded(each.getValue()))
            .collect(Collectors.joining("&"));
    return new Rows(
        of.name(),
        word("register." + of.name()),
        of.views().entrySet().stream()
            .map(view -> new Link(word("view." + view.getKey()), here + "?" + view.getValue()))
            .toList(),
        inputs.fields(of.filters(), typed, filled),
        !chosen.isEmpty(),
        heads(word("object." + of.name()), of.columns()),
        rows,
        next == null ? null : here + "?" + chosen + (chosen.isEmpty() ? "" : "&") + "after=" + next,
        after == null ? null : chosen.isEmpty() ? here : here + "?" + chosen,
        of.export() == null ? null : here + "/export.csv" + (chosen.isEmpty() ? "" : "?" + chosen),
        null,
        isAway);
  }

  private List<String> heads(String first, List<String> columns) {
    List<String> heads = new ArrayList<>();
    heads.add(first);
    columns.forEach(
        column -> heads.add(DataWords.ofField(Values.lastName(column), viewer.language())));
    return heads;
  }

  /** What the filters of the address let through, as the service writes it. */
  @GET
  @Path(REGISTER + "/export.csv")
  @Produces("text/csv")
  public RestMulti<byte[]> export(@RestPath String register, UriInfo uri) {
    Register of = readable(register);
    if (of.export() == null) {
      throw new NotFoundException();
    }
    Map<String, String> typed = typed(of.filters(), uri.getQueryParameters());
    return csv(
        of.name(),
        inputs
            .fill(wanted(of.filters(), typed), typed)
            .toMulti()
            .onItem()
            .transformToMultiAndConcatenate(
                filled -> {
                  if (!filled.isWhole()) {
                    throw new NotFoundException();
                  }
                  return services.csv(of.service(), of.export() + query(filled, null));
                }));
  }

  @GET
  @Path(REGISTER + "/{id}/report.csv")
  @Produces("text/csv")
  public RestMulti<byte[]> report(@RestPath String register, @RestPath UUID id) {
    Register of = readable(register);
    if (of.report() == null) {
      throw new NotFoundException();
    }
    if (!me.hasOneOf(of.report().roles())) {
      throw new ForbiddenException();
    }
    return csv(
        of.name() + "-" + id,
        services.csv(of.service(), of.report().path().replace("{id}", id.toString())));
  }

  private static RestMulti<byte[]> csv(String name, Multi<byte[]> data) {
    return RestMulti.fromMultiData(data)
        .header("Content-Type", "text/csv; charset=utf-8")
        .header("Content-Disposition", "attachment; filename=\"" + name + ".csv\"")
        .build();
  }

  /**
   * An object's page.
   *
   * @param done the action that was done just now
   * @param receipt the event that it made
   */
  @GET
  @Path(REGISTER + "/{id}")
  public Uni<RestResponse<Object>> detail(
      @RestPath String register,
      @RestPath UUID id,
      @RestQuery String done,
      @RestQuery UUID receipt,
      UriInfo uri) {
    Register of = readable(register);
    ObjectNode given = JsonNodeFactory.instance.objectNode();
    uri.getQueryParameters()
        .forEach(
            (name, all) -> {
              if (Values.ID.matcher(all.get(0)).matches()) {
                given.put(name, all.get(0));
              }
            });
    String said = ended(of, done) ? word("action." + done) : null;
    Uni<Detail> page =
        object(of, id, given).chain(answer -> shown(of, answer, said, receipt, null));
    return (said == null ? page : orBare(page, bare(of, id, said, said, receipt, null)))
        .map(shown -> page(Status.OK, shown));
  }

  /** Whether it is an action that leads to this register's objects. */
  private boolean ended(Register of, String done) {
    return registers.all().stream()
        .flatMap(
            each ->
                each.actions().stream()
                    .filter(action -> action.name().equals(done))
                    .map(action -> action.leads() == null ? each.name() : action.leads()))
        .anyMatch(of.name()::equals);
  }

  /** Who did something may not see its object any more, but still what became of it. */
  private static Uni<Detail> orBare(Uni<Detail> page, Detail bare) {
    return page.onFailure(failure -> !isNoRefusal(failure)).recoverWithItem(bare);
  }

  /** All that can be told of an object that is not theirs to see. */
  private Detail bare(
      Register of, UUID id, String title, String done, UUID receipt, Failed failed) {
    return new Detail(
        of.name(),
        word("register." + of.name()),
        title,
        id.toString(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        done,
        receipt,
        failed);
  }

  /** Who must sign in again while they send a form comes back to the object. */
  @GET
  @Path(REGISTER + "/{id}/{action}")
  public RestResponse<Void> form(
      @RestPath String register, @RestPath UUID id, @RestPath String action) {
    return RestResponse.seeOther(URI.create("/" + register + "/" + id));
  }

  private Uni<Answer> object(Register of, UUID id, ObjectNode given) {
    given.put("id", id.toString());
    String path = of.item() == null ? null : Registers.filled(of.item(), given);
    if (path == null) {
      throw new NotFoundException();
    }
    return services
        .get(of.service(), path)
        .invoke(
            answer -> {
              if (answer.status() == 403) {
                throw new ForbiddenException();
              }
              if (answer.status() == 404) {
                throw new NotFoundException();
              }
              if (!answer.isOk()) {
                throw new ServiceUnavailableException();
              }
            });
  }

  private Uni<Detail> shown(Register of, Answer answer, String done, UUID receipt, Sent sent) {
    JsonNode object = answer.body();
    Uni<List<Part>> parts = parts(of, object);
    return Uni.combine()
        .all()
        .unis(reading.of(object), parts, allowed.of(of, object))
        .asTuple()
        .map(
            all ->
                new Detail(
                    of.name(),
                    word("register." + of.name()),
                    all.getItem1().title(object, of.title()),
                    object.path("id").asText(),
                    all.getItem1().lines(object),
                    all.getItem2(),
                    forms(of, object, answer.version(), all.getItem3(), sent),
                    links(of, object),
                    done,
                    receipt,
                    failed(sent, all.getItem3())));
  }

  private Uni<List<Part>> parts(Register of, JsonNode object) {
    List<Uni<Part>> asked =
        of.sections().stream()
            .filter(section -> me.hasOneOf(section.roles()))
            .filter(section -> allowed.holds(section.when(), object))
            .map(section -> part(section, object))
            .toList();
    return asked.isEmpty() ? Uni.createFrom().item(List.of()) : Uni.join().all(asked).andFailFast();
  }

  private Uni<Part> part(Section section, JsonNode object) {
    String path = Registers.filled(section.path(), object);
    if (path == null) {
      return Uni.createFrom().item(none(section, Asked.ANSWERED));
    }
    Register register = registers.named(section.register());
    return services
        .get(section.service(), path)
        .chain(
            answer ->
                answer.isOk()
                    ? reading
                        .of(answer.items(), section.columns())
                        .map(
                            values ->
                                part(
                                    section,
                                    rows(values, section, register, answer.items()),
                                    curves(section, answer.items()),
                                    Asked.ANSWERED,
                                    more(register, path),
                                    answer.next() != null))
                    : Uni.createFrom().item(none(section, Asked.REFUSED)))
        .ifNoItem()
        .after(PATIENCE)
        .fail()
        .onFailure()
        .invoke(failure -> LOG.warnf("%s does not list: %s", section.service(), failure))
        .onFailure()
        .recoverWithItem(() -> none(section, Asked.AWAY));
  }

  private Part none(Section section, Asked asked) {
    return part(section, List.of(), List.of(), asked, null, false);
  }

  private List<Curve> curves(Section section, List<JsonNode> items) {
    return section.curves().entrySet().stream()
        .map(drawn -> Curve.of(items, drawn.getKey(), drawn.getValue(), viewer.language()))
        .filter(Objects::nonNull)
        .toList();
  }

  private static List<Row> rows(
      Values values, Section section, Register register, List<JsonNode> items) {
    String address =
        register == null ? null : register.address().replace("/{id}", "/{" + section.row() + "}");
    return values.rows(
        items,
        section.columns().subList(0, 1),
        section.columns().subList(1, section.columns().size()),
        address);
  }

  private Part part(
      Section section,
      List<Row> rows,
      List<Curve> curves,
      Asked asked,
      String more,
      boolean isMore) {
    List<String> columns = section.columns();
    return new Part(
        "part-" + section.name(),
        word("section." + section.name()),
        heads(
            DataWords.ofField(Values.lastName(columns.get(0)), viewer.language()),
            columns.subList(1, columns.size())),
        rows,
        curves,
        asked,
        more,
        isMore);
  }

  /** Where the register itself has the same list. */
  private static String more(Register register, String path) {
    return register != null && path.startsWith(register.path() + "?")
        ? "/" + register.name() + path.substring(register.path().length())
        : null;
  }

  private List<Link> links(Register of, JsonNode object) {
    String id = object.path("id").asText();
    List<Link> links = new ArrayList<>();
    if (of.name().equals("campaigns") && object.path("state").asText().equals("OPEN")) {
      links.add(new Link(word("link.answer"), "/campaigns/" + id + "/review"));
    }
    if (of.name().equals("assets")) {
      links.add(new Link(word("link.dependencies"), "/assets/" + id + "/dependencies"));
    }
    if (me.hasOneOf(READ_TIMELINES)) {
      links.add(new Link(word("link.timeline"), "/objects/" + of.kind() + "/" + id));
    }
    if (of.report() != null && me.hasOneOf(of.report().roles())) {
      links.add(new Link(word("link.report"), "/" + of.name() + "/" + id + "/report.csv"));
    }
    return links;
  }

  private List<Form> forms(
      Register of, JsonNode object, String version, List<Action> actions, Sent sent) {
    return actions.stream()
        .map(
            action -> {
              boolean isSent = sent != null && sent.action().equals(action);
              return new Form(
                  action.name(),
                  word("action." + action.name()),
                  "/" + of.name() + "/" + object.path("id").asText() + "/" + action.name(),
                  action.severe(),
                  inputs.fields(
                      action.inputs(),
                      isSent ? sent.typed() : Map.of(),
                      isSent ? sent.filled() : null),
                  UUID.randomUUID().toString(),
                  version,
                  isSent);
            })
        .toList();
  }

  /** What was typed is in its form or, where that is not allowed any more, beside the problem. */
  private static Failed failed(Sent sent, List<Action> actions) {
    if (sent == null || !actions.contains(sent.action())) {
      return sent == null
          ? null
          : new Failed(
              sent.failed().problem(),
              sent.failed().action(),
              sent.failed().words(),
              sent.typed().values().stream().filter(text -> !text.isBlank()).toList());
    }
    return sent.failed();
  }

  /**
   * Does it, and leads to how the object stands then; what is refused is told beside the form, with
   * what was typed in it.
   *
   * @param version of the object as the form's page showed it
   */
  @POST
  @Path(REGISTER + "/{id}/{action}")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Uni<RestResponse<Object>> act(
      @RestPath String register,
      @RestPath UUID id,
      @RestPath String action,
      @RestForm String key,
      @RestForm String version) {
    Register of = readable(register);
    Action wanted =
        of.actions().stream()
            .filter(each -> each.name().equals(action) && me.hasOneOf(each.roles()))
            .findFirst()
            .orElseThrow(ForbiddenException::new);
    Map<String, String> typed = typed(CurrentRequestManager.get().getFormData(), wanted);
    return inputs
        .fill(wanted.inputs(), typed)
        .chain(
            filled ->
                filled.isWhole()
                    ? send(of, id, wanted, filled, typed, key, version)
                    : again(of, id, wanted, typed, filled, Problem.INCOMPLETE, List.of()))
        .onFailure(RegisterResource::isNoRefusal)
        .recoverWithItem(
            failure -> {
              LOG.warnf("%s-service does not answer: %s", of.service(), failure);
              return stillTyped(of, id, wanted, typed, key, version, Problem.AWAY);
            });
  }

  /** The form alone, to be sent again as it is: nobody knows how the object stands. */
  private RestResponse<Object> stillTyped(
      Register of,
      UUID id,
      Action action,
      Map<String, String> typed,
      String key,
      String version,
      Problem problem) {
    String label = word("action." + action.name());
    Form form =
        new Form(
            action.name(),
            label,
            "/" + of.name() + "/" + id + "/" + action.name(),
            action.severe(),
            inputs.fields(action.inputs(), typed, null),
            key,
            version,
            true);
    return page(
        Status.SERVICE_UNAVAILABLE,
        new Detail(
            of.name(),
            word("register." + of.name()),
            label,
            id.toString(),
            List.of(),
            List.of(),
            List.of(form),
            List.of(),
            null,
            null,
            new Failed(problem, label, List.of(), List.of())));
  }

  private static Map<String, String> typed(FormData form, Action action) {
    Map<String, String> typed = new HashMap<>();
    for (Input input : action.inputs()) {
      var value = form.getLast(PREFIX + input.name());
      if (value != null && !value.isFileItem()) {
        typed.put(input.name(), value.getValue());
      }
    }
    return typed;
  }

  private Uni<RestResponse<Object>> send(
      Register of,
      UUID id,
      Action action,
      Filled filled,
      Map<String, String> typed,
      String key,
      String version) {
    ObjectNode object = JsonNodeFactory.instance.objectNode().put("id", id.toString());
    action.with().forEach((name, text) -> filled.body().put(name, Registers.filled(text, object)));
    return services
        .send(
            action.method(),
            of.service(),
            action.at(Registers.filled(of.item(), object)),
            action.unversioned() ? null : version,
            key,
            action.inputs().isEmpty() ? null : filled.body())
        .chain(
            answer -> {
              if (answer.isOk()) {
                return Uni.createFrom().item(done(of, id, action, answer));
              }
              Problem problem = problem(answer);
              return problem == Problem.UNDER_WAY
                  ? Uni.createFrom().item(stillTyped(of, id, action, typed, key, version, problem))
                  : again(
                      of,
                      id,
                      action,
                      typed,
                      filled,
                      problem,
                      problem == Problem.TAKEN ? List.of() : words(answer));
            });
  }

  private static RestResponse<Object> done(Register of, UUID id, Action action, Answer answer) {
    String receipt = answer.receipt() == null ? "" : "&receipt=" + Values.encoded(answer.receipt());
    String to =
        action.leads() == null
            ? "/" + of.name() + "/" + id
            : "/" + action.leads() + "/" + answer.body().path("id").asText();
    return ResponseBuilder.<Object>seeOther(URI.create(to + "?done=" + action.name() + receipt))
        .build();
  }

  /** Of an answer that is a refusal. */
  static Problem problem(Answer answer) {
    if (answer.status() == 429 || answer.isProblem("request-in-flight")) {
      return Problem.UNDER_WAY;
    }
    if (answer.isProblem("idempotency-key-reused")) {
      return Problem.TAKEN;
    }
    return answer.status() == 412 ? Problem.CONFLICT : Problem.REFUSED;
  }

  /** As the service says it, field by field where it does. */
  static List<String> words(Answer answer) {
    List<String> words = new ArrayList<>();
    String detail = answer.body().path("detail").asText(answer.body().path("title").asText(""));
    if (!detail.isBlank()) {
      words.add(detail);
    }
    answer
        .body()
        .path("errors")
        .forEach(
            error ->
                words.add(error.path("field").asText() + ": " + error.path("message").asText()));
    return words;
  }

  /** The object as it stands now, with why, and with what was typed. */
  private Uni<RestResponse<Object>> again(
      Register of,
      UUID id,
      Action action,
      Map<String, String> typed,
      Filled filled,
      Problem problem,
      List<String> words) {
    Failed failed = new Failed(problem, word("action." + action.name()), words, List.of());
    Sent sent = new Sent(action, typed, filled, failed);
    Uni<Detail> page =
        object(of, id, JsonNodeFactory.instance.objectNode())
            .chain(answer -> shown(of, answer, null, null, sent));
    return orBare(page, bare(of, id, failed.action(), null, null, failed(sent, List.of())))
        .map(
            shown ->
                page(problem == Problem.CONFLICT ? Status.CONFLICT : Status.BAD_REQUEST, shown));
  }

  private Register readable(String name) {
    Register register = registers.named(name);
    if (!me.hasOneOf(register.roles())) {
      throw new ForbiddenException();
    }
    return register;
  }

  private String word(String key) {
    String word = DataWords.of(key, viewer.language());
    return word == null ? key.substring(key.indexOf('.') + 1) : word;
  }

  private static RestResponse<Object> page(Status status, TemplateInstance page) {
    return ResponseBuilder.<Object>create(status)
        .entity(page)
        .type(MediaType.TEXT_HTML_TYPE)
        .build();
  }
}
