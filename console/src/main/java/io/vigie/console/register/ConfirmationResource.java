package io.vigie.console.register;

import java.net.URI;
import java.util.List;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.ServiceUnavailableException;
import jakarta.ws.rs.core.MediaType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import io.vigie.console.page.Roles;
import io.vigie.console.page.ServiceProblem;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jboss.resteasy.reactive.RestResponse.Status;

/** What a campaign revoked and no directory takes away: somebody says that it is gone. */
@Path("/campaigns/{id}/confirmations")
@RolesAllowed(Roles.STAFF)
@Produces(MediaType.TEXT_HTML)
public class ConfirmationResource {

  /**
   * A right, or the account of a program, that was revoked.
   *
   * @param what it is called
   * @param isTicked whether it was said to be gone just now, and that was not taken
   */
  record Revoked(String id, String who, String what, List<Values.Line> facts, boolean isTicked) {}

  /**
   * @param key made with the form: sent twice, it is taken once
   * @param after what this page begins after, and {@code next} the next one; null where there is
   *     none
   * @param done how many were confirmed just now; null for none
   * @param isNone whether it was sent without any
   * @param refused why nothing was taken; null where nothing was refused
   */
  record Confirmations(
      String id,
      String name,
      List<Revoked> revoked,
      String key,
      UUID after,
      String next,
      Long done,
      boolean isNone,
      ServiceProblem refused)
      implements TemplateInstance {}

  private static final List<String> FACTS = List.of("asset", "type");

  private final Services services;
  private final Reading reading;

  ConfirmationResource(Services services, Reading reading) {
    this.services = services;
    this.reading = reading;
  }

  /**
   * A page of what waits to be confirmed by who looks.
   *
   * @param done how many were confirmed just now
   */
  @GET
  public Uni<TemplateInstance> list(
      @RestPath UUID id, @RestQuery UUID after, @RestQuery Long done) {
    return page(id, after, done, null, null).map(page -> page);
  }

  /**
   * @param ticked null for a page that nothing was sent to
   */
  private Uni<Confirmations> page(
      UUID id, UUID after, Long done, List<String> ticked, ServiceProblem refused) {
    String campaign = "/v1/campaigns/" + id;
    String waiting = campaign + "/confirmations" + (after == null ? "" : "?after=" + after);
    return Uni.combine()
        .all()
        .unis(
            services.get("access", campaign).map(ReviewResource::found),
            services.get("access", waiting).map(ReviewResource::found))
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
                          new Confirmations(
                              id.toString(),
                              both.getItem1().body().path("name").asText(),
                              items.stream().map(item -> revoked(values, item, ticked)).toList(),
                              UUID.randomUUID().toString(),
                              after,
                              both.getItem2().next(),
                              done,
                              ticked != null && ticked.isEmpty(),
                              refused));
            });
  }

  private static Revoked revoked(Values values, JsonNode item, List<String> ticked) {
    ObjectNode facts = JsonNodeFactory.instance.objectNode();
    for (String name : FACTS) {
      if (item.has(name)) {
        facts.set(name, item.path(name));
      }
    }
    String id = item.path("id").asText();
    return new Revoked(
        id,
        values.title(item, List.of("givenName", "familyName")),
        item.path("name").asText(),
        values.lines(facts),
        ticked != null && ticked.contains(id));
  }

  /** Confirms what is ticked, all of it or nothing, and says what is wrong. */
  @POST
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Uni<RestResponse<Object>> confirm(
      @RestPath UUID id, @RestForm String key, @RestForm UUID after, @RestForm List<String> item) {
    List<String> ticked = item == null ? List.of() : item;
    if (ticked.isEmpty()) {
      return again(id, after, ticked, null);
    }
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ticked.forEach(body.putArray("items")::add);
    return services
        .send("POST", "access", "/v1/campaigns/" + id + "/confirmations", null, key, body)
        .onFailure(RegisterResource::isNoRefusal)
        .transform(failure -> new ServiceUnavailableException())
        .chain(
            answer ->
                answer.isOk()
                    ? Uni.createFrom().item(done(id, ticked.size()))
                    : again(id, after, ticked, answer.problem()));
  }

  private static RestResponse<Object> done(UUID id, int count) {
    return ResponseBuilder.<Object>seeOther(
            URI.create("/campaigns/" + id + "/confirmations?done=" + count))
        .build();
  }

  private Uni<RestResponse<Object>> again(
      UUID id, UUID after, List<String> ticked, ServiceProblem refused) {
    return page(id, after, null, ticked, refused)
        .map(page -> RegisterResource.page(Status.BAD_REQUEST, page));
  }
}
