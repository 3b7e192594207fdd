package io.vigie.audit.erasure;

import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;

import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.mutiny.Uni;
import io.vigie.audit.payload.PersonKeys.KeyId;
import io.vigie.kernel.Actor;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;
import io.vigie.kernel.web.Answer;
import io.vigie.kernel.web.Command;
import io.vigie.kernel.web.Filter;
import io.vigie.kernel.web.Paging;
import io.vigie.kernel.web.Read;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

import static io.vigie.kernel.security.Roles.AUDITOR;
import static io.vigie.kernel.security.Roles.CISO;

/** Erasures of what the log holds of people. */
@Path("/v1/erasures")
public class ErasureResource {

  /**
   * @param ids of one person: of access-service, of their account, or both. Each finds the others
   *     that their own events told, unless they were somebody else's as well
   * @param reason why; it stays in the log for ever, so it is to be told without names
   * @param reference the request that this answers
   */
  record Order(
      @NotEmpty @Size(max = 20) List<@NotBlank @Size(max = 200) String> ids,
      @NotBlank @Size(max = 2_000) String reason,
      @Size(max = 200) String legalBasis,
      @NotBlank @Size(max = 200) String reference) {}

  /**
   * @param ids all ids that were found
   * @param event the event by which access-service told that it forgot the person, where that is
   *     why
   * @param keys how many keys it destroys, those that were destroyed before included
   * @param payloads how many payloads are unreadable without them; null until it is done
   * @param outOfReach what this does not erase
   */
  @Schema(name = "Erasure")
  record View(
      UUID id,
      List<String> ids,
      String reason,
      String legalBasis,
      String reference,
      String orderedBy,
      Instant orderedAt,
      UUID event,
      int keys,
      Long payloads,
      Instant doneAt,
      List<String> outOfReach) {

    static View of(Erasure erasure) {
      return new View(
          erasure.id(),
          erasure.ids(),
          erasure.reason(),
          erasure.legalBasis(),
          erasure.reference(),
          erasure.orderedBy(),
          erasure.orderedAt(),
          erasure.event(),
          erasure.keys().size(),
          erasure.payloads(),
          erasure.doneAt(),
          OUT_OF_REACH);
    }
  }

  private static final List<String> OUT_OF_REACH =
      List.of(
          "Records on topics, until they expire after 30 days.",
          "Copies that a SIEM holds, and exports that were taken.",
          "Records that were not understood: they are kept as they came.",
          "Ids, in entries and in payloads about others: access-service alone says whose they are.",
          "What is logged about the person after the order: order once more. Of whom access-service"
              + " forgot, that is done by itself within a day.");

  private static final Logger LOG = Logger.getLogger(ErasureResource.class);

  private final ErasureOrders orders;
  private final KeyDestruction destruction;
  private final Actor actor;
  private final Clock clock;

  ErasureResource(ErasureOrders orders, KeyDestruction destruction, Actor actor, Clock clock) {
    this.orders = orders;
    this.destruction = destruction;
    this.actor = actor;
    this.clock = clock;
  }

  /**
   * Makes unreadable for ever what the log holds of a person until now. 202 when the order stands
   * but could not be carried out at once: that is tried again until it is done.
   */
  @POST
  @RolesAllowed(CISO)
  @Command(inSteps = true)
  @APIResponse(
      responseCode = "201",
      description = "The keys are destroyed",
      content =
          @Content(mediaType = "application/json", schema = @Schema(implementation = View.class)))
  @APIResponse(
      responseCode = "202",
      description = "Ordered; it will be carried out",
      content =
          @Content(mediaType = "application/json", schema = @Schema(implementation = View.class)))
  public Uni<RestResponse<View>> order(@NotNull @Valid Order body) {
    body.ids().forEach(ErasureResource::requirePerson);
    String orderedBy = actor.id();
    return orders
        .allIds(body.ids())
        .chain(ids -> VertxContextSupport.executeBlocking(() -> order(body, ids, orderedBy)))
        .chain(orders::place)
        .chain(
            ordered ->
                destruction
                    .carryOut(ordered)
                    .map(done -> answer(201, done))
                    .onFailure()
                    .invoke(e -> LOG.errorf(e, "erasure %s is tried again", ordered.id()))
                    .onFailure()
                    .recoverWithItem(() -> answer(202, ordered)));
  }

  private static void requirePerson(String id) {
    if (!ErasureOrders.isPerson(id)) {
      throw Problem.invalid(List.of(new FieldError("ids", "are ids of a person")));
    }
  }

  private Erasure order(Order body, List<String> ids, String orderedBy) {
    List<KeyId> all = orders.keysOf(ids);
    if (all.isEmpty()) {
      throw Problem.unprocessable(
          "nothing-to-erase", "The log has no payload about a person with any of these ids.");
    }
    return new Erasure(
        ids, all, body.reason(), body.legalBasis(), body.reference(), orderedBy, clock.instant());
  }

  private static RestResponse<View> answer(int status, Erasure erasure) {
    return ResponseBuilder.<View>create(status)
        .location(URI.create("/v1/erasures/" + erasure.id()))
        .entity(View.of(erasure))
        .build();
  }

  /**
   * Erasures in the order in which they were ordered.
   *
   * @param event the event by which access-service told that it forgot somebody
   */
  @GET
  @RolesAllowed({CISO, AUDITOR})
  @Read
  public Uni<RestResponse<Answer.Page<View>>> list(
      @QueryParam("event") UUID event, @Valid @BeanParam Paging paging) {
    Filter filter = new Filter().equal("event", event).after(paging);
    return Erasure.<Erasure>find(filter.query(), filter.parameters())
        .range(0, paging.probe() - 1)
        .list()
        .map(erasures -> paging.page(erasures, Erasure::id, View::of));
  }

  @GET
  @Path("{id}")
  @RolesAllowed({CISO, AUDITOR})
  @Read
  public Uni<View> get(UUID id) {
    return Erasure.require(id).map(View::of);
  }
}
