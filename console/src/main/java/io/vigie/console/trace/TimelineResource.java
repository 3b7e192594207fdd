package io.vigie.console.trace;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import io.vigie.console.page.Roles;
import io.vigie.console.register.Names;
import io.vigie.console.service.LogService;
import io.vigie.console.service.LogService.Happening;
import org.eclipse.microprofile.rest.client.inject.RestClient;
import org.jboss.resteasy.reactive.RestPath;

/** Whatever happened to an object, in all services: where mails and labels can lead. */
@Path("/objects/{kind}/{id}")
@RolesAllowed({Roles.STAFF, Roles.AUDITOR, Roles.THIRD_PARTY_AUDITOR})
@Produces(MediaType.TEXT_HTML)
public class TimelineResource {

  /** A member of the object's state, and what it became; null where it went. */
  record Change(String name, String value) {}

  /**
   * @param isOther whether it happened to another object, which refers to this one
   */
  record Event(Line line, boolean isOther, List<Change> changes) {}

  /**
   * @param object as {@code <kind>/<id>}
   * @param names of those who did it, by account, as far as they are told
   * @param cursor where the page was asked to begin
   */
  record Timeline(
      String object,
      String kind,
      UUID id,
      List<Event> events,
      Map<String, String> names,
      Cursor cursor,
      Pages pages)
      implements TemplateInstance {}

  /** Letters of a value in a list; the entry has all of it. */
  private static final int MOST = 300;

  private final LogService log;
  private final Names names;

  TimelineResource(@RestClient LogService log, Names names) {
    this.log = log;
    this.names = names;
  }

  /** Newest first. Who may read about this kind of object is for audit-service to say. */
  @GET
  public Uni<TemplateInstance> timeline(
      @RestPath String kind, @RestPath UUID id, @BeanParam Cursor cursor) {
    if (!kind.matches("[a-z][a-z-]{0,49}")) {
      throw new NotFoundException();
    }
    String object = kind + "/" + id;
    Map<String, String> asked = new HashMap<>(Map.of("order", "desc"));
    cursor.in(asked);
    return log.timeline(kind, id, asked)
        .chain(
            answer -> {
              List<Happening> all = answer.getEntity().items();
              return names
                  .ofPeople(all.stream().map(Happening::actor))
                  .map(
                      called ->
                          new Timeline(
                              object,
                              kind,
                              id,
                              all.stream().map(each -> event(each, object)).toList(),
                              called,
                              cursor,
                              Pages.of(answer, "/objects/" + object, "")));
            });
  }

  private static Event event(Happening happening, String object) {
    return new Event(
        Line.of(happening),
        !object.equals(happening.subject()),
        happening.changes() == null ? List.of() : changes(happening.changes()));
  }

  private static List<Change> changes(JsonNode patch) {
    List<Change> changes = new ArrayList<>();
    patch
        .properties()
        .forEach(each -> changes.add(new Change(each.getKey(), value(each.getValue()))));
    return changes;
  }

  private static String value(JsonNode value) {
    if (value.isNull()) {
      return null;
    }
    String text = value.isTextual() ? value.textValue() : value.toString();
    return text.length() <= MOST ? text : text.substring(0, MOST) + "…";
  }
}
