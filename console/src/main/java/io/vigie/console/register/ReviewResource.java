package io.vigie.console.register;

import java.net.URI;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

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

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import io.vigie.console.page.Roles;
import io.vigie.console.page.ServiceProblem;
import io.vigie.console.page.Viewer;
import io.vigie.console.register.Names.Found;
import io.vigie.console.register.Register.Input;
import io.vigie.console.register.RegisterResource.Problem;
import io.vigie.console.register.Services.Answer;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jboss.resteasy.reactive.RestResponse.Status;
import org.jboss.resteasy.reactive.server.core.CurrentRequestManager;
import org.jboss.resteasy.reactive.server.core.multipart.FormData;

/** What a review campaign asks who is there, all on a page, answered with one button. */
@Path("/campaigns/{id}/review")
@RolesAllowed(Roles.STAFF)
@Produces(MediaType.TEXT_HTML)
public class ReviewResource {

  /** How an item can be answered here. */
  private static final List<String> VERDICTS = List.of("CERTIFY", "REDUCE", "REVOKE", "DELEGATE");

  /** Who is to say instead, by a name. */
  private static final Input DELEGATE = new Input("delegate", "person", null, true, 0, null, null);

  private static final Pattern LINE = Pattern.compile("decisions\\[(\\d+)]\\.?(.*)");

  /** Of items that have no reviewer of their own, any of them answers. */
  private static final String ACCESS_MANAGERS = "access-managers";

  private static final List<String> ACCESS_MANAGER = List.of("access-manager");

  /**
   * What somebody typed about an item.
   *
   * @param version and {@code what}, and {@code who} has it, as the page showed them
   * @param decision empty where they leave it open
   * @param until the last day, of a reduction
   * @param delegate who is to say instead, by a name or an id
   */
  record Given(
      String version,
      String what,
      String who,
      String decision,
      String reason,
      String until,
      String delegate) {

    static final Given NOTHING = new Given("", "", "", "", "", "", "");

    boolean isAnswer() {
      return VERDICTS.contains(decision);
    }
  }

  /**
   * What is wrong.
   *
   * @param field of the answer, as {@code until}; empty where it is none of them alone
   * @param isTheirs whether these are the service's own words
   */
  record Wrong(String field, String text, boolean isTheirs) {}

  /**
   * Which items of a campaign.
   *
   * @param after the last that was seen; null for the first page
   * @param isShared whether those that any access manager answers, in place of one's own
   */
  private record Place(UUID campaign, UUID after, boolean isShared) {

    String whose() {
      return isShared ? ACCESS_MANAGERS : null;
    }

    String path() {
      return "/v1/campaigns/" + campaign;
    }

    String items() {
      return path()
          + "/items?reviewer="
          + (isShared ? ACCESS_MANAGERS : "me")
          + "&state=PENDING"
          + (after == null ? "" : "&after=" + after);
    }
  }

  /**
   * What a form says.
   *
   * @param problems what is wrong with which item's answer, by its id
   * @param several who may be meant by an item's delegate, by its id
   * @param asked the items that are answered, in the order of {@code decisions}
   */
  private record Sheet(
      Map<String, Given> given,
      Map<String, Wrong> problems,
      Map<String, List<Found>> several,
      List<String> asked,
      ArrayNode decisions) {

    static Sheet of(Map<String, Given> given) {
      return new Sheet(
          given,
          new HashMap<>(),
          new HashMap<>(),
          new ArrayList<>(),
          JsonNodeFactory.instance.arrayNode());
    }

    Sheet with(Map<String, Wrong> told) {
      return new Sheet(given, told, several, asked, decisions);
    }
  }

  /**
   * A right, an account of a program or an access to a client's data that is asked about.
   *
   * @param what it is called
   * @param facts what helps to answer
   * @param needsReason whether an answer says why
   * @param several who may be meant by who is to say instead
   * @param problem what is wrong with the answer; null for nothing
   */
  record Question(
      String id,
      String version,
      String what,
      String who,
      List<Values.Line> facts,
      boolean needsReason,
      Given given,
      List<Found> several,
      Wrong problem) {

    static Question of(String id, Given given, Wrong problem) {
      return new Question(
          id,
          given.version(),
          given.what(),
          given.who(),
          List.of(),
          false,
          given,
          List.of(),
          problem);
    }

    public boolean isWrong(String field) {
      return problem != null && problem.field().equals(field);
    }
  }

  /**
   * @param gone what was answered just now and is not asked any more
   * @param key made with the form: sent twice, it is taken once
   * @param isManager whether there are items that the viewer shares with others
   * @param whose {@code access-managers} on the page of those; null on that of one's own
   * @param after what this page begins after, and {@code next} the next one; null where there is
   *     none
   * @param answered how many were answered just now; null for none
   * @param problem null for a page that nothing was sent to
   * @param missing what it was sent without; null where what is wrong is told of each, or nothing
   *     is
   * @param refused why nothing was taken, by the service
   */
  record Review(
      String id,
      String name,
      List<Question> questions,
      List<Question> gone,
      String key,
      boolean isManager,
      String whose,
      UUID after,
      String next,
      Long answered,
      Problem problem,
      String missing,
      ServiceProblem refused)
      implements TemplateInstance {}

  /** What helps to answer. */
  private static final List<String> FACTS =
      List.of(
          "asset",
          "type",
          "sensitivity",
          "ground",
          "reason",
          "validUntil",
          "lastCertifiedAt",
          "lastSignInAt",
          "unused");

  private static final Logger LOG = Logger.getLogger(ReviewResource.class);

  private final Services services;
  private final Reading reading;
  private final Inputs inputs;
  private final Me me;
  private final Viewer viewer;

  ReviewResource(Services services, Reading reading, Inputs inputs, Me me, Viewer viewer) {
    this.services = services;
    this.reading = reading;
    this.inputs = inputs;
    this.me = me;
    this.viewer = viewer;
  }

  /**
   * What waits for an answer of who is there.
   *
   * @param answered how many they answered just now
   * @param after the last that was seen; null for the first page
   * @param whose {@code access-managers} for what waits for any of them, of whom the caller is one
   */
  @GET
  public Uni<TemplateInstance> review(
      @RestPath UUID id, @RestQuery Long answered, @RestQuery UUID after, @RestQuery String whose) {
    return page(place(id, after, whose), answered, Sheet.of(Map.of()), null, ServiceProblem.NONE)
        .map(page -> page);
  }

  private Place place(UUID campaign, UUID after, String whose) {
    boolean isShared = ACCESS_MANAGERS.equals(whose);
    if (isShared && !me.hasOneOf(ACCESS_MANAGER)) {
      throw new ForbiddenException();
    }
    return new Place(campaign, after, isShared);
  }

  private Uni<Review> page(
      Place place, Long answered, Sheet sheet, Problem problem, ServiceProblem refused) {
    return Uni.combine()
        .all()
        .unis(
            services.get("access", place.path()).map(ReviewResource::found),
            services.get("access", place.items()).map(ReviewResource::found))
        .asTuple()
        .chain(
            both -> {
              List<JsonNode> items = both.getItem2().items();
              return reading
                  .ids(null)
                  .in(items, FACTS)
                  .named()
                  .map(
                      values ->
                          new Review(
                              place.campaign().toString(),
                              both.getItem1().body().path("name").asText(),
                              items.stream().map(item -> question(values, item, sheet)).toList(),
                              gone(items, sheet),
                              UUID.randomUUID().toString(),
                              me.hasOneOf(ACCESS_MANAGER),
                              place.whose(),
                              place.after(),
                              both.getItem2().next(),
                              answered,
                              problem,
                              problem == Problem.INCOMPLETE && sheet.problems().isEmpty()
                                  ? word("no-answer")
                                  : null,
                              refused));
            });
  }

  static Answer found(Answer answer) {
    if (answer.status() == 403) {
      throw new ForbiddenException();
    }
    if (answer.status() == 404) {
      throw new NotFoundException();
    }
    if (!answer.isOk()) {
      throw new ServiceUnavailableException();
    }
    return answer;
  }

  /** Somebody else answered it, or it ended: what was typed about it is told for the last time. */
  private static List<Question> gone(List<JsonNode> items, Sheet sheet) {
    Set<String> asked =
        items.stream().map(item -> item.path("id").asText()).collect(Collectors.toSet());
    return sheet.given().entrySet().stream()
        .filter(each -> each.getValue().isAnswer() && !asked.contains(each.getKey()))
        .map(
            each ->
                Question.of(each.getKey(), each.getValue(), sheet.problems().get(each.getKey())))
        .toList();
  }

  private Question question(Values values, JsonNode item, Sheet sheet) {
    ObjectNode facts = JsonNodeFactory.instance.objectNode();
    for (String name : FACTS) {
      if (item.has(name)) {
        facts.set(name, item.path(name));
      }
    }
    String id = item.path("id").asText();
    String sensitivity = item.path("sensitivity").asText();
    return new Question(
        id,
        item.path("version").asText(),
        item.path("name").asText(),
        values.title(item, List.of("givenName", "familyName")),
        values.lines(facts),
        sensitivity.equals("SENSITIVE") || sensitivity.equals("PRIVILEGED"),
        sheet.given().getOrDefault(id, Given.NOTHING),
        sheet.several().getOrDefault(id, List.of()),
        sheet.problems().get(id));
  }

  /** Takes all answers of a page, or none, and says what is wrong with which. */
  @POST
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Uni<RestResponse<Object>> answer(
      @RestPath UUID id,
      @RestForm String key,
      @RestForm UUID after,
      @RestForm String whose,
      @RestForm List<String> item) {
    Place place = place(id, after, whose);
    FormData form = CurrentRequestManager.get().getFormData();
    Map<String, Given> given = new LinkedHashMap<>();
    if (item != null) {
      item.forEach(each -> given.put(each, given(form, each)));
    }
    String name = typed(form, "name");
    return sheet(given)
        .chain(sheet -> take(place, name, key, sheet))
        .onFailure(RegisterResource::isNoRefusal)
        .recoverWithItem(
            failure -> {
              LOG.warnf("access-service takes no answers: %s", failure);
              return stillTyped(place, name, key, given, Problem.AWAY);
            });
  }

  private Uni<Sheet> sheet(Map<String, Given> given) {
    Sheet sheet = Sheet.of(given);
    List<Uni<Void>> sought = new ArrayList<>();
    given.forEach(
        (item, answer) -> {
          if (answer.isAnswer()) {
            ObjectNode line = line(item, answer);
            if (line == null) {
              sheet.problems().put(item, ours("until", word("until")));
            } else {
              sheet.asked().add(item);
              sheet.decisions().add(line);
              if (answer.decision().equals("DELEGATE")) {
                sought.add(delegate(sheet, item, line));
              }
            }
          }
        });
    return sought.isEmpty()
        ? Uni.createFrom().item(sheet)
        : Uni.join().all(sought).andFailFast().replaceWith(sheet);
  }

  private String word(String problem) {
    return DataWords.of("problem." + problem, viewer.language());
  }

  private static Wrong ours(String field, String text) {
    return new Wrong(field, text, false);
  }

  private Uni<Void> delegate(Sheet sheet, String item, ObjectNode line) {
    return inputs
        .fill(List.of(DELEGATE), Map.of("delegate", sheet.given().get(item).delegate()))
        .invoke(
            filled -> {
              if (filled.isWhole()) {
                line.set("delegate", filled.body().get("delegate"));
              } else {
                sheet.problems().put(item, ours("delegate", filled.problems().get("delegate")));
                sheet.several().putAll(of(item, filled.several().get("delegate")));
              }
            })
        .replaceWithVoid();
  }

  private static Map<String, List<Found>> of(String item, List<Found> several) {
    return several == null ? Map.of() : Map.of(item, several);
  }

  private static Given given(FormData form, String item) {
    return new Given(
        typed(form, "version." + item),
        typed(form, "what." + item),
        typed(form, "who." + item),
        typed(form, "decision." + item),
        typed(form, "reason." + item),
        typed(form, "until." + item),
        typed(form, "delegate." + item));
  }

  private Uni<RestResponse<Object>> take(Place place, String name, String key, Sheet sheet) {
    if (!sheet.problems().isEmpty() || sheet.decisions().isEmpty()) {
      return again(place, sheet, Problem.INCOMPLETE, ServiceProblem.NONE, Status.BAD_REQUEST);
    }
    return services
        .send(
            "POST",
            "access",
            place.path() + "/decisions",
            null,
            key,
            JsonNodeFactory.instance.objectNode().set("decisions", sheet.decisions()))
        .chain(
            answer ->
                answer.isOk()
                    ? Uni.createFrom().item(answered(place, sheet.asked().size()))
                    : refused(place, name, key, sheet, answer));
  }

  private Uni<RestResponse<Object>> refused(
      Place place, String name, String key, Sheet sheet, Answer answer) {
    Problem problem = RegisterResource.problem(answer);
    if (problem == Problem.UNDER_WAY) {
      return Uni.createFrom().item(stillTyped(place, name, key, sheet.given(), problem));
    }
    return again(
        place,
        sheet.with(problems(answer, sheet.asked())),
        problem,
        problem == Problem.TAKEN ? ServiceProblem.NONE : answer.problem().withoutFields(),
        answer.status() == 409 || answer.status() == 412 ? Status.CONFLICT : Status.BAD_REQUEST);
  }

  /** The form as it was sent, to be sent again under its key. */
  private RestResponse<Object> stillTyped(
      Place place, String name, String key, Map<String, Given> given, Problem problem) {
    return html(
        Status.SERVICE_UNAVAILABLE,
        new Review(
            place.campaign().toString(),
            name,
            given.entrySet().stream()
                .map(each -> Question.of(each.getKey(), each.getValue(), null))
                .toList(),
            List.of(),
            key,
            me.hasOneOf(ACCESS_MANAGER),
            place.whose(),
            place.after(),
            null,
            null,
            problem,
            null,
            ServiceProblem.NONE));
  }

  private static String typed(FormData form, String name) {
    var value = form.getLast(name);
    return value == null || value.isFileItem()
        ? ""
        : value.getValue().replace("\r\n", "\n").strip();
  }

  /** Null for a reduction without a day. */
  private ObjectNode line(String item, Given answer) {
    ObjectNode line = JsonNodeFactory.instance.objectNode();
    line.put("item", item);
    line.put(
        "version", answer.version().matches("\\d{1,18}") ? Long.parseLong(answer.version()) : 0);
    line.put("decision", answer.decision());
    if (!answer.reason().isEmpty()) {
      line.put("reason", answer.reason());
    }
    if (answer.decision().equals("REDUCE")) {
      try {
        line.put(
            "until",
            LocalDate.parse(answer.until())
                .atTime(LocalTime.of(23, 59))
                .atZone(viewer.zone())
                .toInstant()
                .toString());
      } catch (DateTimeException e) {
        return null;
      }
    }
    return line;
  }

  private static Map<String, Wrong> problems(Answer answer, List<String> asked) {
    Map<String, Wrong> problems = new HashMap<>();
    answer
        .body()
        .path("errors")
        .forEach(
            error -> {
              Matcher line = LINE.matcher(error.path("field").asText());
              if (line.matches() && Integer.parseInt(line.group(1)) < asked.size()) {
                problems.put(
                    asked.get(Integer.parseInt(line.group(1))),
                    new Wrong(line.group(2), error.path("message").asText(), true));
              }
            });
    return problems;
  }

  private static RestResponse<Object> answered(Place place, int number) {
    String whose = place.isShared() ? "&whose=" + ACCESS_MANAGERS : "";
    return ResponseBuilder.<Object>seeOther(
            URI.create("/campaigns/" + place.campaign() + "/review?answered=" + number + whose))
        .build();
  }

  private Uni<RestResponse<Object>> again(
      Place place, Sheet sheet, Problem problem, ServiceProblem refused, Status status) {
    return page(place, null, sheet, problem, refused).map(page -> html(status, page));
  }

  private static RestResponse<Object> html(Status status, Review page) {
    return ResponseBuilder.<Object>create(status)
        .entity(page)
        .type(MediaType.TEXT_HTML_TYPE)
        .build();
  }
}
