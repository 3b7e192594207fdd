package io.vigie.console.register;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

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
import io.vigie.console.register.Parts.Part;
import io.vigie.console.register.Parts.Wanted;
import io.vigie.console.register.Register.Action;
import io.vigie.console.register.Register.Input;
import io.vigie.console.register.Register.Section;
import io.vigie.console.register.Services.Answer;
import io.vigie.console.register.Values.Line;
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

  /** A register in a path. */
  static final String REGISTER = "{register:(?:" + Registers.NAMES + ")}";

  private static final String PREFIX = "f.";

  private final Registers registers;
  private final Services services;
  private final Parts parts;
  private final Inputs inputs;
  private final Allowed allowed;
  private final Me me;
  private final Viewer viewer;

  RegisterResource(
      Registers registers,
      Services services,
      Parts parts,
      Inputs inputs,
      Allowed allowed,
      Me me,
      Viewer viewer) {
    this.registers = registers;
    this.services = services;
    this.parts = parts;
    this.inputs = inputs;
    this.allowed = allowed;
    this.me = me;
    this.viewer = viewer;
  }

  static boolean isNoRefusal(Throwable failure) {
    return !(failure instanceof ForbiddenException || failure instanceof NotFoundException);
  }

  @GET
  @Path(REGISTER + "/{id}/report.csv")
  @Produces("text/csv")
  public RestMulti<byte[]> report(@RestPath String register, @RestPath UUID id) {
    Register of = me.requireReader(registers.named(register));
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

  static RestMulti<byte[]> csv(String name, Multi<byte[]> data) {
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
    Register of = me.requireReader(registers.named(register));
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
    return Uni.combine()
        .all()
        .unis(parts.read(object, wanted(of, object)), allowed.of(of, object))
        .asTuple()
        .map(
            both -> {
              Values values = both.getItem1().values();
              return new Detail(
                  of.name(),
                  word("register." + of.name()),
                  values.title(object, of.title()),
                  object.path("id").asText(),
                  values.lines(object),
                  both.getItem1().parts(),
                  forms(of, object, answer.version(), both.getItem2(), sent),
                  links(of, object),
                  done,
                  receipt,
                  failed(sent, both.getItem2()));
            });
  }

  private List<Wanted> wanted(Register of, JsonNode object) {
    return of.sections().stream()
        .filter(section -> me.hasOneOf(section.roles()))
        .filter(section -> allowed.holds(section.when(), object))
        .map(section -> wanted(section, object))
        .toList();
  }

  private Wanted wanted(Section section, JsonNode object) {
    String path = Registers.filled(section.path(), object);
    Register register = registers.named(section.register());
    return new Wanted(
        section.name(),
        section.service(),
        path,
        section.columns(),
        section.curves(),
        register == null ? null : register.address().replace("/{id}", "/{" + section.row() + "}"),
        path == null ? null : more(register, path));
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
    Register of = me.requireReader(registers.named(register));
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
