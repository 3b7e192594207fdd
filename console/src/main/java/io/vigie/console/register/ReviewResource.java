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
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import io.vigie.console.page.Roles;
import io.vigie.console.page.Viewer;
import io.vigie.console.register.Names.Found;
import io.vigie.console.register.Register.Input;
import io.vigie.console.register.Services.Answer;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.ClientWebApplicationException;
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
  private static final Input DELEGATE = new Input("delegate", "person", null, true, 0, null);

  private static final Pattern LINE = Pattern.compile("decisions\\[(\\d+)].*");

  /**
   * What somebody typed about an item.
   *
   * @param decision empty where they leave it open
   * @param until the last day, of a reduction
   * @param delegate who is to say instead, by a name or an id
   */
  record Given(String decision, String reason, String until, String delegate) {

    static final Given NOTHING = new Given("", "", "", "");
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
      Map<String, String> problems,
      Map<String, List<Found>> several,
      List<String> asked,
      ArrayNode decisions) {

    static Sheet empty() {
      return new Sheet(
          new LinkedHashMap<>(),
          new HashMap<>(),
          new HashMap<>(),
          new ArrayList<>(),
          JsonNodeFactory.instance.arrayNode());
    }

    Sheet with(Map<String, String> told) {
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
      String problem) {}

  /**
   * @param key made with the form: sent twice, it is taken once
   * @param after what this page begins after, and {@code next} the next one; null where there is
   *     none
   * @param answered how many were answered just now; null for none
   * @param refused why nothing was taken; empty where nothing was refused
   * @param isAway whether nobody knows if it was taken
   */
  record Review(
      String id,
      String name,
      List<Question> questions,
      String key,
      UUID after,
      String next,
      Long answered,
      List<String> refused,
      boolean isAway)
      implements TemplateInstance {}

  private static final Logger LOG = Logger.getLogger(ReviewResource.class);

  private final Services services;
  private final Reading reading;
  private final Inputs inputs;
  private final Viewer viewer;

  ReviewResource(Services services, Reading reading, Inputs inputs, Viewer viewer) {
    this.services = services;
    this.reading = reading;
    this.inputs = inputs;
    this.viewer = viewer;
  }

  /**
   * What waits for an answer of who is there.
   *
   * @param answered how many they answered just now
   * @param after the last that was seen; null for the first page
   */
  @GET
  public Uni<TemplateInstance> review(
      @RestPath UUID id, @RestQuery Long answered, @RestQuery UUID after) {
    return page(id, after, answered, Sheet.empty(), List.of()).map(page -> page);
  }

  private Uni<Review> page(UUID id, UUID after, Long answered, Sheet sheet, List<String> refused) {
    String path = "/v1/campaigns/" + id;
    return Uni.combine()
        .all()
        .unis(
            services.get("access", path).map(ReviewResource::found),
            services
                .get(
                    "access",
                    path
                        + "/items?reviewer=me&state=PENDING"
                        + (after == null ? "" : "&after=" + after))
                .map(ReviewResource::found))
        .asTuple()
        .chain(
            both -> {
              List<JsonNode> items = both.getItem2().items();
              return reading
                  .of(items)
                  .map(
                      values ->
                          new Review(
                              id.toString(),
                              both.getItem1().body().path("name").asText(),
                              items.stream().map(item -> question(values, item, sheet)).toList(),
                              UUID.randomUUID().toString(),
                              after,
                              both.getItem2().next(),
                              answered,
                              refused,
                              false));
            });
  }

  private static Answer found(Answer answer) {
    if (!answer.isOk()) {
      boolean isTold = answer.status() == 403 || answer.status() == 404;
      throw new WebApplicationException(isTold ? answer.status() : 503);
    }
    return answer;
  }

  private Question question(Values values, JsonNode item, Sheet sheet) {
    ObjectNode facts = JsonNodeFactory.instance.objectNode();
    for (String name :
        List.of(
            "asset",
            "type",
            "sensitivity",
            "ground",
            "reason",
            "validUntil",
            "lastCertifiedAt",
            "lastSignInAt",
            "unused")) {
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
      @RestPath UUID id, @RestForm String key, @RestForm UUID after, @RestForm List<String> item) {
    FormData form = CurrentRequestManager.get().getFormData();
    List<String> items = item == null ? List.of() : item;
    return sheet(form, items)
        .chain(sheet -> take(id, key, after, sheet))
        .onFailure(ReviewResource::isAway)
        .recoverWithItem(
            failure -> {
              LOG.warnf("access-service takes no answers: %s", failure);
              return html(Status.SERVICE_UNAVAILABLE, stillTyped(id, key, after, form, items));
            });
  }

  private Uni<Sheet> sheet(FormData form, List<String> items) {
    Sheet sheet = Sheet.empty();
    List<Uni<Void>> sought = new ArrayList<>();
    for (String each : items) {
      Given answer = given(form, each);
      sheet.given().put(each, answer);
      if (VERDICTS.contains(answer.decision())) {
        ObjectNode line = line(each, typed(form, "version." + each), answer);
        if (line == null) {
          sheet.problems().put(each, DataWords.of("problem.until", viewer.language()));
        } else {
          sheet.asked().add(each);
          sheet.decisions().add(line);
          if (answer.decision().equals("DELEGATE")) {
            sought.add(delegate(sheet, each, line));
          }
        }
      }
    }
    return sought.isEmpty()
        ? Uni.createFrom().item(sheet)
        : Uni.join().all(sought).andFailFast().replaceWith(sheet);
  }

  private Uni<Void> delegate(Sheet sheet, String item, ObjectNode line) {
    return inputs
        .fill(List.of(DELEGATE), Map.of("delegate", sheet.given().get(item).delegate()))
        .invoke(
            filled -> {
              if (filled.isWhole()) {
                line.set("delegate", filled.body().get("delegate"));
              } else {
                sheet.problems().put(item, filled.problems().get("delegate"));
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
        typed(form, "decision." + item),
        typed(form, "reason." + item),
        typed(form, "until." + item),
        typed(form, "delegate." + item));
  }

  private Uni<RestResponse<Object>> take(UUID id, String key, UUID after, Sheet sheet) {
    if (!sheet.problems().isEmpty() || sheet.decisions().isEmpty()) {
      List<String> why =
          sheet.problems().isEmpty()
              ? List.of(DataWords.of("problem.no-answer", viewer.language()))
              : List.of();
      return again(id, after, sheet, why, Status.BAD_REQUEST);
    }
    return services
        .send(
            "POST",
            "access",
            "/v1/campaigns/" + id + "/decisions",
            null,
            key,
            JsonNodeFactory.instance.objectNode().set("decisions", sheet.decisions()))
        .chain(
            answer ->
                answer.isOk()
                    ? Uni.createFrom().item(answered(id, sheet.asked().size()))
                    : again(
                        id,
                        after,
                        sheet.with(problems(answer, sheet.asked())),
                        answer.body().has("detail")
                            ? List.of(answer.body().path("detail").asText())
                            : RegisterResource.words(answer),
                        answer.status() == 409 || answer.status() == 412
                            ? Status.CONFLICT
                            : Status.BAD_REQUEST));
  }

  private static boolean isAway(Throwable failure) {
    return failure instanceof ClientWebApplicationException
        || !(failure instanceof WebApplicationException);
  }

  /** The form as it was sent, to be sent again under its key. */
  private static Review stillTyped(
      UUID id, String key, UUID after, FormData form, List<String> items) {
    return new Review(
        id.toString(),
        typed(form, "name"),
        items.stream()
            .map(
                each ->
                    new Question(
                        each,
                        typed(form, "version." + each),
                        typed(form, "what." + each),
                        typed(form, "who." + each),
                        List.of(),
                        false,
                        given(form, each),
                        List.of(),
                        null))
            .toList(),
        key,
        after,
        null,
        null,
        List.of(),
        true);
  }

  private static String typed(FormData form, String name) {
    var value = form.getLast(name);
    return value == null || value.isFileItem()
        ? ""
        : value.getValue().replace("\r\n", "\n").strip();
  }

  /** Null for a reduction without a day. */
  private ObjectNode line(String item, String version, Given answer) {
    ObjectNode line = JsonNodeFactory.instance.objectNode();
    line.put("item", item);
    line.put("version", version.matches("\\d{1,18}") ? Long.parseLong(version) : 0);
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

  private static Map<String, String> problems(Answer answer, List<String> asked) {
    Map<String, String> problems = new HashMap<>();
    answer
        .body()
        .path("errors")
        .forEach(
            error -> {
              Matcher line = LINE.matcher(error.path("field").asText());
              if (line.matches() && Integer.parseInt(line.group(1)) < asked.size()) {
                problems.put(
                    asked.get(Integer.parseInt(line.group(1))), error.path("message").asText());
              }
            });
    return problems;
  }

  private static RestResponse<Object> answered(UUID id, int number) {
    return ResponseBuilder.<Object>seeOther(
            URI.create("/campaigns/" + id + "/review?answered=" + number))
        .build();
  }

  private Uni<RestResponse<Object>> again(
      UUID id, UUID after, Sheet sheet, List<String> refused, Status status) {
    return page(id, after, null, sheet, refused).map(page -> html(status, page));
  }

  private static RestResponse<Object> html(Status status, Review page) {
    return ResponseBuilder.<Object>create(status)
        .entity(page)
        .type(MediaType.TEXT_HTML_TYPE)
        .build();
  }
}
