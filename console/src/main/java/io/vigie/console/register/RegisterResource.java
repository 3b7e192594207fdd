package io.vigie.console.register;

import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
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
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vigie.console.page.Roles;
import io.vigie.console.page.ServiceProblem;
import io.vigie.console.page.Streamed;
import io.vigie.console.page.Viewer;
import io.vigie.console.register.Inputs.Field;
import io.vigie.console.register.Inputs.Filled;
import io.vigie.console.register.Parts.Part;
import io.vigie.console.register.Parts.Wanted;
import io.vigie.console.register.Register.Action;
import io.vigie.console.register.Register.Attached;
import io.vigie.console.register.Register.Choice;
import io.vigie.console.register.Register.Input;
import io.vigie.console.register.Register.Section;
import io.vigie.console.register.Services.Answer;
import io.vigie.console.register.Values.Line;
import io.vigie.console.service.ServiceFiles;
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

/** Each object's page, and what may be done with it. */
@Path("/")
@RolesAllowed(Roles.STAFF)
@Produces(MediaType.TEXT_HTML)
public class RegisterResource {

  record Link(String label, String href) {}

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
   * @param said why, by the service
   * @param typed what was typed into a form that is not there any more
   */
  record Failed(Problem problem, String action, ServiceProblem said, List<String> typed) {}

  /**
   * @param register null where it has no page with all of them
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

  private static final Logger LOG = Logger.getLogger(RegisterResource.class);

  /** A register in a path. */
  static final String REGISTER = "{register:(?:" + Registers.NAMES + ")}";

  private static final String CSV = "text/csv";
  private static final String PDF = "application/pdf";

  private static final String PREFIX = "f.";

  private final Registers registers;
  private final Services services;
  private final ServiceFiles files;
  private final Parts parts;
  private final Inputs inputs;
  private final Allowed allowed;
  private final Me me;
  private final Viewer viewer;

  RegisterResource(
      Registers registers,
      Services services,
      ServiceFiles files,
      Parts parts,
      Inputs inputs,
      Allowed allowed,
      Me me,
      Viewer viewer) {
    this.registers = registers;
    this.services = services;
    this.files = files;
    this.parts = parts;
    this.inputs = inputs;
    this.allowed = allowed;
    this.me = me;
    this.viewer = viewer;
  }

  static boolean isNoRefusal(Throwable failure) {
    return !(failure instanceof ForbiddenException || failure instanceof NotFoundException);
  }

  /** A table of an object, as the service makes it. */
  @GET
  @Path(REGISTER + "/{id}/{file:[a-z]+[.]csv}")
  @Produces(CSV)
  public RestMulti<byte[]> table(
      @RestPath String register,
      @RestPath UUID id,
      @RestPath String file,
      @Context HttpServerRequest request) {
    return file(register, id, file, request);
  }

  /** A document about an object, as the service makes it. */
  @GET
  @Path(REGISTER + "/{id}/{file:[a-z]+[.]pdf}")
  @Produces(PDF)
  public RestMulti<byte[]> document(
      @RestPath String register,
      @RestPath UUID id,
      @RestPath String file,
      @Context HttpServerRequest request) {
    return file(register, id, file, request);
  }

  private RestMulti<byte[]> file(String register, UUID id, String file, HttpServerRequest request) {
    Register of = me.requireReader(registers.named(register));
    Register.File wanted =
        of.files().stream()
            .filter(each -> each.address().equals(file))
            .findFirst()
            .orElseThrow(NotFoundException::new);
    if (!me.hasOneOf(wanted.roles())) {
      throw new ForbiddenException();
    }
    return file(
        of.name() + "-" + id + "-" + file,
        services.file(of.service(), wanted.path().replace("{id}", id.toString())),
        request);
  }

  /**
   * @param name whose ending says what it is
   */
  static RestMulti<byte[]> file(String name, Multi<byte[]> data, HttpServerRequest request) {
    return RestMulti.fromMultiData(Streamed.closing(data, request))
        .header("Content-Type", name.endsWith(".pdf") ? PDF : CSV + "; charset=utf-8")
        .header("Content-Disposition", "attachment; filename=\"" + name + "\"")
        .build();
  }

  /**
   * A file that somebody attached to an object: to be saved and never shown, whatever it is and
   * whatever the service says of it.
   *
   * @param file as its service knows it
   */
  @GET
  @Path(REGISTER + "/{id}/{name:[a-z]+}/{file:[0-9a-f-]+}")
  @Produces(MediaType.APPLICATION_OCTET_STREAM)
  public RestMulti<Buffer> attached(
      @RestPath String register,
      @RestPath UUID id,
      @RestPath String name,
      @RestPath String file,
      @Context HttpServerRequest request) {
    Register of = me.requireReader(registers.named(register));
    Attached attached = of.attached();
    if (attached == null || !attached.name().equals(name)) {
      throw new NotFoundException();
    }
    if (!me.hasOneOf(attached.roles())) {
      throw new ForbiddenException();
    }
    return RestMulti.fromUniResponse(
        files.attached(of.service(), attached.at(id.toString(), file)),
        found -> Streamed.closing(found.content(), request),
        found -> Map.of("Content-Disposition", List.of(saved(found.disposition()))));
  }

  /** Under the name that the service gives it, which is an id and nobody's words. */
  private static String saved(String disposition) {
    return disposition != null && disposition.startsWith("attachment") ? disposition : "attachment";
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
    Register of = me.requireReader(registers.named(register));
    ObjectNode given = given(of, id, uri);
    String said = ended(of, done) ? word("action." + done) : null;
    Uni<Detail> page =
        object(of, given).chain(answer -> shown(of, given, answer, said, receipt, null));
    return (said == null ? page : orBare(page, bare(of, id, said, said, receipt, null)))
        .map(shown -> page(Status.OK, shown));
  }

  /** What the address of an object says: its id, and those of what it belongs to. */
  private static ObjectNode given(Register of, UUID id, UriInfo uri) {
    ObjectNode given = JsonNodeFactory.instance.objectNode();
    uri.getQueryParameters()
        .forEach(
            (name, all) -> {
              if (Values.ID.matcher(all.get(0)).matches()) {
                given.put(name, all.get(0));
              }
            });
    given.put("id", id.toString()).put(of.key(), id.toString());
    if (Registers.filled(of.address(), given) == null) {
      throw new NotFoundException();
    }
    return given;
  }

  /** Whether it is an action that leads to this register's objects. */
  private boolean ended(Register of, String done) {
    return registers.all().stream()
        .flatMap(
            each ->
                each.acts()
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
        listed(of),
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
      @RestPath String register, @RestPath UUID id, @RestPath String action, UriInfo uri) {
    Register of = registers.named(register);
    return RestResponse.seeOther(URI.create(Registers.filled(of.address(), given(of, id, uri))));
  }

  private static String listed(Register of) {
    return of.isListed() ? of.name() : null;
  }

  private Uni<Answer> object(Register of, ObjectNode given) {
    boolean isInList = of.item() == null && !of.isListed();
    String template = isInList ? of.path() : of.item();
    String path = template == null ? null : Registers.filled(template, given);
    if (path == null) {
      throw new NotFoundException();
    }
    return services
        .get(of.service(), isInList ? path + "?limit=200" : path)
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
            })
        .map(answer -> isInList ? itself(of, answer, given) : answer);
  }

  private static Answer itself(Register of, Answer list, ObjectNode given) {
    return list.items().stream()
        .filter(each -> each.path(of.key()).equals(given.path(of.key())))
        .findFirst()
        .map(each -> new Answer(list.status(), each, null, null, null))
        .orElseThrow(NotFoundException::new);
  }

  private Uni<Detail> shown(
      Register of, ObjectNode given, Answer answer, String done, UUID receipt, Sent sent) {
    JsonNode object = answer.body();
    return Uni.combine()
        .all()
        .unis(parts.read(of, object, wanted(of, object)), allowed.of(of, object))
        .asTuple()
        .map(
            both -> {
              Parts.Page page = both.getItem1();
              Values values = page.values();
              Map<Action, Map<String, Map<String, String>>> offered = new LinkedHashMap<>();
              both.getItem2().forEach(action -> offered.put(action, choices(action, object, page)));
              offered.entrySet().removeIf(each -> isWithoutChoice(each.getKey(), each.getValue()));
              return new Detail(
                  listed(of),
                  word("register." + of.name()),
                  values.title(object, of.title()),
                  given.path("id").asText(),
                  values.lines(object),
                  page.parts(),
                  forms(of, given, answer.version(), offered, sent),
                  links(of, object, given.path("id").asText()),
                  done,
                  receipt,
                  failed(sent, offered.keySet()));
            });
  }

  /** What there is to choose from, by the inputs' names; each row's id with what people call it. */
  private Map<String, Map<String, String>> choices(
      Action action, JsonNode object, Parts.Page page) {
    Map<String, Map<String, String>> choices = new HashMap<>();
    for (Input input : action.inputs()) {
      Choice from = input.from();
      if (from != null) {
        Map<String, String> rows = new LinkedHashMap<>();
        (from.section() == null
                ? Registers.at(object, from.field()).valueStream()
                : page.lists().getOrDefault(from.section(), List.of()).stream())
            .filter(row -> allowed.holds(from.when(), row))
            .forEach(
                row ->
                    rows.put(row.path(from.id()).asText(), page.values().title(row, from.title())));
        choices.put(input.name(), rows);
      }
    }
    return choices;
  }

  private static boolean isWithoutChoice(Action action, Map<String, Map<String, String>> choices) {
    return action.inputs().stream()
        .anyMatch(
            input ->
                input.required()
                    && choices.containsKey(input.name())
                    && choices.get(input.name()).isEmpty());
  }

  private List<Wanted> wanted(Register of, JsonNode object) {
    return of.sections().stream()
        .filter(section -> me.hasOneOf(section.roles()))
        .filter(section -> allowed.holds(section.when(), object))
        .map(section -> wanted(of, section, object))
        .toList();
  }

  private Wanted wanted(Register of, Section section, JsonNode object) {
    String path = Registers.filled(section.path(), object);
    Register register = registers.named(section.register());
    return new Wanted(
        section.name(),
        section.service(),
        path,
        section.columns(),
        section.curves(),
        address(of, section, register, object.path("id").asText()),
        path == null ? null : more(register, path));
  }

  /** Here, of what a list has, with its fields in braces; null where it leads nowhere. */
  private String address(Register of, Section section, Register register, String id) {
    if (register == null) {
      Attached attached = of.attached();
      return attached != null
              && attached.name().equals(section.name())
              && me.hasOneOf(attached.roles())
          ? attachedAt(of, id, "{" + section.row() + "}")
          : null;
    }
    String address = register.address().replace("/{id}", "/{" + section.row() + "}");
    return register.isListed() ? address : address.replace("{" + register.within() + "}", id);
  }

  private static String attachedAt(Register of, String id, String file) {
    return "/" + of.name() + "/" + id + "/" + of.attached().name() + "/" + file;
  }

  /** Where the register itself has the same list. */
  private static String more(Register register, String path) {
    return register != null && path.startsWith(register.path() + "?")
        ? "/" + register.name() + path.substring(register.path().length())
        : null;
  }

  private List<Link> links(Register of, JsonNode object, String id) {
    List<Link> links = new ArrayList<>();
    if (of.name().equals("campaigns") && object.path("state").asText().equals("OPEN")) {
      links.add(new Link(word("link.answer"), "/campaigns/" + id + "/review"));
    }
    if (of.name().equals("assets")) {
      links.add(new Link(word("link.dependencies"), "/assets/" + id + "/dependencies"));
    }
    if (of.name().equals("campaigns") && object.path("state").asText().equals("OPEN")) {
      links.add(new Link(word("link.confirm"), "/campaigns/" + id + "/confirmations"));
    }
    if (List.of("rights", "service-accounts").contains(of.name())
        && me.hasOneOf(registers.named("campaigns").create().roles())) {
      String entitlement = object.path("entitlementId").asText("");
      links.add(
          new Link(
              word("link.review"),
              "/campaigns/new"
                  + (entitlement.isEmpty() ? "" : "?scope.entitlements=" + entitlement)));
    }
    if (of.name().equals("audit-plans")) {
      links.add(new Link(word("link.room"), "/audits/" + id));
    }
    if (of.name().equals("documents")) {
      Stream.of("pending", "current")
          .filter(object::hasNonNull)
          .forEach(
              version ->
                  links.add(
                      new Link(
                          word("link." + version),
                          "/my/documents/" + id + "/versions/" + object.path(version).asText())));
    }
    if (of.name().equals("disposals") && me.hasOneOf(of.attached().roles())) {
      object
          .path("media")
          .forEach(
              medium -> {
                String certificate = medium.path("sanitisation").path("certificate").asText("");
                if (!certificate.isEmpty()) {
                  links.add(
                      new Link(
                          word("link.evidence") + " " + medium.path("number").asText(),
                          attachedAt(of, id, Values.encoded(certificate))));
                }
              });
    }
    if (of.kind() != null && me.hasOneOf(registers.readersOfTimeline(of.kind()))) {
      links.add(new Link(word("link.timeline"), "/objects/" + of.kind() + "/" + id));
    }
    of.files().stream()
        .filter(file -> me.hasOneOf(file.roles()) && allowed.holds(file.when(), object))
        .map(
            file ->
                new Link(
                    word("link." + file.name()), "/" + of.name() + "/" + id + "/" + file.address()))
        .forEach(links::add);
    return links;
  }

  /**
   * @param actions each with what there is to choose from
   */
  private List<Form> forms(
      Register of,
      ObjectNode given,
      String version,
      Map<Action, Map<String, Map<String, String>>> actions,
      Sent sent) {
    return actions.entrySet().stream()
        .map(
            offered -> {
              Action action = offered.getKey();
              boolean isSent = sent != null && sent.action().equals(action);
              return new Form(
                  action.name(),
                  word("action." + action.name()),
                  to(of, given, action),
                  action.severe(),
                  inputs.fields(
                      action.inputs(),
                      isSent ? sent.typed() : Map.of(),
                      isSent ? sent.filled() : null,
                      offered.getValue()),
                  UUID.randomUUID().toString(),
                  version,
                  isSent);
            })
        .toList();
  }

  private static String to(Register of, ObjectNode given, Action action) {
    return Registers.filled(of.address(), given)
        .replaceFirst("(\\?|$)", "/" + action.name() + "$1");
  }

  /** What was typed is in its form or, where that is not allowed any more, beside the problem. */
  private static Failed failed(Sent sent, Collection<Action> actions) {
    if (sent == null || !actions.contains(sent.action())) {
      return sent == null
          ? null
          : new Failed(
              sent.failed().problem(),
              sent.failed().action(),
              sent.failed().said(),
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
      @RestForm String version,
      UriInfo uri) {
    Register of = me.requireReader(registers.named(register));
    ObjectNode given = given(of, id, uri);
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
                    ? send(of, given, wanted, filled, typed, key, version)
                    : again(
                        of, given, wanted, typed, filled, Problem.INCOMPLETE, ServiceProblem.NONE))
        .onFailure(RegisterResource::isNoRefusal)
        .recoverWithItem(
            failure -> {
              LOG.warnf("%s-service does not answer: %s", of.service(), failure);
              return stillTyped(of, given, wanted, typed, key, version, Problem.AWAY);
            });
  }

  /** The form alone, to be sent again as it is: nobody knows how the object stands. */
  private RestResponse<Object> stillTyped(
      Register of,
      ObjectNode given,
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
            to(of, given, action),
            action.severe(),
            inputs.fields(action.inputs(), typed, null),
            key,
            version,
            true);
    return page(
        Status.SERVICE_UNAVAILABLE,
        new Detail(
            listed(of),
            word("register." + of.name()),
            label,
            given.path("id").asText(),
            List.of(),
            List.of(),
            List.of(form),
            List.of(),
            null,
            null,
            new Failed(problem, label, ServiceProblem.NONE, List.of())));
  }

  static Map<String, String> typed(FormData form, Action action) {
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
      ObjectNode given,
      Action action,
      Filled filled,
      Map<String, String> typed,
      String key,
      String version) {
    Uni<ObjectNode> known =
        action.asksForTheObject()
            ? object(of, given).map(answer -> answer.body().<ObjectNode>deepCopy().setAll(given))
            : Uni.createFrom().item(given);
    return known
        .chain(
            object ->
                services.send(
                    action.method(),
                    action.service() == null ? of.service() : action.service(),
                    action.at(of.item(), object, filled.body()),
                    action.unversioned() ? null : version,
                    key,
                    action.body(object, filled.body())))
        .chain(
            answer -> {
              if (answer.isOk()) {
                return action.tells() == null
                    ? Uni.createFrom().item(done(of, given, action, answer))
                    : told(of, given, action, answer);
              }
              Problem problem = problem(answer);
              return problem == Problem.UNDER_WAY
                  ? Uni.createFrom()
                      .item(stillTyped(of, given, action, typed, key, version, problem))
                  : again(
                      of,
                      given,
                      action,
                      typed,
                      filled,
                      problem,
                      problem == Problem.TAKEN ? ServiceProblem.NONE : answer.problem());
            });
  }

  private static RestResponse<Object> done(
      Register of, ObjectNode given, Action action, Answer answer) {
    String receipt = answer.receipt() == null ? "" : "&receipt=" + Values.encoded(answer.receipt());
    String to =
        action.leads() == null
            ? Registers.filled(of.address(), given)
            : "/" + action.leads() + "/" + answer.body().path("id").asText();
    String and = to.contains("?") ? "&" : "?";
    return ResponseBuilder.<Object>seeOther(
            URI.create(to + and + "done=" + action.name() + receipt))
        .build();
  }

  /** The object with what the service tells once; sent again under its key it is told again. */
  private Uni<RestResponse<Object>> told(
      Register of, ObjectNode given, Action action, Answer answer) {
    UUID receipt = answer.receipt() == null ? null : UUID.fromString(answer.receipt());
    return object(of, given)
        .map(
            object -> {
              ObjectNode both = object.body().deepCopy();
              both.set(action.tells(), answer.body());
              return new Answer(object.status(), both, object.version(), null, null);
            })
        .chain(both -> shown(of, given, both, word("action." + action.name()), receipt, null))
        .map(shown -> page(Status.OK, shown));
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

  /** The object as it stands now, with why, and with what was typed. */
  private Uni<RestResponse<Object>> again(
      Register of,
      ObjectNode given,
      Action action,
      Map<String, String> typed,
      Filled filled,
      Problem problem,
      ServiceProblem said) {
    Failed failed = new Failed(problem, word("action." + action.name()), said, List.of());
    Sent sent = new Sent(action, typed, filled, failed);
    Uni<Detail> page =
        object(of, given).chain(answer -> shown(of, given, answer, null, null, sent));
    UUID id = UUID.fromString(given.path("id").asText());
    return orBare(page, bare(of, id, failed.action(), null, null, failed(sent, List.of())))
        .map(
            shown ->
                page(problem == Problem.CONFLICT ? Status.CONFLICT : Status.BAD_REQUEST, shown));
  }

  private String word(String key) {
    return DataWords.named(key, viewer.language());
  }

  static RestResponse<Object> page(Status status, TemplateInstance page) {
    return ResponseBuilder.<Object>create(status)
        .entity(page)
        .type(MediaType.TEXT_HTML_TYPE)
        .build();
  }
}
